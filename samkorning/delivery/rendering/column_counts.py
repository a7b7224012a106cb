"""The counts of one column while its rows pass: bounded in memory, whatever the rows are.

What belongs here: counting batches of one column. What must not: what is shown of it.

Persons are counted only as far as a count can be small: once a hundred stand behind it, it never is again, and most
counts have come so far with the first batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.delivery.rendering.histogram import Histogram, histogram_of
from samkorning.delivery.rendering.persons import runs

ENOUGH_PERSONS = 100
"""No limit on small counts is higher."""
MOST_DISTINCT = 500
"""Different values are counted exactly up to so many; of more it is only told that they are more."""


@dataclass(frozen=True)
class CountedColumn:
    """Counts of one column. Persons are counted up to about :data:`ENOUGH_PERSONS`.

    ``filled``, ``with_value`` (persons), ``without_value`` (persons) and ``distinct`` by unit; those that begin with
    ``all_`` in the file. ``values`` and ``value_persons`` by value of the set and, last, of all other values;
    ``distinct`` and ``all_distinct`` are -1 where there are more than :data:`MOST_DISTINCT`. ``bins`` are pairs of a
    place in the histogram and the rows there.
    """

    filled: list[int]
    with_value: list[int]
    without_value: list[int]
    all_with_value: int
    all_without_value: int
    distinct: list[int]
    all_distinct: int
    values: list[int]
    value_persons: list[int]
    bins: list[list[int]]


class ColumnCounts:
    """Counts one column."""

    def __init__(self, units: int, value_set: Sequence[str], dtype: pl.DataType | None) -> None:
        """``value_set`` is the closed one, if it has one; without ``dtype`` no distribution is made."""
        self._units = units
        self._filled = [0] * units
        self._with, self._without = _Persons(units), _Persons(units)
        self._all_with, self._all_without = _Persons(1), _Persons(1)
        self._seen: pl.DataFrame | None = pl.DataFrame()
        self._places = {value: place for place, value in enumerate(dict.fromkeys(value_set))}
        self._values = [0] * (len(self._places) + 1)
        self._value_persons = _Persons(len(self._values))
        self._histogram: Histogram | None = None if dtype is None or value_set else histogram_of(dtype)

    def take(self, column: pl.Series, persons: pl.Series, units: pl.Series) -> None:
        """Count one batch."""
        has = column.is_not_null() if column.null_count() else None
        for unit in range(self._units):
            of_unit = None if self._units == 1 else units == unit
            self._take_unit(unit, has, of_unit, persons)
        _note(self._all_with, 0, persons, has)
        if has is not None:
            _note(self._all_without, 0, persons, ~has)
        self._take_distinct(column, units)
        if self._places:
            self._take_values(column, persons)
        if self._histogram is not None:
            self._histogram.take(column)

    def counted(self) -> CountedColumn:
        """What was counted."""
        seen = self._seen
        if seen is None:
            distinct, all_distinct = [-1] * self._units, -1
        elif seen.is_empty():
            distinct, all_distinct = [0] * self._units, 0
        else:
            by_unit = dict(seen.group_by("unit").len().iter_rows())
            distinct, all_distinct = [by_unit.get(unit, 0) for unit in range(self._units)], seen["value"].n_unique()
        return CountedColumn(
            self._filled,
            self._with.counts,
            self._without.counts,
            self._all_with.counts[0],
            self._all_without.counts[0],
            distinct,
            all_distinct,
            self._values if self._places else [],
            self._value_persons.counts if self._places else [],
            self._histogram.bins() if self._histogram is not None else [],
        )

    def _take_unit(self, unit: int, has: pl.Series | None, of_unit: pl.Series | None, persons: pl.Series) -> None:
        here = _both(has, of_unit)
        self._filled[unit] += persons.len() if here is None else int(here.sum())
        _note(self._with, unit, persons, here)
        if has is not None:
            _note(self._without, unit, persons, _both(~has, of_unit))

    def _take_distinct(self, column: pl.Series, units: pl.Series) -> None:
        """Different values by unit, until they are too many; most columns of many show it in a few rows."""
        if self._seen is None:
            return
        if column.head(20 * MOST_DISTINCT).n_unique() > MOST_DISTINCT + 1:
            self._seen = None
            return
        pairs = pl.DataFrame({"value": column, "unit": units}).unique().drop_nulls()
        self._seen = pl.concat([self._seen, pairs]).unique() if self._seen.width else pairs
        if self._seen["value"].n_unique() > MOST_DISTINCT:
            self._seen = None

    def _take_values(self, column: pl.Series, persons: pl.Series) -> None:
        counted = column.drop_nulls().value_counts(name="rows")
        other = len(self._places)
        by_place: dict[int, list[object]] = {}
        for value, text, rows in zip(
            counted[column.name], _as_texts(counted[column.name]), counted["rows"], strict=True
        ):
            place = self._places.get(text, other)
            self._values[place] += rows
            by_place.setdefault(place, []).append(value)
        for place, values in by_place.items():
            if self._value_persons.may_be_few(place):
                one = len(values) == 1
                among = column == values[0] if one else column.is_in(pl.Series(values, dtype=column.dtype).implode())
                _note(self._value_persons, place, persons, among.fill_null(False))


class _Persons:
    """Persons behind some counts, exactly while they are few."""

    def __init__(self, counts: int) -> None:
        self.counts = [0] * counts

    def may_be_few(self, place: int) -> bool:
        return self.counts[place] < ENOUGH_PERSONS


def _note(counts: _Persons, place: int, persons: pl.Series, among: pl.Series | None) -> None:
    """Count the persons of some rows, where it still matters: a person's rows stand together, and in one batch."""
    if counts.may_be_few(place):
        counts.counts[place] += runs(persons if among is None else persons.filter(among))


def _both(one: pl.Series | None, other: pl.Series | None) -> pl.Series | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _as_texts(values: pl.Series) -> list[str]:
    """Values as a value set writes them."""
    if values.dtype.is_float():
        return [f"{value:.0f}" if value == value // 1 else str(value) for value in values]
    return values.cast(pl.String).to_list()
