"""Faults of the machine: what a library's error means that is nobody's mistake, and the sentence for who can mend it.

What belongs here: from a chain of exceptions to a fault, and from a fault and what was measured to one sentence. What
must not: measuring (resources.machine), or an error's text: it is searched for numbers and phrases of the operating
system, and nothing else of it is taken on.
"""

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from samkorning.errors import MachineFailure

SAFE = "nothing half-written counts, and it is safe to run it again"
LITTLE = 1_000_000
"""Bytes: a file system with less room is full to whoever writes a database."""


class Fault(StrEnum):
    """What is wrong with the machine, in the words of the answer for programs."""

    DISK_FULL = "disk full"
    QUOTA = "quota used up"
    READ_ONLY = "read-only"
    PERMISSION = "no permission"
    TOO_MANY_FILES = "too many open files"
    TOO_MANY_PROCESSES = "too many processes"
    FILE_SIZE = "file size limited"
    MEMORY = "not enough memory"
    LOCKED = "locked by another process"
    NO_TEMPORARY_FOLDER = "no temporary folder"
    DISK = "disk error"
    CANNOT_OPEN = "cannot be opened"
    CLOCK = "clock went back"


ERRNOS = {
    errno.ENOSPC: Fault.DISK_FULL,
    errno.EDQUOT: Fault.QUOTA,
    errno.EROFS: Fault.READ_ONLY,
    errno.EACCES: Fault.PERMISSION,
    errno.EPERM: Fault.PERMISSION,
    errno.EMFILE: Fault.TOO_MANY_FILES,
    errno.ENFILE: Fault.TOO_MANY_FILES,
    errno.EAGAIN: Fault.TOO_MANY_PROCESSES,
    errno.EFBIG: Fault.FILE_SIZE,
    errno.ENOMEM: Fault.MEMORY,
    errno.ENOLCK: Fault.LOCKED,
    errno.EIO: Fault.DISK,
}
SQLITE_CODES = {
    3: Fault.PERMISSION,
    5: Fault.LOCKED,
    6: Fault.LOCKED,
    7: Fault.MEMORY,
    8: Fault.READ_ONLY,
    10: Fault.DISK,
    13: Fault.DISK_FULL,
    14: Fault.CANNOT_OPEN,
}
"""SQLite's primary result codes; the upper bits of ``sqlite_errorcode`` say more than anybody acts on."""
PHRASES = {
    "out-of-core disk budget": Fault.MEMORY,  # what Polars says when it may not spill to disk (decision 0010)
    "Out of Memory Error": Fault.MEMORY,
    "can't start new thread": Fault.TOO_MANY_PROCESSES,
    "No usable temporary directory": Fault.NO_TEMPORARY_FOLDER,
    "database or disk is full": Fault.DISK_FULL,
    "database is locked": Fault.LOCKED,
    "attempt to write a readonly database": Fault.READ_ONLY,
    **{os.strerror(number): fault for number, fault in ERRNOS.items() if number != errno.EAGAIN},
}
NUMBERED = re.compile(r"\(os error ([0-9]+)\)|\[Errno ([0-9]+)\]")
LIBRARIES_WITHOUT_NUMBERS = ("polars", "_duckdb", "duckdb", "pyarrow", "sqlite3")
"""Libraries whose errors have no number beside their text."""


@dataclass(frozen=True)
class Found:
    """A fault, and the file that the error named, if it named one."""

    fault: Fault
    path: str | None = None


@dataclass(frozen=True)
class Measured:
    """A place as it is when the fault is reported: free bytes, whether more files fit, may be written and be opened."""

    place: str
    free: int
    takes_files: bool = True
    read_only: bool = False
    writable: bool = True
    more_files: bool = True


def fault_of(error: BaseException) -> Found | None:
    """The fault of the machine behind an error, or nothing where the machine is not at fault."""
    for link in _chain(error):
        found = _fault_of_one(link)
        if found is not None:
            return found
    return None


def as_measured(fault: Fault, measured: Measured) -> Fault:
    """What is meant by an error that can mean several things (SQLite's "disk I/O error", "unable to open")."""
    if fault not in (Fault.DISK, Fault.CANNOT_OPEN):
        return fault
    if measured.read_only:
        return Fault.READ_ONLY
    if not measured.writable:
        return Fault.PERMISSION
    if not measured.more_files:
        return Fault.TOO_MANY_FILES
    return Fault.DISK_FULL if measured.free < LITTLE or not measured.takes_files else fault


