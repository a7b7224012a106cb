"""Rows of a column by steps that are the same for all data: numbers by two digits that count, dates by year.

What belongs here: the steps, and counting by them. What must not: which steps are shown together.

No step begins or ends at a value of the data, and nothing depends on how rows come in batches.
"""

from abc import ABC, abstractmethod
from collections import Counter
from typing import Protocol

import polars as pl

_LEAST, _MOST = -3, 10  # powers of ten: what lies beyond is counted in the outermost steps
_UP = [digits * 10.0 ** (power - 1) for power in range(_LEAST, _MOST) for digits in range(10, 100)]
EDGES = (*(-edge for edge in reversed(_UP)), 0.0, *_UP)
"""Where the steps of numbers begin: -990 000 000 … 0 0.001 0.0011 … 99 100 110 …; what is less has step 0."""


class Histogram(Protocol):
    """Counts rows by steps."""

    def take(self, column: pl.Series) -> None:
        """Count one batch."""

    def take_counted(self, values: pl.Series, rows: pl.Series) -> None:
        """Count a batch whose values are counted already."""

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


class _Counted(ABC):
    def __init__(self) -> None:
        self._rows: Counter[int] = Counter()

    def take(self, column: pl.Series) -> None:
        """Count a batch of which most values differ."""
        counted = self._steps(column.drop_nulls()).alias("step").value_counts(name="rows")
        self._add(counted["step"], counted["rows"])

    def take_counted(self, values: pl.Series, rows: pl.Series) -> None:
        """Count a batch whose values are counted already: only they are led to their steps."""
        self._add(self._steps(values), rows)

    def bins(self) -> list[list[int]]:
        """Pairs of a step and its rows, in order."""
        return [list(pair) for pair in sorted(self._rows.items())]

    @abstractmethod
    def _steps(self, values: pl.Series) -> pl.Series: ...

    def _add(self, steps: pl.Series, rows: pl.Series) -> None:
        for step, count in pl.DataFrame({"step": steps, "rows": rows}).group_by("step").sum().iter_rows():
            self._rows[step] += count


class _Numbers(_Counted):
    def __init__(self) -> None:
        super().__init__()
        self._edges = pl.Series(EDGES)

    def _steps(self, values: pl.Series) -> pl.Series:
        return self._edges.search_sorted(values.cast(pl.Float64), side="right")


class _Years(_Counted):
    def _steps(self, values: pl.Series) -> pl.Series:
        return values.dt.year()
