"""seccomp: the kernel knows no system call of a reader but those that reading needs.

What belongs here: the filter as the kernel's small machine reads it. What must not: which calls they are (numbers). A
call that is not allowed fails as one that does not exist, which libraries are prepared for.
"""

import ctypes
import os
import struct
from collections.abc import Iterator

from samkorning.guards import kernel
from samkorning.guards.numbers import (
    ALLOWED,
    ARCHITECTURES,
    PROCESSORS,
    Condition,
    conditional,
)

_LOAD, _EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # places in what the machine is shown
_ALLOW, _ABSENT, _KILL = 0x7FFF0000, 0x00050000 | 38, 0x80000000  # 38: no such call
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_FILTER, _ALL_THREADS = 1, 1
Instruction = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def allow_reading_alone() -> bool:
    """Whether the kernel took the filter, for every thread that this process has and will have."""
    if kernel.PROCESSOR not in PROCESSORS or struct.calcsize("P") != 8:
        return False
    program = b"".join(struct.pack("HBBI", *each) for each in _filter(kernel.PROCESSOR, os.getpid()))
    filtered = _Program(len(program) // 8, program)
    number = _SECCOMP[kernel.PROCESSOR]
    return kernel.system_call(number, _SET_FILTER, _ALL_THREADS, ctypes.byref(filtered)) == 0


def _filter(processor: str, process: int) -> Iterator[Instruction]:
    """First the processor, then call by call; a call of another numbering (x32) is on no list."""
    yield _load(_ARCHITECTURE)
    yield _EQUAL, 1, 0, ARCHITECTURES[processor]
    yield _RETURN, 0, 0, _KILL
    yield _load(_NUMBER)
    place = PROCESSORS[processor]
    for numbers in ALLOWED.values():
        if (number := numbers[place]) is not None:
            yield _EQUAL, 0, 1, number
            yield _RETURN, 0, 0, _ALLOW
    for numbers, conditions in conditional(process).values():
        if (number := numbers[place]) is not None:
            rule = [*_rule(conditions)]
            yield _EQUAL, 0, len(rule), number
            yield from rule
    yield _RETURN, 0, 0, _ABSENT


def _rule(conditions: tuple[Condition, ...]) -> Iterator[Instruction]:
    for condition in conditions:
        yield _load(_ARGUMENTS + 8 * condition.argument + 4 * condition.upper_half)
        yield _AND, 0, 0, condition.mask
        for left, value in zip(range(len(condition.values) - 1, -1, -1), condition.values, strict=True):
            yield _EQUAL, left + 1, 0, value
        yield _RETURN, 0, 0, _ABSENT
    yield _RETURN, 0, 0, _ALLOW


def _load(place: int) -> Instruction:
    return _LOAD, 0, 0, place