def failure(found: Found, measured: Measured, held_by: str = "") -> MachineFailure:
    """The failure as a person reads it: what is wrong, where, what to do, and that running it again is safe."""
    fault = as_measured(found.fault, measured)
    sentence = REMEDIES[fault].format(place=measured.place, room=_room(measured), held_by=held_by or "another process")
    return MachineFailure(f"{sentence}; {SAFE}", fault.value, measured.place, measured.free)


def unplaced(found: Found, what: str = "") -> MachineFailure:
    """The same where nothing can be measured: whoever shows it to a person adds the place."""
    return MachineFailure(f"{what}{': ' if what else ''}{found.fault}; {SAFE}", found.fault.value)


REMEDIES = {
    Fault.DISK_FULL: "disk full: {room} now in {place}; free space there, or enlarge its file system",
    Fault.QUOTA: "this account's quota is used up ({room} in {place}); free space there, or have the quota raised",
    Fault.READ_ONLY: "{place} is read-only; mount it for writing (after a disk error: have the disk looked at)",
    Fault.PERMISSION: "this account may not read or write in {place}; give it the right, or use the service's account",
    Fault.TOO_MANY_FILES: (
        "too many files are open; raise the limit (`ulimit -n`, or LimitNOFILE of the service), "
        "or end what holds so many ({place})"
    ),
    Fault.TOO_MANY_PROCESSES: (
        "no further process or thread can be started; end some, or raise the limit "
        "(`ulimit -u`, or TasksMax of the service; {place})"
    ),
    Fault.FILE_SIZE: "a file may not grow so large; raise the limit (`ulimit -f`; {room} in {place})",
    Fault.MEMORY: (
        "there is not enough memory, and nothing is put on disk in clear; end other work on this machine or give it "
        "more memory ({place})"
    ),
    Fault.LOCKED: "{held_by} holds a lock in {place}; let it finish, or end it if it hangs",
    Fault.NO_TEMPORARY_FOLDER: "no temporary folder can be written; free space there, or name another in TMPDIR",
    Fault.DISK: "the disk under {place} gives errors; look at the machine's log (`dmesg`) and have the disk looked at",
    Fault.CANNOT_OPEN: "a database in {place} cannot be opened; look at its folder and at who owns what is in it",
    Fault.CLOCK: "the clock went back behind what is recorded in {place}; set this machine's clock",
}


def _fault_of_one(error: BaseException) -> Found | None:
    if isinstance(error, MachineFailure):
        return Found(Fault(error.fault))
    if isinstance(error, MemoryError):
        return Found(Fault.MEMORY)
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        fault = SQLITE_CODES.get(code & 0xFF)
        return Found(fault) if fault else None
    if isinstance(error, OSError) and error.errno in ERRNOS:
        return Found(ERRNOS[error.errno], _named(error))
    return _by_text(error)


def _by_text(error: BaseException) -> Found | None:
    """For errors that have no number: those of some libraries, and of the system where a library raised them."""
    known = isinstance(error, OSError | ImportError | RuntimeError) or _library(error) in LIBRARIES_WITHOUT_NUMBERS
    if not known:
        return None
    text = str(error)
    for match in NUMBERED.finditer(text):
        fault = ERRNOS.get(int(match[1] or match[2]))
        if fault is not None:
            return Found(fault)
    return next((Found(fault) for phrase, fault in PHRASES.items() if phrase in text), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it stands for, what it came of, and so on; each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        led_to = (getattr(link, "orig", None), link.__cause__, link.__context__, *getattr(link, "exceptions", ()))
        waiting += [each for each in led_to if isinstance(each, BaseException)]


def _library(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _named(error: OSError) -> str | None:
    name = error.filename2 or error.filename
    return os.fsdecode(name) if isinstance(name, str | bytes) else None


def _room(measured: Measured) -> str:
    if not measured.takes_files:
        return "no further file can be made"
    return f"{_size(measured.free)} are free"


def _size(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
