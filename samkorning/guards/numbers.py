"""The system calls that reading a file needs, by their numbers on x86_64 and aarch64.

What belongs here: the calls a reader may make, and those that it may make with certain arguments alone. What must not:
how the kernel is told. What is not listed does not exist for a reader.
"""

from dataclasses import dataclass

PROCESSORS = {"x86_64": 0, "aarch64": 1}
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, None),
    "lseek": (8, 62),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "exit": (60, 93),
    "uname": (63, 160),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "epoll_wait": (232, None),
    "epoll_ctl": (233, 21),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "epoll_pwait": (281, 22),
    "eventfd2": (290, 19),
    "epoll_create1": (291, 20),
    "preadv": (295, 69),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
"""Calls that a reader may make with any arguments."""


@dataclass(frozen=True)
class Condition:
    """On one half of an argument of a call: masked with ``mask`` it is one of ``values``."""

    argument: int
    mask: int
    values: tuple[int, ...]
    upper_half: bool = False


_ALL = 0xFFFFFFFF
_OF_A_DESCRIPTOR = 0x1000
_SHARED, _EXECUTABLE = 1, 4
_THREAD = 0x00010000
_SET_NAME, _SET_NAME_OF_MEMORY = 15, 0x53564D41
_COMMANDS = (1, 2, 3, 1030)  # flags and copies; no owner who gets signals


def conditional(process: int) -> dict[str, tuple[tuple[int | None, int | None], tuple[Condition, ...]]]:
    """Calls that a reader may make where all conditions hold; ``process`` is its own number."""
    own = Condition(0, _ALL, (process,))
    return {
        "newfstatat": ((262, 79), (Condition(3, _OF_A_DESCRIPTOR, (_OF_A_DESCRIPTOR,)),)),
        "statx": ((332, 291), (Condition(2, _OF_A_DESCRIPTOR, (_OF_A_DESCRIPTOR,)),)),
        "mmap": ((9, 222), (Condition(2, _EXECUTABLE, (0,)), Condition(3, _SHARED, (0,)))),
        "mprotect": ((10, 226), (Condition(2, _EXECUTABLE, (0,)),)),
        "clone": ((56, 220), (Condition(0, _THREAD, (_THREAD,)),)),
        "tgkill": ((234, 131), (own,)),
        "prctl": ((157, 167), (Condition(0, _ALL, (_SET_NAME, _SET_NAME_OF_MEMORY)),)),
        "prlimit64": ((302, 261), (Condition(2, _ALL, (0,)), Condition(2, _ALL, (0,), upper_half=True))),
        "fcntl": ((72, 25), (Condition(1, _ALL, _COMMANDS),)),
    }
