"""Rows as they pass, counted for whoever watches.

What belongs here: counting. What must not: who watches (progress).
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol, TypeVar

import polars as pl

from samkorning.machine.progress import Advance, Progress, Unwatched, Work, nobody

A_CELL = 1
"""Bytes of the separator or line end behind a value of text."""


class HasFrame(Protocol):
    """A batch of a file."""

    @property
    def frame(self) -> pl.DataFrame: ...


Framed = TypeVar("Framed", bound=HasFrame)


def counted(batches: Iterable[pl.DataFrame], advance: Advance) -> Iterator[pl.DataFrame]:
    """The same batches; each counts as done when the next is asked for."""
    for batch in batches:
        yield batch
        advance(batch.height)


def read_on(batches: Iterable[Framed], progress: Progress, size: int | None) -> Iterator[Framed]:
    """The same batches of a file, watched while they are read; of so many bytes of plain text, where it is that."""
    coming = iter(batches)
    first = next(coming, None)
    if first is None:
        return
    rows = None if size is None or isinstance(progress, Unwatched) else rows_expected(size, first.frame)
    with progress.of(Work.READING, rows) as advance:
        for batch in chain([first], coming):
            yield batch
            advance(batch.frame.height)


def counted_plan(rows: pl.LazyFrame, advance: Advance) -> pl.LazyFrame:
    """The same plan, whose rows count when they come by; untouched where nobody watches."""
    if advance is nobody:
        return rows

    def passed(batch: pl.DataFrame) -> pl.DataFrame:
        advance(batch.height)
        return batch

    return rows.map_batches(passed, validate_output_schema=False, streamable=True)


def rows_expected(size: int, first: pl.DataFrame) -> int | None:
    """About how many rows a plain file of text of so many bytes holds, judged by its first ones; None if by none."""
    if first.is_empty() or not first.width:
        return None
    held = first.select(pl.sum_horizontal(pl.all().cast(pl.String).str.len_bytes().fill_null(0) + A_CELL).sum()).item()
    return max(first.height, size * first.height // int(held))
