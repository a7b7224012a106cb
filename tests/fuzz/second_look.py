"""Why a reader broke off: the same file read once more, in a process without guards that says how it ended.

What belongs here: telling a library that crashed, which the guards are for, from an error that a reader of ours should
have made a refusal. What must not: any text of an error; class and place are all that is told.
"""

import pickle
import subprocess
import sys
from pathlib import Path

from samkorning.errors import FileRefused
from samkorning.guards import privileges
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.reading import stream_register_file
from tests.fuzz.cases import Case
from tests.fuzz.outcomes import LIMITS, place_of

_SECONDS = 90
_ROOT = Path(__file__).resolve().parent.parent.parent


def why_it_broke_off(case: Case) -> str | None:
    """Nothing where a library crashed or ran out of memory; else what has to be put right."""
    command = [sys.executable, "-m", "tests.fuzz.second_look"]
    sent = pickle.dumps(case)
    try:
        ended = subprocess.run(command, input=sent, capture_output=True, timeout=_SECONDS, cwd=_ROOT, check=False)
    except subprocess.TimeoutExpired:
        return "hangs when it is read without guards"
    said = ended.stdout.decode().strip()
    return None if ended.returncode < 0 or said == "MemoryError" else said or "ends without a word"


def _say() -> str:
    case: Case = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from the process that started this one
    privileges.limit_memory(LIMITS.process)
    privileges.limit_time(LIMITS.process)
    try:
        for _ in stream_register_file(case.content, case.name, case.contract, case.secrets, open_register_file):
            pass
    except MemoryError:
        return "MemoryError"
    except FileRefused as refused:
        return f"is refused in clear words without guards, from {place_of(refused)}"
    except BaseException as error:
        return f"{type(error).__name__} from {place_of(error)}"
    return "is read without guards"


if __name__ == "__main__":
    print(_say())
