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


@dataclass(frozen=True)
class Batch:
    """What the columns of one batch share: whose each row is, of which unit, and how many rows are of each unit.

    ``of_unit`` says of each row whether it is of the unit; it is empty where there is but one.
    """

    persons: pl.Series
    units: pl.Series
    rows: list[int]
    of_unit: list[pl.Series]

    @classmethod
    def of(cls, persons: pl.Series, units: pl.Series, count: int) -> "Batch":
        """The batch of these rows, in a file of so many units."""
        if count == 1:
            return cls(persons, units, [persons.len()], [])
        of_unit = [units == unit for unit in range(count)]
        return cls(persons, units, [int(rows.sum()) for rows in of_unit], of_unit)


class ColumnCounts:
    """Counts one column."""

    def __init__(self, units: int, value_set: Sequence[str], dtype: pl.DataType | None) -> None:
        """``value_set`` is the closed one, if it has one; without ``dtype`` no distribution is made."""
        self._units = units
        self._filled = [0] * units
        self._with, self._without = _Persons(units), _Persons(units)
        self._all_with, self._all_without = _Persons(1), _Persons(1)
        self._seen: list[set[object]] = [set() for _ in range(units)]
        self._are_many = False
        self._places = {value: place for place, value in enumerate(dict.fromkeys(value_set))}
        self._values = [0] * (len(self._places) + 1)
        self._value_persons = _Persons(len(self._values))
        self._histogram: Histogram | None = None if dtype is None or value_set else histogram_of(dtype)

    def take(self, column: pl.Series, batch: Batch) -> None:
        """Count one batch."""
        self._take_filled(column, batch)
        counted = self._counted_values(column, batch)
        if self._places:
            self._take_values(column, batch.persons, counted)
        if self._histogram is not None:
            if counted is None:
                self._histogram.take(column)
            else:
                self._histogram.take_counted(counted["value"], counted["rows"])

    def counted(self) -> CountedColumn:
        """What was counted."""
        distinct, all_distinct = [len(seen) for seen in self._seen], self._seen_in_all()
        if self._are_many:
            distinct, all_distinct = [-1] * self._units, -1
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

    def _take_filled(self, column: pl.Series, batch: Batch) -> None:
        has = column.is_not_null() if column.null_count() else None
        for unit, rows in enumerate(_by_unit(has, batch)):
            self._filled[unit] += rows
        few = [self._all_with.may_be_few(0), self._all_without.may_be_few(0)]
        few += [counts.may_be_few(unit) for counts in (self._with, self._without) for unit in range(self._units)]
        if not any(few):
            return
        lacks = None if has is None else ~has
        _note(self._all_with, 0, batch.persons, has)
        if lacks is not None:
            _note(self._all_without, 0, batch.persons, lacks)
        for unit in range(self._units):
            of_unit = batch.of_unit[unit] if batch.of_unit else None
            _note(self._with, unit, batch.persons, has, of_unit)
            if lacks is not None:
                _note(self._without, unit, batch.persons, lacks, of_unit)

    def _counted_values(self, column: pl.Series, batch: Batch) -> pl.DataFrame | None:
        """The rows of each value of a batch (columns ``value`` and ``rows``), as long as different values are few; most
        columns of many show it in a few rows. One grouping serves all counts.
        """
        first = not any(self._seen)
        if self._are_many or (first and column.head(20 * MOST_DISTINCT).n_unique() > MOST_DISTINCT + 1):
            self._are_many = True
            return None
        if self._units == 1:
            counted = _values_counted(column)
            self._seen[0].update(counted["value"].to_list())
        else:
            pairs = pl.DataFrame({"value": column, "unit": batch.units})
            counted = pairs.group_by("value", "unit").agg(pl.len().alias("rows")).drop_nulls("value")
            for value, unit in zip(counted["value"].to_list(), counted["unit"].to_list(), strict=True):
                self._seen[unit].add(value)
        if self._seen_in_all() > MOST_DISTINCT:
            self._are_many, self._seen = True, [set() for _ in range(self._units)]
        return counted

    def _seen_in_all(self) -> int:
        return len(self._seen[0] if self._units == 1 else set().union(*self._seen))

    def _take_values(self, column: pl.Series, persons: pl.Series, counted: pl.DataFrame | None) -> None:
        if counted is None:
            counted = _values_counted(column)
        by_place: dict[int, list[object]] = {}
        values = counted["value"]
        for value, text, rows in zip(values.to_list(), _as_texts(values), counted["rows"].to_list(), strict=True):
            place = self._places.get(text, len(self._places))
            self._values[place] += rows
            by_place.setdefault(place, []).append(value)
        for place, held in by_place.items():
            if self._value_persons.may_be_few(place):
                one = len(held) == 1
                among = column == held[0] if one else column.is_in(pl.Series(held, dtype=column.dtype).implode())
                _note(self._value_persons, place, persons, among.fill_null(False))


class _Persons:
    """Persons behind some counts, exactly while they are few."""

    def __init__(self, counts: int) -> None:
        self.counts = [0] * counts

    def may_be_few(self, place: int) -> bool:
        return self.counts[place] < ENOUGH_PERSONS


def _note(
    counts: _Persons, place: int, persons: pl.Series, among: pl.Series | None, and_among: pl.Series | None = None
) -> None:
    """Count the persons of some rows, where it still matters: a person's rows stand together, and in one batch."""
    if not counts.may_be_few(place):
        return
    chosen = among if and_among is None or among is None else among & and_among
    chosen = and_among if chosen is None else chosen
    counts.counts[place] += runs(persons if chosen is None else persons.filter(chosen))


def _by_unit(has: pl.Series | None, batch: Batch) -> list[int]:
    """The rows with a value, by unit."""
    if has is None:
        return batch.rows
    if not batch.of_unit:
        return [int(has.sum())]
    return [int((has & of_unit).sum()) for of_unit in batch.of_unit]


def _values_counted(column: pl.Series) -> pl.DataFrame:
    """The rows of each value of a column: ``value`` and ``rows``."""
    held = column.drop_nulls() if column.null_count() else column
    return held.alias("value").value_counts(name="rows")


def _as_texts(values: pl.Series) -> list[str]:
    """Values as a value set writes them."""
    if values.dtype.is_float():
        return [f"{value:.0f}" if value == value // 1 else str(value) for value in values]
    return values.cast(pl.String).to_list()
