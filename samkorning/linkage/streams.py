"""Rows that are made batch by batch, as a plan that others filter, cut and write.

What belongs here: honouring what a plan asks of its source. What must not: where the rows come from.
"""

from collections.abc import Callable, Iterator

import polars as pl
from polars.io.plugins import register_io_source


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
