"""File systems of a few hundred kilobytes, for tests of what happens when one is full or read-only.

What belongs here: mounting, measuring, narrowing and enlarging them. What must not: what is expected then.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

LARGE = "size=64m"


@dataclass(frozen=True)
class SmallDisk:
    """One mounted file system in memory."""

    path: Path

    def used(self) -> int:
        """Bytes in use."""
        state = os.statvfs(self.path)
        return (state.f_blocks - state.f_bfree) * state.f_frsize

    def leave(self, room: int) -> None:
        """Narrows it until so many bytes are free."""
        self._remount(f"size={self.used() + max(room, 0)}")

    def enlarge(self) -> None:
        self._remount(LARGE)

    def forbid_writing(self) -> None:
        self._remount("ro")

    def allow_writing(self) -> None:
        self._remount("rw")

    def _remount(self, option: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{option}", self.path], check=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A file system at a new folder, large until it is narrowed."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{LARGE},mode=700", "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@cache
def _may_mount() -> bool:
    with TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True)
        return tried.returncode == 0 and subprocess.run(["umount", folder]).returncode == 0


def require_mount() -> None:
    """Skips where this account may not mount: the full and the read-only disk are then not tried."""
    if not _may_mount():
        pytest.skip("needs the right to mount a file system in memory (root with CAP_SYS_ADMIN)")
