"""A register year in parts sorted by number, so that few persons are found without reading all of it.

What belongs here: cutting a year up and sorting it within a given memory. What must not: what a value may be (values),
or where a year lies (the vault).

Rows are gathered, sorted and written as they come; then each range is read from all of these and sorted by itself. The
cuts stand in a manifest, which is not encrypted, so they are months of birth, which are nobody's number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import polars as pl

from samkorning.linkage.digest import RowsDigest
from samkorning.linkage.streams import streamed
from samkorning.machine.progress import UNWATCHED, Advance, Progress, Work
from samkorning.own_registers.person_column import NUMBER

LEAST, GREATEST = -5 * 10**18, 10**12 - 1
"""The bounds of all numbers; neither is anybody's. Below nought stand identities whose numbers are text."""
MONTH = 10**6
"""Numbers in a month of birth: days and the four last digits."""
SHARE = 12
"""Of the memory, a part has this fraction: it is held, sorted and encoded, beside what its reader holds."""
GROUPS_IN_A_PART = 16
ROWS_AT_ONCE = 100_000


class Writing(Protocol):
    """Where rows go: the vault's draft of a generation."""

    def write_sorted(self, rows: pl.LazyFrame, rows_in_group: int) -> str:
        """Write sorted rows into one file, in groups of so many; its name."""

    def rows_of(self, name: str) -> pl.LazyFrame:
        """Open a written file."""

    def remove(self, name: str) -> None:
        """Take a written file away."""


@dataclass(frozen=True)
class SortedYear:
    """A year as written: its files by name with the bounds of their numbers, a digest of its rows, and how many
    persons they are about."""

    files: dict[str, tuple[int, int]]
    content_digest: str
    persons: int


@dataclass(frozen=True)
class _Range:
    first: int
    last: int
    rows: int


@dataclass
class _Persons:
    """How many persons have been written: no number lies in two parts."""

    count: int = 0


def write_sorted(
    writing: Writing, batches: Iterable[pl.DataFrame], memory: int, progress: Progress = UNWATCHED
) -> SortedYear:
    """Writes a year into parts with disjoint ranges of numbers, each sorted by number, whatever order it comes in.

    :param batches: at least one, with column ``number`` (Int64, of twelve digits) and the register's variables.
    :param memory: bytes.
    """
    digest, runs, months, size, persons = RowsDigest(), list[str](), list[pl.DataFrame](), 0, _Persons()
    for rows in _gathered(batches, memory // SHARE):
        digest.add(rows)
        months.append(rows.group_by(_month()).len())
        size += int(rows.estimated_size())
        runs.append(writing.write_sorted(rows.sort(NUMBER, maintain_order=True).lazy(), ROWS_AT_ONCE))
    if len(runs) == 1:
        alone = writing.rows_of(runs[0]).select(pl.col(NUMBER).n_unique()).collect().item()
        return SortedYear({runs[0]: (LEAST, GREATEST)}, digest.text, alone)
    most = max(digest.rows * (memory // SHARE) // max(size, 1), 1)
    with progress.of(Work.SORTING, digest.rows) as advance:
        gathered = pl.concat(map(writing.rows_of, runs))
        files = dict(_parts(writing, gathered, pl.concat(months), most, advance, persons))
    for run in runs:
        writing.remove(run)
    return SortedYear(files, digest.text, persons.count)


def _month() -> pl.Expr:
    """The month of birth in a number; one for all identities of text, so that no cut says anything of them."""
    return (pl.col(NUMBER) // MONTH).clip(lower_bound=0)


def may_hold(numbers: pl.Series, first: int | None, last: int | None) -> pl.Series:
    """Those of some sorted numbers that a part with these bounds may hold; all where none are recorded."""
    if first is None or last is None:
        return numbers
    begin, end = numbers.search_sorted(first, "left"), numbers.search_sorted(last, "right")
    return numbers.slice(begin, end - begin)


def _gathered(batches: Iterable[pl.DataFrame], most_bytes: int) -> Iterator[pl.DataFrame]:
    """The rows, as many at once as have about so many bytes."""
    held, size = list[pl.DataFrame](), 0
    for batch in batches:
        if held and size + batch.estimated_size() > most_bytes:
            yield pl.concat(held)
            held, size = [], 0
        held.append(batch)
        size += int(batch.estimated_size())
    yield pl.concat(held)


def _parts(
    writing: Writing, rows: pl.LazyFrame, months: pl.DataFrame, most: int, advance: Advance, persons: _Persons
) -> Iterator[tuple[str, tuple[int, int]]]:
    schema, groups = rows.collect_schema(), max(most // GROUPS_IN_A_PART, 1)
    cut = list(_ranges(months, most))
    ends = [LEAST, *(each.first * MONTH for each in cut[1:]), GREATEST + 1]
    for each, first, following in zip(cut, ends[:-1], ends[1:], strict=True):
        part = partial(_in_order, rows, _Range(first, following - 1, each.rows), most, persons)
        yield writing.write_sorted(streamed(part, schema), groups), (first, following - 1)
        advance(each.rows)


def _in_order(rows: pl.LazyFrame, wanted: _Range, most: int, persons: _Persons) -> Iterator[pl.DataFrame]:
    """The rows of a range sorted by number, never many more than ``most`` in memory."""
    inside = rows.filter(pl.col(NUMBER).is_between(wanted.first, wanted.last))
    if wanted.rows <= most:
        ordered = inside.collect(engine="streaming").sort(NUMBER, maintain_order=True)
        persons.count += ordered[NUMBER].n_unique()
        yield ordered
    elif wanted.first == wanted.last:
        persons.count += 1
        yield from inside.collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True)
    else:
        for each in _ranges(inside.group_by(NUMBER).len().collect(engine="streaming"), most):
            yield from _in_order(rows, each, most, persons)


def _ranges(counts: pl.DataFrame, most: int) -> Iterator[_Range]:
    """Neighbouring values together while their rows are at most so many; columns ``number`` and ``len``."""
    summed = counts.group_by(NUMBER).agg(pl.col("len").sum().cast(pl.Int64)).sort(NUMBER)
    held: _Range | None = None
    for value, rows in summed.iter_rows():
        if held and held.rows + rows <= most:
            held = _Range(held.first, value, held.rows + rows)
            continue
        if held:
            yield held
        held = _Range(value, value, rows)
    if held:
        yield held
