"""Faults that slices meet at a worker: it stops at a stage and waits to be killed, hangs, or its disk is full.

What belongs here: work that does what it stands for, but for these; the processes of a cluster load it, so that the
program itself knows no test. What must not: killing (the test does), or expectations.

A slice meets its fault once, at its first attempt, and leaves a file in ``folder`` that holds its process's number.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import polars as pl

from samkorning.linkage.slices import Done, Slice, Sliced
from samkorning.vault.part_files import PartFiles

FULL_DEVICE = "/dev/full"
DONE, ON_A_FULL_DISK = "* is done", "* on a full disk"


class Fault(StrEnum):
    """When a slice stops, or what else befalls it."""

    BEFORE = "before it reads"
    READING = "while it reads"
    WRITING = "while it writes"
    WRITTEN = "after it wrote"
    SLOW = "until another attempt has ended"


@dataclass(frozen=True)
class Faulty:
    """Work whose slices meet faults, by the row that they begin with; and workers whose disks are full, by name.

    With ``in_turn`` neither side goes on before the other is there, however slowly its processes start: a slice fails
    on a full disk when one has been done elsewhere, and of those done elsewhere the second waits for one that fails.
    """

    work: Sliced
    folder: Path
    faults: Mapping[int, Fault] = field(default_factory=dict)
    full: tuple[str, ...] = ()
    in_turn: bool = False

    def done(self, a_slice: Slice, attempt: int) -> Done:
        """Do one slice, if it can be."""
        if any(f"/{worker}/" in f"{Path.cwd()}/" for worker in self.full):
            return self._on_a_full_disk(a_slice, attempt)
        if self.in_turn and any(self.folder.glob(DONE)):
            self._wait_for(ON_A_FULL_DISK)
        fault = self.faults.get(a_slice.offset)
        if fault is None or not self._noted(f"{a_slice.offset} {fault}"):
            done = self.work.done(a_slice, attempt)
            self._noted(f"{a_slice.offset} is done")
            return done
        return STAGES[fault](self, a_slice, attempt)

    def _on_a_full_disk(self, a_slice: Slice, attempt: int) -> Done:
        self._noted(f"{a_slice.offset} on a full disk")
        if self.in_turn:
            self._wait_for(DONE)

        def new_file(files: PartFiles) -> str:
            name = NEW_FILE(files)
            path = files.place.folder / name
            path.unlink()
            path.symlink_to(FULL_DEVICE)
            return name

        with patch.object(PartFiles, "_new_file", new_file):
            return self.work.done(a_slice, attempt)

    def before(self, a_slice: Slice, attempt: int) -> Done:
        """Stop before anything."""
        stop()

    def reading(self, a_slice: Slice, attempt: int) -> Done:
        """Stop when the first rows have been read."""
        return self.work.done(StopsWhenRead(**vars(a_slice)), attempt)

    def writing(self, a_slice: Slice, attempt: int) -> Done:
        """Stop when the first file is there and nothing in it."""

        def new_file(files: PartFiles) -> str:
            NEW_FILE(files)
            stop()

        with patch.object(PartFiles, "_new_file", new_file):
            return self.work.done(a_slice, attempt)

    def written(self, a_slice: Slice, attempt: int) -> Done:
        """Stop when all files are durable, before it answers."""
        self.work.done(a_slice, attempt)
        stop()

    def slow(self, a_slice: Slice, attempt: int) -> Done:
        """Begin when another attempt has ended."""
        while not (self.folder / f"{a_slice.offset} is done").exists():
            time.sleep(0.05)
        return self.work.done(a_slice, attempt)

    def _wait_for(self, what: str) -> None:
        while not any(self.folder.glob(what)):
            time.sleep(0.05)

    def _noted(self, what: str) -> bool:
        """Whether this is the first time."""
        own = self.folder / f".{os.getpid()}"
        own.write_text(str(os.getpid()))
        with suppress(FileExistsError):
            (self.folder / what).hardlink_to(own)
            return True
        return False


class StopsWhenRead(Slice):
    """A slice that stops when the first rows of it have been read."""

    @property
    def table(self) -> pl.LazyFrame:
        """Its rows, which never come."""
        return super().table.map_batches(lambda rows: stop(), streamable=True)


NEW_FILE = PartFiles._new_file
STAGES: Mapping[Fault, Callable[[Faulty, Slice, int], Done]] = {
    Fault.BEFORE: Faulty.before,
    Fault.READING: Faulty.reading,
    Fault.WRITING: Faulty.writing,
    Fault.WRITTEN: Faulty.written,
    Fault.SLOW: Faulty.slow,
}


def stop(*_: Any) -> NoReturn:
    """Wait to be killed."""
    while True:
        time.sleep(60)
