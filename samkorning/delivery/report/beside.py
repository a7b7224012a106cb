"""The report's files made in a process beside, while something else is done: sealing the data files.

What belongs here: that process. What must not: what it makes (finishing). It gets pages, never a row, over a
pipe, and answers over another; nothing lies on disk. Where it fails, for whatever reason, the report is made here.
"""

import base64
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial

from samkorning.delivery.report.finishing import Draft, finished
from samkorning.delivery.report.printing import load

_PROGRAM = """
from samkorning.vault.hygiene import protect_process
protect_process()
from samkorning.delivery.report.beside import serve
serve()
"""
MANY_OBJECTS = 2_000_000
"""More new objects than most reports have at once: Python then looks for circles among them."""

Report = Callable[[], dict[str, bytes]]
"""The files of a report, by name; it waits for them, and gives the same each time."""


@contextmanager
def made_beside(drafts: Callable[[], Sequence[Draft]]) -> Iterator[Report]:
    """Begin to make the files of some pages, which are filled here while the process loads what prints them; it ends
    with the context at the latest.
    """
    process = _started()
    if process is None:
        yield partial(finished, drafts())
        return
    with process, ThreadPoolExecutor(1, thread_name_prefix="report") as talking:
        try:
            pages = drafts()
            asked = json.dumps([asdict(draft) for draft in pages]).encode()
            answer = talking.submit(process.communicate, asked)
            yield lambda: _answered(process, answer) or finished(pages)
        finally:
            process.kill()


def _started() -> "subprocess.Popen[bytes] | None":
    """The process; nothing where the system gives none. It has our environment: fonts are found by it."""
    command = [sys.executable, "-I", "-B", "-c", _PROGRAM]
    with suppress(OSError):
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/"
        )
    return None


def _answered(process: "subprocess.Popen[bytes]", answer: "Future[tuple[bytes, bytes]]") -> dict[str, bytes]:
    """What the process has made; nothing where it failed."""
    with suppress(OSError, ValueError):
        content, _ = answer.result()
        if process.returncode == 0:
            return {name: base64.b64decode(file) for name, file in json.loads(content).items()}
    return {}


def serve() -> None:
    """What the process does: pages from standard input, files to standard output. It loads before it reads."""
    gc.set_threshold(MANY_OBJECTS)  # looking for circles takes an eighth of the time and finds nearly none
    load()
    drafts = [Draft(**each) for each in json.loads(sys.stdin.buffer.read())]
    files = {name: base64.b64encode(content).decode() for name, content in finished(drafts).items()}
    sys.stdout.buffer.write(json.dumps(files).encode())
    sys.stdout.buffer.flush()
