"""Writing so that a crash leaves either the whole file under its name or nothing under it.

What belongs here: temporary names, fsync, and removing what was interrupted. What must not: what is written.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PARTIAL_ENDING = ".partial"


def partial(path: Path) -> Path:
    """The temporary name under which ``path`` is written."""
    return path.with_name(path.name + PARTIAL_ENDING)


@contextmanager
def partials_removed(*paths: Path) -> Iterator[None]:
    """Whatever happens inside, nothing is left under the temporary names of ``paths``."""
    try:
        yield
    finally:
        for path in paths:
            partial(path).unlink(missing_ok=True)


def sweep_partials(folder: Path) -> list[str]:
    """Remove what an interrupted sealing left below ``folder``, and give its names; not while one is running."""
    found = sorted(path for path in folder.rglob(f"*{PARTIAL_ENDING}") if path.is_file())
    for path in found:
        path.unlink()
    return [path.name for path in found]


def write_through(path: Path, content: bytes) -> None:
    """Write a small file so that it is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        flush_to_disk(file)


def flush_to_disk(file: BinaryIO) -> None:
    """Everything written so far is on the disk when this returns."""
    file.flush()
    os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class HashingWriter:
    """Writes on and keeps the SHA-256 and size of what passed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> int:
        """Write the whole piece."""
        self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)
        return len(chunk)

    @property
    def sha256(self) -> str:
        """SHA-256 in hex of all that was written."""
        return self._digest.hexdigest()
