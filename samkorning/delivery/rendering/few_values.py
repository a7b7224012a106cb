"""The different values of a column while they are few: which there are in each unit, and the rows of each in a batch.

What belongs here: finding the values of one column, exactly. What must not: what else is counted (column_counts).

A batch is grouped by its values as long as it brings new ones. Short texts that are known are then found by their
bytes, which takes less than half of the time and does not wait for the library's threads (persons).
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from samkorning.delivery.rendering.known_texts import KnownTexts

MOST_DISTINCT = 500
"""Different values are counted exactly up to so many; of more it is only told that they are more."""


class ValuesCounted(NamedTuple):
    """Values of a batch and the rows that hold them. A value may come once for each unit."""

    values: pl.Series
    rows: pl.Series


def values_counted(column: pl.Series) -> ValuesCounted:
    """The values of a column and the rows of each, missing ones left out; of each value once."""
    counted = column.alias("value").drop_nulls().value_counts(name="rows")
    return ValuesCounted(counted["value"], counted["rows"])


class FewValues:
    """Knows the values of one column up to :data:`MOST_DISTINCT`."""

    def __init__(self, units: int) -> None:
        """``units`` is how many the file holds."""
        self._are_many = False
        self._places: dict[object, int] = {}
        self._is_in_unit = np.zeros((units, 0), dtype=np.bool_)
        self._texts: KnownTexts | None = None

    def take(self, column: pl.Series, units: pl.Series) -> ValuesCounted | None:
        """The values of a batch, missing ones left out; nothing once different values are many. Most columns of many
        show it in a few rows.
        """
        first = not self._places
        if self._are_many or (first and column.head(20 * MOST_DISTINCT).n_unique() > MOST_DISTINCT + 1):
            self._are_many = True
            return None
        rows = pl.DataFrame({"value": column, "unit": units})
        held = rows.filter(column.is_not_null()) if column.null_count() else rows
        return self._found(held) or self._grouped(held)

    def distinct(self) -> list[int]:
        """Different values by unit, -1 where they are many in the file."""
        if self._are_many:
            return [-1] * len(self._is_in_unit)
        return [int(each) for each in self._is_in_unit.sum(axis=1)]

    def all_distinct(self) -> int:
        """Different values in the file, -1 where they are many."""
        return -1 if self._are_many else len(self._places)

    def _found(self, held: pl.DataFrame) -> ValuesCounted | None:
        """The values of rows that hold known short texts alone."""
        units = len(self._is_in_unit)
        by_unit = self._texts.rows(held["value"], held["unit"], units) if self._texts is not None else None
        if by_unit is None:
            return None
        self._is_in_unit |= by_unit > 0
        rows = pl.Series(by_unit.sum(axis=0))
        return ValuesCounted(pl.Series(list(self._places), dtype=pl.String).filter(rows > 0), rows.filter(rows > 0))

    def _grouped(self, held: pl.DataFrame) -> ValuesCounted:
        """The values of any rows, which are known from now on."""
        if len(self._is_in_unit) == 1:
            counted, units = values_counted(held["value"]), pl.Series([0])
        else:
            by_unit = held.group_by("value", "unit").agg(pl.len().alias("rows"))
            counted, units = ValuesCounted(by_unit["value"], by_unit["rows"]), by_unit["unit"]
        before = len(self._places)
        places = [self._places.setdefault(value, len(self._places)) for value in counted.values.to_list()]
        new = len(self._places) - before
        self._is_in_unit = np.pad(self._is_in_unit, ((0, 0), (0, new)))
        self._is_in_unit[units.to_numpy(), places] = True
        if len(self._places) > MOST_DISTINCT:
            self._are_many, self._places, self._texts = True, {}, None
        elif new and held["value"].dtype == pl.String:
            self._texts = KnownTexts.of([str(value) for value in self._places])
        return counted
