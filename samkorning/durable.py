"""Files that are whole or absent after any crash; those that are not handed over are readable by their owner alone.

What belongs here: writing under a temporary name, fsync, folders, locks, sweeping what was interrupted. What must not:
what the bytes mean.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from samkorning.encryption.primitives import new_token
from samkorning.machine.lock_waiting import FOR_A_WHILE, Waiting

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
PARTIAL_ENDING = ".partial"


def flush_to_disk(file: BinaryIO) -> None:
    """Make everything written so far survive a power cut."""
    file.flush()
    os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Make the folder's entries survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create the folder and what is missing above it, mode 0700, durable; nothing if it is there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    fsync_folder(folder.parent)


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file, mode 0600 whatever the umask, and fsync it at the end; FileExistsError if it exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, PRIVATE_FILE)
        yield stream
        flush_to_disk(stream)


@contextmanager
def file_lock(path: Path, waiting: Waiting = FOR_A_WHILE) -> Iterator[int]:
    """Hold a file against other processes and threads for a moment, waiting for them; give its descriptor.

    MachineFailure if it is held for longer than this process waits.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        waiting.lock(descriptor, path)
        yield descriptor
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet: whole, durable, or FileExistsError and nothing changed."""
    with _written_beside(path, content) as temporary:
        path.hardlink_to(temporary)


def overwrite(path: Path, content: bytes) -> None:
    """Write a file in place of the old one: after a crash it is the old or the new one, whole."""
    with _written_beside(path, content) as temporary:
        temporary.replace(path)


def remove(path: Path) -> None:
    """Remove a file and what crashed writers left beside it; nothing if it is gone already."""
    sweep_temporary(path)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        fsync_folder(path.parent)


def sweep_temporary(path: Path) -> None:
    """Remove half-written copies of one file. Only its only writer may call this."""
    for left in path.parent.glob(f".{path.name}.*.new"):
        left.unlink(missing_ok=True)


def partial(path: Path) -> Path:
    """Give the name under which a file that is handed over is written, until it is whole."""
    return path.with_name(path.name + PARTIAL_ENDING)


@contextmanager
def partials_removed(*paths: Path) -> Iterator[None]:
    """Leave nothing under the partial names of files, whatever happens inside."""
    try:
        yield
    finally:
        for path in paths:
            partial(path).unlink(missing_ok=True)


def sweep_partials(folder: Path) -> list[str]:
    """Remove what an interrupted writer left below a folder, and give its names; not while one is at work."""
    found = sorted(path for path in folder.rglob(f"*{PARTIAL_ENDING}") if path.is_file())
    for path in found:
        path.unlink()
    return [path.name for path in found]


def write_through(path: Path, content: bytes) -> None:
    """Write a small file that others may read, durable when this returns."""
    with path.open("wb") as file:
        file.write(content)
        flush_to_disk(file)


@contextmanager
def _written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """Give a temporary file with the content, durable; what is done to its folder meanwhile is durable afterwards."""
    temporary = path.with_name(f".{path.name}.{new_token()}.new")
    try:
        with private_file(temporary) as stream:
            stream.write(content)
        yield temporary
        fsync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
