"""The encrypted files of one writing: written in one streaming pass, cut up by a column, read again, taken away.

What belongs here: the files of a place, by whichever process. What must not: which generation they become (the draft),
or what is in them.

A place holds one encryption key, that of this writing, and neither its store's root nor any other: it is all that a
process elsewhere needs which writes some of the files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samkorning.durable import PRIVATE_FILE
from samkorning.on_demand import LoadedWhenUsed
from samkorning.vault import encrypted_files
from samkorning.vault.encrypted_files import (
    AS_THEY_ARE,
    LOOKED_UP_IN,
    READ_WHOLE,
    SUFFIX,
    FileSecrets,
    recorded,
    scan_encrypted,
)
from samkorning.vault.manifest import StoredFile

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

ROWS_AT_ONCE = 50_000
"""Rows that the file of a part gathers before it encodes them: with the number of parts it decides the memory."""

CHUNKS_AT_ONCE = 1
"""Of some mebibytes each: groups of eight take three times the processor's time, most of it for memory. A file has at
most 32,767 groups, which are 128 GiB."""
SYNCED_AT_ONCE = 8
"""Files that the disk is asked to keep at the same time: it then takes hardly longer than for one."""


@dataclass(frozen=True)
class Place:
    """Where the files of one writing lie and what opens them; ``what`` names them in an error."""

    folder: Path
    stem: str
    secrets: FileSecrets
    what: str


class PartFiles:
    """Files of one place, each under a number of its own from ``first`` on."""

    def __init__(self, place: Place, first: int = 0) -> None:
        self.place = place
        self._folder, self._secrets = place.folder, place.secrets
        self._names: list[str] = []
        self._numbers = count(first)

    def write(self, rows: pl.LazyFrame, cut_by: str) -> dict[int, str]:
        """Write rows into one file for each value of the Int16 column ``cut_by``, which is not kept; the files' names.

        Streaming: nothing is sorted and no more is held than the parts' own gathering. GuardedFailure, quoting nothing,
        where they cannot be computed or written.
        """
        found: dict[int, str] = {}

        def place(asked: Any) -> str:
            [value] = asked.partition_keys.row(0)
            found[value] = self._new_file()
            return str(self._folder / found[value])

        cut = pl.PartitionBy(
            str(self._folder), key=cut_by, include_key=False, file_path_provider=place, approximate_bytes_per_file=None
        )
        encrypted_files.sink(rows, cut, self._secrets, self.place.what, row_group_size=ROWS_AT_ONCE)
        return found

    def write_one(self, rows: pl.LazyFrame) -> str:
        """Write rows into one file; its name. GuardedFailure as ``write``."""
        return self._written(rows, None, READ_WHOLE)

    def write_sorted(self, rows: pl.LazyFrame, rows_in_group: int) -> str:
        """Write sorted rows into one file, of which few are looked up at a time; its name. GuardedFailure as ``write``.

        Least and greatest values of each group of rows stand in the encrypted file.
        """
        return self._written(rows, rows_in_group, LOOKED_UP_IN)

    def write_chunks(self, chunks: pl.LazyFrame) -> str:
        """Write rows that are some mebibytes each into one file, in their order; its name. GuardedFailure as ``write``.

        They are encrypted as they are.
        """
        return self._written(chunks, CHUNKS_AT_ONCE, AS_THEY_ARE)

    def rows_of(self, name: str) -> pl.LazyFrame:
        """Open a written file."""
        return scan_encrypted(self._folder / name, self._secrets)

    def remove(self, name: str) -> None:
        """Take a file away, also one that was written elsewhere; it will not be part of the generation."""
        (self._folder / name).unlink()
        self._names = [each for each in self._names if each != name]

    def durable(self, bounds: Mapping[str, tuple[int, int] | None]) -> tuple[StoredFile, ...]:
        """Fsync the files, side by side and beside taking their hashes; give what the manifest records of them."""
        paths = [self._folder / name for name in bounds]
        with ThreadPoolExecutor(SYNCED_AT_ONCE) as syncing, ThreadPoolExecutor(SYNCED_AT_ONCE) as hashing:
            synced = syncing.map(encrypted_files.make_durable, paths)
            found = tuple(hashing.map(self._recorded, bounds, bounds.values()))
            list(synced)  # what the disk refused is raised here
        return found

    def discard(self) -> None:
        """Take away every file that was written here."""
        for name in list(self._names):
            self.remove(name)

    def _recorded(self, name: str, ends: tuple[int, int] | None) -> StoredFile:
        first, last = ends or (None, None)
        return replace(recorded(self._folder / name, self._secrets), first=first, last=last)

    def _written(self, rows: pl.LazyFrame, rows_in_group: int | None, layout: Mapping[str, Any]) -> str:
        name = self._new_file()
        with (self._folder / name).open("wb") as stream:
            encrypted_files.sink(rows, stream, self._secrets, self.place.what, rows_in_group, layout)
        return name

    def _new_file(self) -> str:
        """An empty file for its owner alone: whoever writes into it cannot make it anybody else's."""
        name = f"{self.place.stem}-{next(self._numbers):03d}{SUFFIX}"  # the engine asks from several threads
        os.close(os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
        self._names.append(name)
        return name
