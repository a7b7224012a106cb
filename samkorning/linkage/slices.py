"""A linkage cut into slices that are linked apart, by processes that share the vault's folder and nothing else.

What belongs here: what one slice needs and what it gives, and taking the slices of a file together again. What must
not: who does them and where (resources.cluster), or the linkage itself (kernel), which is the same for a slice.

A slice is some rows of one encrypted file. Whoever links it holds the numbers that it looks up, writes parts by range
of serial number as one machine does, and gives their names and counts: no row goes from one process to another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import polars as pl

from samkorning.identity import IdentityRules
from samkorning.linkage.bounds import Bounds
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import link_some
from samkorning.linkage.lookup import ColumnLookup
from samkorning.linkage.row_flow import RowFlow
from samkorning.order import Source
from samkorning.vault import Part
from samkorning.vault.encrypted_files import EncryptedFile
from samkorning.vault.manifest import StoredFile
from samkorning.vault.part_files import PartFiles, Place

FILES_OF_AN_ATTEMPT = 1_000
"""Numbers of file names that one attempt at a slice has for itself: 64 parts, twice, and what is set apart."""
ON = "polars"
"""What links within a slice."""


@dataclass(frozen=True)
class Slice:
    """So many rows of a file from one of them on; ``first`` and ``last`` bound the file, where that is recorded.

    Of a ``whole`` file no more is decoded than is asked of it; what a slice of one is asked comes after all its rows.
    """

    file: EncryptedFile
    offset: int
    rows: int
    first: int | None = None
    last: int | None = None
    whole: bool = False

    @property
    def table(self) -> pl.LazyFrame:
        """These rows."""
        rows = self.file.rows()
        return rows if self.whole else rows.slice(self.offset, self.rows)


@dataclass(frozen=True)
class Done:
    """What came of a slice: its files, durable, its row flow, and the files of its dropped rows, for whoever counts
    the persons behind those of all slices: an answer holds no number.
    """

    files: tuple[StoredFile, ...]
    row_flow: RowFlow
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class LentLookup:
    """What one identifier column is linked with, its tables in files that are lent for the linkage."""

    rules: IdentityRules
    serial_numbers: EncryptedFile
    others: EncryptedFile | None

    def held(self) -> ColumnLookup:
        """The same, its tables in memory."""
        others = None if self.others is None else held_rows(self.others)
        return ColumnLookup(self.rules, held_rows(self.serial_numbers), others)


class Sliced(Protocol):
    """Work that is done slice by slice."""

    def done(self, a_slice: Slice, attempt: int) -> Done:
        """Do one slice; no two attempts at any slices have the same number."""


@dataclass(frozen=True)
class SlicedLinkage:
    """The linkage of a received file: all that its slices have in common."""

    source: Source
    lookups: Mapping[str, LentLookup]
    bounds: Bounds
    place: Place
    memory: int

    def done(self, a_slice: Slice, attempt: int) -> Done:
        """Link one slice."""
        files = PartFiles(self.place, attempt * FILES_OF_AN_ATTEMPT)
        lookups = {column: lookup.held() for column, lookup in self.lookups.items()}
        with open_engine(ON, self.memory) as engine:
            linked, dropped = link_some(engine, a_slice.table, self.source, lookups, files, self.bounds)
        return Done(files.durable(linked.files), linked.row_flow, () if dropped is None else (dropped,))


@lru_cache(maxsize=8)
def _held(lent: EncryptedFile) -> pl.DataFrame:
    """A lent table, read once for all slices that a process does."""
    return lent.rows().collect()


def held_rows(lent: EncryptedFile) -> pl.LazyFrame:
    """The rows of a lent file, in memory."""
    return _held(lent).lazy()


def forget_held() -> None:
    """Of no lent table anything is in this process's memory any more, but for what a slice works with now."""
    _held.cache_clear()


def slices_of(parts: Sequence[Part], rows: int) -> list[Slice]:
    """Parts of the vault in slices of at most so many rows; a part without rows is one, so that its columns are known.

    :raises ValueError: for parts that do not lie in the vault.
    """
    return [each for part in parts for each in _slices(part, rows)]


def _slices(part: Part, rows: int) -> Iterator[Slice]:
    if part.file is None:
        raise ValueError("rows that do not lie in the vault are not linked elsewhere")
    for offset in range(0, max(part.height, 1), rows):
        height = min(rows, part.height - offset)
        yield Slice(part.file, offset, height, part.first, part.last, whole=height == part.height)


def taken_together(done: Iterable[Done]) -> Done:
    """All slices of a file as one; of the files without rows one is kept where there is no other."""
    slices = list(done)
    files = sorted((stored for each in slices for stored in each.files), key=lambda stored: -stored.rows)
    with_rows = tuple(stored for stored in files if stored.rows)
    dropped = tuple(name for each in slices for name in each.dropped)
    return Done(with_rows or tuple(files[:1]), RowFlow.of_all([each.row_flow for each in slices]), dropped)
