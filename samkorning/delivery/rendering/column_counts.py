"""The counts of one column while its rows pass: bounded in memory, whatever the rows are.

What belongs here: counting batches of one column. What must not: what is shown of it.

Persons are counted only as far as a count can be small: once a hundred stand behind it, it never is again, and most
counts have come so far with the first batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.delivery.rendering.few_values import FewValues, ValuesCounted, values_counted
from samkorning.delivery.rendering.histogram import Histogram, histogram_of
from samkorning.delivery.rendering.persons import runs

ENOUGH_PERSONS = 100
"""No limit on small counts is higher."""


@dataclass(frozen=True)
class CountedColumn:
    """Counts of one column. Persons are counted up to about :data:`ENOUGH_PERSONS`.

    ``filled``, ``with_value`` (persons), ``without_value`` (persons) and ``distinct`` by unit; those that begin with
    ``all_`` in the file. ``values`` and ``value_persons`` by value of the set and, last, of all other values;
    ``distinct`` and ``all_distinct`` are -1 where there are more than few_values.MOST_DISTINCT. ``bins`` are pairs of a
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
        self._few = FewValues(units)
        self._places = {value: place for place, value in enumerate(dict.fromkeys(value_set))}
        self._values = [0] * (len(self._places) + 1)
        self._value_persons = _Persons(len(self._values))
        self._histogram: Histogram | None = None if dtype is None or value_set else histogram_of(dtype)

    def take(self, column: pl.Series, batch: Batch) -> None:
        """Count one batch."""
        self._take_filled(column, batch)
        counted = self._few.take(column, batch.units)
        if self._places:
            self._take_values(column, batch.persons, counted)
        if self._histogram is not None:
            if counted is None:
                self._histogram.take(column)
            else:
                self._histogram.take_counted(counted.values, counted.rows)

    def counted(self) -> CountedColumn:
        """What was counted."""
        return CountedColumn(
            self._filled,
            self._with.counts,
            self._without.counts,
            self._all_with.counts[0],
            self._all_without.counts[0],
            self._few.distinct(),
            self._few.all_distinct(),
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

    def _take_values(self, column: pl.Series, persons: pl.Series, counted: ValuesCounted | None) -> None:
        values, rows = counted or values_counted(column)
        places = [self._places.get(text, len(self._places)) for text in _as_texts(values)]
        for place, count in zip(places, rows.to_list(), strict=True):
            self._values[place] += count
        few = [self._value_persons.may_be_few(place) for place in places]
        if any(few):
            self._note_persons(column, persons, pl.DataFrame({"value": values, "place": places}).filter(few))

    def _note_persons(self, column: pl.Series, persons: pl.Series, places: pl.DataFrame) -> None:
        """Count who holds some values (columns ``value`` and ``place``), each person once a place."""
        values = places["value"]
        holding = column == values[0] if len(values) == 1 else column.is_in(values.implode())
        held = pl.DataFrame({"value": column, "person": persons}).filter(holding).join(places.unique(), on="value")
        for place, count in held.group_by("place").agg(pl.col("person").n_unique()).iter_rows():
            self._value_persons.counts[place] += count


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


def _as_texts(values: pl.Series) -> list[str]:
    """Values as a value set writes them."""
    if values.dtype.is_float():
        return [f"{value:.0f}" if value == value // 1 else str(value) for value in values]
    return values.cast(pl.String).to_list()
