"""Calls that Python has no name for, made to the kernel itself.

What belongs here: prctl and system calls by number, on the processors whose numbers are known. What must not: which
calls are made, or why.
"""

import ctypes
import os
import platform
import sys

PROCESSOR = platform.machine()
_LIBC = ctypes.CDLL(None, use_errno=True)
_LINUX = sys.platform == "linux"

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38


def prctl(option: int, argument: int = 0) -> bool:
    """Whether the kernel did it."""
    function = getattr(_LIBC, "prctl", None)
    if not _LINUX or function is None:
        return False
    zero = ctypes.c_ulong(0)
    return bool(function(option, ctypes.c_ulong(argument), zero, zero, zero) == 0)


def system_call(number: int, *arguments: object) -> int:
    """What the kernel answers; -1 where it refuses or has no such call."""
    if not _LINUX:
        return -1
    _LIBC.syscall.restype = ctypes.c_long
    whole = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(_LIBC.syscall(ctypes.c_long(number), *whole))


def unshare(flags: int) -> bool:
    """Whether the kernel gave this process spaces of its own."""
    function = getattr(_LIBC, "unshare", None)
    return bool(_LINUX and function is not None and function(ctypes.c_int(flags)) == 0)


def threads() -> int:
    """How many threads this process has, where that can be known; 0 otherwise."""
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names alone are wanted
    except OSError:
        return 0
