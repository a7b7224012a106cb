"""Who holds a lock on a file, as far as the kernel says: a process that looks takes no lock itself.

What belongs here: reading the kernel's list of locks. What must not: taking or breaking one.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOCKS = Path("/proc/locks")
PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Holder:
    """A process that took a lock: its number, and its program's name, or '' where it has ended since."""

    process: int
    program: str

    def __str__(self) -> str:
        if self.program:
            return f"process {self.process} ({self.program})"
        return f"process {self.process}, which has ended (a program that it started holds on; `fuser` tells which),"


def holders(files: Iterable[Path]) -> list[Holder]:
    """The other processes that hold one of the files, each once; empty where the kernel says nothing."""
    wanted = set[str]()
    for file in files:
        with suppress(OSError):
            found = file.stat()
            wanted.add(f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}")
    return [Holder(process, _program(process)) for process in sorted(_processes(wanted) - {os.getpid()})]


def holder_names(found: list[Holder]) -> str:
    """Their names in a sentence; '' where there are none."""
    return " and ".join(map(str, found))


def _processes(wanted: set[str]) -> set[int]:
    """A line is ``1: FLOCK  ADVISORY  WRITE 1234 00:1f:567 0 EOF``; one that waits has an arrow behind its number."""
    lines: list[str] = []
    with suppress(OSError):
        lines = LOCKS.read_text().splitlines()
    fields = [line.split() for line in lines if "->" not in line]
    return {int(field[4]) for field in fields if len(field) > 5 and field[5] in wanted and int(field[4]) > 0}


def _program(process: int) -> str:
    """The program's short name; its arguments may name files, and are not read."""
    try:
        return (PROCESSES / str(process) / "comm").read_text().strip()
    except OSError:
        return ""
