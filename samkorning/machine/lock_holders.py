"""Who holds a lock on a file, as far as the kernel says: a process that looks takes no lock itself.

What belongs here: reading the kernel's list of locks. What must not: taking or breaking one.
"""

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

LOCKS = Path("/proc/locks")
PROCESSES = Path("/proc")
PROGRAM, MODULE = "samkorning", ["-m", "cli"]
WORD = re.compile("[a-z]+(-[a-z]+)*")
WORDS = 2
"""A command is a word, or a noun and a word; what stands behind it is the person's own, and is not read."""
WITH_VALUE = ("--home", "--today")
STARTED, STATE = 19, 0
"""Where these stand in the kernel's line on a process, behind its name."""


@dataclass(frozen=True)
class Holder:
    """A process that took a lock: its number, and its program's name, or '' where it has ended since.

    ``command`` is ours that it runs; ``since`` when it was started, ``is_stopped`` whether it rests until it is let on.
    """

    process: int
    program: str
    command: str = ""
    since: datetime | None = None
    is_stopped: bool = False

    def __str__(self) -> str:
        if self.program:
            since = f", started {self.since:%Y-%m-%d %H:%M}" if self.since else ""
            return f"process {self.process} ({self.command or self.program}{since}{', stopped' * self.is_stopped})"
        if _runs(self.process):  # the service's units hide other processes
            return f"process {self.process}"
        return f"process {self.process}, which has ended (a program that it started holds on; `fuser` tells which),"


def holders(files: Iterable[Path]) -> list[Holder]:
    """The other processes that hold one of the files, each once; empty where the kernel says nothing."""
    wanted = set[str]()
    for file in files:
        with suppress(OSError):
            found = file.stat()
            wanted.add(f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}")
    return [_holder(process) for process in sorted(_processes(wanted) - {os.getpid()})]


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
    return _read(process, "comm").strip()


def _holder(process: int) -> Holder:
    fields = _read(process, "stat").rpartition(")")[2].split()
    is_stopped = bool(fields) and fields[STATE] in ("T", "t")
    return Holder(process, _program(process), _command(process), _started(fields), is_stopped)


def _command(process: int) -> str:
    """Which command of ours a process runs, by the words of the command alone."""
    return command_in(_read(process, "cmdline").split("\0"))


def command_in(words: Sequence[str]) -> str:
    """The command of ours on a command line, such as ``samkorning key rotate``; '' where it is another program's."""
    ours = [place for place, word in enumerate(words) if Path(word).name == PROGRAM]
    ours += [place + 1 for place in range(len(words)) if [*words[place : place + 2]] == MODULE]
    if not ours:
        return ""
    rest = iter(words[min(ours) + 1 :])
    kept = []
    for word in rest:
        if word in WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            kept.append(word)
    return " ".join([PROGRAM, *takewhile(WORD.fullmatch, kept[:WORDS])])


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _started(fields: Sequence[str]) -> datetime | None:
    """When a process was started, by the clock of this machine."""
    with suppress(OSError, IndexError, ValueError, StopIteration):
        lines = (PROCESSES / "stat").read_text().splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
        return datetime.fromtimestamp(booted + int(fields[STARTED]) / os.sysconf("SC_CLK_TCK")).astimezone()
    return None


def _read(process: int, name: str) -> str:
    try:
        return (PROCESSES / str(process) / name).read_text(errors="replace")
    except OSError:
        return ""
