"""The frames that a selection reads, and their forms.

What belongs here: registers and population frames as they are handed over, and refusing what is not there. What must
not: where they lie (resources.register_store).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from samkorning.errors import NotFound
from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.selection.steps import (
    INDEX_DATES,
    PERSON,
    PERSONS,
    REGISTER_YEAR,
    RESIDENCE,
    Reading,
    Step,
)

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

_MISSING = {
    PERSONS: "an event group asks for age or sex, and no register of persons is loaded; load one with "
    "`samkorning register load`",
    RESIDENCE: "an event group asks for areas, and no register of residence is loaded; load one with "
    "`samkorning register load`",
    INDEX_DATES: "an event group counts from index_date, and the population has none; send it with index dates",
}


@dataclass(frozen=True)
class Frames:
    """What a selection reads. ``person`` (Int64) is one person's number over the number history, never null.

    ``registers`` has by register and year ``person`` and the register's variables; ``persons`` has ``person``,
    ``birth_date`` (Date) and ``sex`` (whole number); ``residence`` has ``person``, ``first_day``, ``last_day`` (Date,
    null while it goes on) and ``area`` (text); ``index_dates`` has ``person`` and ``index_date`` (Date).
    """

    registers: Mapping[str, Mapping[int, pl.LazyFrame]] = field(default_factory=dict)
    persons: pl.LazyFrame | None = None
    residence: pl.LazyFrame | None = None
    index_dates: pl.LazyFrame | None = None

    def of_population(self, name: str) -> pl.LazyFrame:
        """``persons``, ``residence`` or ``index_dates``.

        :raises NotFound: when it is not there, with what to load.
        """
        found = {PERSONS: self.persons, RESIDENCE: self.residence, INDEX_DATES: self.index_dates}[name]
        if found is None:
            raise NotFound(_MISSING[name])
        return found

    def require_for(self, steps: Iterable[Step]) -> None:
        """Refuses to begin where something that steps read is not there.

        :raises NotFound: with the step, and what to load.
        """
        for step in steps:
            for name in _MISSING.keys() & set(step.reads):
                self.of_population(name)
            self.require_rows(step)

    def require_rows(self, step: Step) -> None:
        """Refuses to begin where a register, or a variable of one of its years, is not there.

        :raises NotFound: with the step, and what to load.
        """
        for reading in step.readings:
            self._require_register(reading, step.of)

    def years(self, reading: Reading) -> dict[int, pl.LazyFrame]:
        """The years of a register that can have rows, in order; where none can, one without any."""
        every = dict(sorted(self.registers[reading.register].items()))
        found = {year: rows for year, rows in every.items() if reading.reads(year)}
        return found or {year: every[year].clear() for year in list(every)[:1]}

    def _require_register(self, reading: Reading, of: str) -> None:
        register = reading.register
        if not self.registers.get(register):
            todo = f"load one with `samkorning register load {register} YEAR FILE`"
            raise NotFound(f"{of}: no year of {register} is loaded; {todo}")
        for year, rows in self.years(reading).items():
            missing = {PERSON, *reading.columns(year)} - set(rows.collect_schema().names())
            if missing:
                lacks = f"{register} {year} has no variable {', '.join(sorted(missing))}"
                raise NotFound(f"{of}: {lacks}; load the year again, as the register catalogue has it")


def as_one_relation(reading: Reading, years: Mapping[int, pl.LazyFrame], every_column: bool = False) -> pl.LazyFrame:
    """The years of a register one below the other, with ``register_year``; a variable of other years is null.

    :param every_column: all variables of the register, in place of those that are read.
    """
    return pl.concat([_labelled(reading, year, rows, every_column) for year, rows in years.items()])


def _labelled(reading: Reading, year: int, rows: pl.LazyFrame, every_column: bool) -> pl.LazyFrame:
    kept = pl.exclude(PERSON) if every_column else pl.col(dict.fromkeys(reading.columns(year)))
    there = rows.collect_schema().names() if every_column else reading.columns(year)
    nothing = [pl.lit(None, dtype=pl.String).alias(name) for name in reading.code_columns if name not in there]
    label = pl.lit(year, dtype=pl.Int32).alias(REGISTER_YEAR)
    labelled = rows.select(PERSON, kept, *nothing, label)
    day = [reading.day] if reading.day else []
    return labelled if every_column else labelled.select(PERSON, *day, *reading.code_columns, REGISTER_YEAR)
