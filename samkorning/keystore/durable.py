"""Small files that are whole or absent after any crash, readable by their owner alone.

What belongs here: writing, fsync, folders. What must not: what the bytes mean.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from samkorning.encryption.primitives import new_token

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


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
        stream.flush()
        os.fsync(descriptor)


@contextmanager
def file_lock(path: Path) -> Iterator[int]:
    """Hold a file against other processes and threads for a moment, waiting for them; give its descriptor."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet: whole, durable, or FileExistsError and nothing changed."""
    temporary = _temporary(path)
    try:
        with private_file(temporary) as stream:
            stream.write(content)
        path.hardlink_to(temporary)
        fsync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def overwrite(path: Path, content: bytes) -> None:
    """Write a file in place of the old one: after a crash it is the old or the new one, whole."""
    temporary = _temporary(path)
    try:
        with private_file(temporary) as stream:
            stream.write(content)
        temporary.replace(path)
        fsync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


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


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{new_token()}.new")
