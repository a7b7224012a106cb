"""What the allocator of Polars is told, tried in processes of their own."""

import os
import re
import subprocess
import sys

from samkorning.machine.allocator import SET_BY

PROGRAM = """
import os
from samkorning.machine.allocator import SET_BY, keep_freed_memory
keep_freed_memory()
os.environ[SET_BY] += ",stats_print:true"
import polars
"""


def options(**said: str) -> dict[str, str]:
    """What the allocator says at the end of a process that it goes by."""
    environment = {name: value for name, value in os.environ.items() if name != SET_BY} | said
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    return dict(re.findall(r"opt\.(\w+): (\S+)", done.stderr))


def test_memory_is_kept_for_what_comes_next() -> None:
    found = options()
    cores = str(len(os.sched_getaffinity(0)))
    assert (found["dirty_decay_ms"], found["oversize_threshold"], found["narenas"]) == ("5000", "0", cores)


def test_what_an_operator_sets_stands() -> None:
    found = options(**{SET_BY: "dirty_decay_ms:250"})
    assert (found["dirty_decay_ms"], found["oversize_threshold"] == "0") == ("250", False)
