"""How far long work has come: how many of its rows are done, told to whoever watches; unasked for, nobody does.

What belongs here: what can be watched, and counting rows as they pass. What must not: terminals, or any name: the work
is called by one of a few words, so that nothing of anybody's can be shown.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from itertools import chain
from typing import Protocol, TypeVar

import polars as pl

Advance = Callable[[int], None]
"""Takes how many rows more are done; any thread may call it."""
A_CELL = 1
"""Bytes of the separator or line end behind a value of text."""


class Work(StrEnum):
    """What is being done."""

    READING = "reading"
    SORTING = "sorting"
    LINKING = "linking"
    ORDERING = "putting in order"


class Progress(Protocol):
    """Whoever watches."""

    def of(self, work: Work, rows: int | None) -> AbstractContextManager[Advance]:
        """Watch one piece of work, until the block ends, however it ends; of so many rows, where that is known."""


class Unwatched:
    """Nobody watches."""

    def of(self, work: Work, rows: int | None) -> AbstractContextManager[Advance]:
        """Let it pass."""
        return nullcontext(nobody)


class HasFrame(Protocol):
    """A batch of a file."""

    @property
    def frame(self) -> pl.DataFrame: ...


Framed = TypeVar("Framed", bound=HasFrame)
UNWATCHED: Progress = Unwatched()


def nobody(rows: int) -> None:
    """Let rows pass that nobody counts."""


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
