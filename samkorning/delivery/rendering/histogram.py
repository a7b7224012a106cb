"""Rows of a column by steps that are the same for all data: numbers by two digits that count, dates by year.

What belongs here: the steps, and counting by them. What must not: which steps are shown together.

No step begins or ends at a value of the data, and nothing depends on how rows come in batches.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import polars as pl

_LEAST, _MOST = -3, 10  # powers of ten: what lies beyond is counted in the outermost steps
_UP = [digits * 10.0 ** (power - 1) for power in range(_LEAST, _MOST) for digits in range(10, 100)]
EDGES = (*(-edge for edge in reversed(_UP)), 0.0, *_UP)
"""Where the steps of numbers begin: -990 000 000 … 0 0.001 0.0011 … 99 100 110 …; what is less has step 0."""
_SAMPLE = 10_000


class Histogram(Protocol):
    """Counts rows by steps."""

    def take(self, column: pl.Series) -> None:
        """Count one batch."""

    def bins(self) -> list[list[int]]:
        """Pairs of a step and its rows, in order."""


def histogram_of(dtype: pl.DataType) -> Histogram | None:
    """The histogram of a column; nothing where it has neither numbers nor dates."""
    if dtype.is_numeric():
        return _Numbers()
    return _Years() if isinstance(dtype, pl.Date | pl.Datetime) else None


def number_bounds(step: int) -> tuple[float | None, float | None]:
    """Where a step of numbers begins and where the next one does."""
    return (EDGES[step - 1] if step else None), (EDGES[step] if step < len(EDGES) else None)


class _Numbers:
    def __init__(self) -> None:
        self._rows: Counter[int] = Counter()
        self._edges = pl.Series(EDGES)

    def take(self, column: pl.Series) -> None:
        """Where different values are few, only they are searched for."""
        values = column.drop_nulls()
        sample = values.head(_SAMPLE)
        if 2 * sample.n_unique() > sample.len():
            counted = self._steps(values).value_counts(name="rows")
            _add(self._rows, counted[column.name], counted["rows"])
        else:
            counted = values.value_counts(name="rows")
            _add(self._rows, self._steps(counted[column.name]), counted["rows"])

    def bins(self) -> list[list[int]]:
        return [list(pair) for pair in sorted(self._rows.items())]

    def _steps(self, values: pl.Series) -> pl.Series:
        return self._edges.search_sorted(values.cast(pl.Float64), side="right").alias(values.name)


class _Years:
    def __init__(self) -> None:
        self._rows: Counter[int] = Counter()

    def take(self, column: pl.Series) -> None:
        years = column.drop_nulls().dt.year().value_counts(name="rows")
        _add(self._rows, years[column.name], years["rows"])

    def bins(self) -> list[list[int]]:
        return [list(pair) for pair in sorted(self._rows.items())]


def _add(counter: Counter[int], steps: pl.Series, rows: pl.Series | Sequence[int]) -> None:
    for step, count in pl.DataFrame({"step": steps, "rows": rows}).group_by("step").sum().iter_rows():
        counter[step] += count
