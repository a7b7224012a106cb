"""What a process may use and become: no more rights than it has, none that it does not need, and so much of everything.

What belongs here: capabilities, core dumps, limits of memory, time and files, the end of a process with its parent.
What must not: what the limits are (limits).
"""

import ctypes
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

from samkorning.guards import kernel
from samkorning.guards.limits import ProcessLimits

MOST_DESCRIPTORS = 32
_CAPABILITIES = 64
_SET_CAPABILITIES = {"x86_64": 126, "aarch64": 91}
_VERSION_OF_CAPABILITIES = 0x20080522
_NEW_NETWORK, _NEW_IPC, _NEW_USER = 0x40000000, 0x08000000, 0x10000000


def gain_nothing() -> bool:
    """No program that is started gives rights that this process lacks."""
    return kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> bool:
    """Root is an account like any other."""
    for capability in range(_CAPABILITIES):
        kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
    number = _SET_CAPABILITIES.get(kernel.PROCESSOR)
    if number is None:
        return False
    header = (ctypes.c_uint32 * 2)(_VERSION_OF_CAPABILITIES, 0)
    return kernel.system_call(number, ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)())) == 0


def hide_memory() -> bool:
    """Nobody of the same account reads this process's memory, and no core dump shows it."""
    return _limit(resource.RLIMIT_CORE, 0) and kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def end_with_parent(parent: int) -> bool:
    """The process ends when the one that started it ends, however that was."""
    done = kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    return done


def limit_memory(limits: ProcessLimits) -> bool:
    """So many bytes to write to; where the machine runs out of memory, this process is the first to go."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    return _limit(resource.RLIMIT_DATA, limits.memory)


def limit_time(limits: ProcessLimits) -> bool:
    """So many seconds of a processor."""
    return _limit(resource.RLIMIT_CPU, limits.processor_time, limits.processor_time + 5)


def limit_files() -> bool:
    """A few open descriptors, and no file that grows by a single byte."""
    return _limit(resource.RLIMIT_NOFILE, MOST_DESCRIPTORS) and _limit(resource.RLIMIT_FSIZE, 0)


def live_apart() -> bool:
    """A network without any connection and no shared memory of others; only before any thread is started."""
    if kernel.threads() > 1:
        return False
    return kernel.unshare(_NEW_NETWORK | _NEW_IPC) or kernel.unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC)


def _limit(what: int, most: int, at_all: int | None = None) -> bool:
    try:
        _, hard = resource.getrlimit(what)
        at_all = most if at_all is None else at_all
        whole = at_all if hard == resource.RLIM_INFINITY else min(at_all, hard)
        resource.setrlimit(what, (min(most, whole), whole))
    except (OSError, ValueError):
        return False
    return True
