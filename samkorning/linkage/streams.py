"""Rows that are made batch by batch, as a plan that others filter, cut and write.

What belongs here: honouring what a plan asks of its source. What must not: where the rows come from.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import polars as pl
from polars.io.plugins import register_io_source

from samkorning.errors import GuardedFailure, SamkorningError

Written = TypeVar("Written")


def streamed(batches: Callable[[], Iterator[pl.DataFrame]], schema: pl.Schema) -> pl.LazyFrame:
    """A plan over rows that ``batches`` makes anew each time it is computed, all with the columns of ``schema``."""

    def source(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        left = rows
        for batch in batches():
            wanted = batch if predicate is None else batch.filter(predicate)
            wanted = wanted if left is None else wanted.head(left)
            yield wanted if columns is None else wanted.select(columns)
            left = None if left is None else left - wanted.height
            if left == 0:
                return

    return register_io_source(source, schema=schema, is_pure=False)


class Watched:
    """Batches whose own failure is remembered: the engine that asks for them hides it behind one of its own."""

    def __init__(self, batches: Callable[[], Iterator[pl.DataFrame]]) -> None:
        self._batches = batches
        self._failure: SamkorningError | None = None

    def __call__(self) -> Iterator[pl.DataFrame]:
        """The batches."""
        try:
            yield from self._batches()
        except SamkorningError as failure:
            self._failure = failure
            raise

    def written(self, write: Callable[[pl.LazyFrame], Written], schema: pl.Schema) -> Written:
        """What ``write`` makes of the batches as rows of these columns; where they fail, their own failure."""
        try:
            return write(streamed(self, schema))
        except GuardedFailure:
            if self._failure is None:
                raise
        raise self._failure
