"""The end of a command's process: what has to be done at the end is done, and nothing else.

What belongs here: ending. What must not: the exit code of a failure (main, session).

Python goes through all that was loaded once more when it ends, and takes it down module by module: up to a second of a
command that loaded Dagster, for memory that the kernel takes back at once. What has to be done before is done as Python
does it, and in its order: threads are waited for, what registered itself is called (temporary folders, connections,
children), and streams are written out. Whatever must be closed in order registers itself (``weakref.finalize``), or is
closed where it was opened; nothing may rest on being found as garbage at the end.
"""

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from cli.standard_error import OURS


def end_process(exit_code: int) -> NoReturn:
    """Ends this process; not for one that goes on after a command, as tests do."""
    threading._shutdown()  # type: ignore[attr-defined]  # as Python's own end and multiprocessing do
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, OURS):
        with suppress(OSError, ValueError):  # a full disk was told before, by the exit code
            if stream is not None:
                stream.flush()
    os._exit(exit_code)
