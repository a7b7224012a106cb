"""The machine as it is when something fails: which folder of the home it was, how much is free there, who holds a lock.

What belongs here: measuring, and the failure that a person can act on. What must not: which error means what
(samkorning.machine.faults).
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from resources.desk import Desk
from samkorning.errors import ClockWentBack, MachineFailure
from samkorning.identity.redaction import redact_numbers
from samkorning.machine.faults import Fault, Found, Measured, failure, fault_of
from samkorning.machine.lock_holders import holder_names, holders

A_FEW = 8


def machine_failure(error: BaseException, desk: Desk | None) -> MachineFailure | None:
    """The failure that says what to free or mend where the machine was at fault; nothing for any other error.

    ``desk`` names the places that are looked at; without one only the temporary folder is known.
    """
    if isinstance(error, ClockWentBack) or (isinstance(error, MachineFailure) and error.place):
        return error
    found = fault_of(error)
    if found is None:
        return None
    folder = _folder(found, list(_places(desk)))
    held_by = holder_names(holders(_lockable(desk))) if found.fault is Fault.LOCKED else ""
    return failure(found, measured(folder), held_by)


def measured(folder: Path) -> Measured:
    """A folder's file system, by what the kernel says without a file being opened."""
    state = os.statvfs(folder)
    return Measured(
        place=redact_numbers(str(folder)),  # a folder may be named after a person
        free=state.f_bavail * state.f_frsize,
        takes_files=state.f_files == 0 or state.f_favail > 0,
        read_only=bool(state.f_flag & os.ST_RDONLY),
        writable=os.access(folder, os.W_OK | os.X_OK),
        more_files=_a_few_files_open(),
    )


def _places(desk: Desk | None) -> Iterator[Path]:
    """Where the service writes, as far as it is there."""
    if desk is not None:
        yield from (_there(desk.home.root), _there(desk.keystore_folder))
    with suppress(OSError):
        answer = Path("/proc/self/fd/1").readlink()  # a command's answer may go into a file elsewhere
        if answer.is_file():
            yield answer.parent
    with suppress(OSError):
        yield Path(tempfile.gettempdir())


def _folder(found: Found, places: list[Path]) -> Path:
    """The place that the fault is about: by the file it names, else the one that shows it, else the home."""
    named = Path(found.path) if found.path else None
    if named is not None and named.is_absolute():
        return next((place for place in places if named.is_relative_to(place)), _there(named.parent))
    if found.fault in (Fault.DISK_FULL, Fault.DISK, Fault.CANNOT_OPEN):
        return min(places, key=lambda place: measured(place).free)
    if found.fault is Fault.READ_ONLY:
        return min(places, key=lambda place: not measured(place).read_only)
    return places[0]


def _there(path: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    while path != path.parent and not _is_folder(path):
        path = path.parent
    return path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:  # one above it may not be entered
        return False


def _lockable(desk: Desk | None) -> Iterable[Path]:
    """The files that processes take locks on: databases with what SQLite keeps beside them, and the audit log."""
    if desk is None:
        return []
    register = desk.home.case_register
    return [desk.home.audit, *register.parent.glob(f"{register.name}*"), *desk.home.dagster.rglob("*.db*")]


def _a_few_files_open() -> bool:
    """Whether a database could open: it has some files beside its own."""
    with ExitStack() as opened:
        try:
            for _ in range(A_FEW):
                opened.callback(os.close, os.open("/", os.O_RDONLY))
        except OSError:
            return False
    return True
