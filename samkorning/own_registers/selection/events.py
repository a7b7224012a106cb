"""The first step of an event group: the days of a person on which a register has rows of it; and these rows themselves.

What belongs here: registers, their years, codes and the day of a row. What must not: what is asked of days (groups).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from textwrap import fill
from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.selection import CodeList, EventGroup
from samkorning.own_registers.catalogue import CatalogueRegister, RegisterCatalogue
from samkorning.own_registers.catalogue.codes_by_year import CodePeriod, code_periods
from samkorning.own_registers.selection import writing
from samkorning.own_registers.selection.codes import begins_as, function, of_list, plain
from samkorning.own_registers.selection.steps import (
    BY_PERSON,
    DAY,
    PERSON,
    Definition,
    Inputs,
    Reading,
    Relation,
    Step,
)
from samkorning.own_registers.selection.words import listed
from samkorning.years import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

WRITTEN_DAY = "[12][0-9]{7}"
DAY_OF = Definition(
    "day_of",
    "The day that is written YYYYMMDD; one that is not complete, or is in no calendar, is none.",
    f"""CREATE OR REPLACE TEMP MACRO day_of(written) AS
    CASE WHEN regexp_full_match(written, '{WRITTEN_DAY}') THEN CAST(try_strptime(written, '%Y%m%d') AS DATE) END""",
)


class Events:
    """The registers of an event group, as the catalogue has them."""

    def __init__(self, group: EventGroup, lists: Mapping[str, CodeList], catalogue: RegisterCatalogue) -> None:
        self._group = group
        self._list = lists[group.codes.list] if group.codes else None
        self._registers = [catalogue.register(name) for name in group.registers]

    def days(self) -> tuple[Step, Relation]:
        """The step with each day of a person once, null where rows without a day are in the group."""
        after = Relation(f"{self._group.name}_rows", BY_PERSON)
        sql = "\nUNION\n".join(self._select_days(register) for register in self._registers)
        readings = tuple(map(self._reading, self._registers))
        return Step(after.name, self._group.name, self._sentence(), sql, self._days_in_polars, (), readings), after

    def rows(self, register: CatalogueRegister, days: Relation) -> Step:
        """The step that draws the rows of one register year, with all variables: those of the days that are taken."""
        name, source = (
            f"{self._group.name}_{writing.relation(register.name)}_taken_rows",
            writing.relation(register.name),
        )
        sql = f"SELECT * EXCLUDE (register_year)\nFROM {source}"
        group = self._group
        reads = (days.name,) if group.needs_day or group.sex is not None else ()
        if reads:
            same = f"{source}.person = {days.name}.person"
            same += f" AND {_day_in_sql(register)} = {days.name}.day" if group.needs_day else ""
            sql += f"\nSEMI JOIN {days.name} ON {same}"
        sql += _where(self._conditions(register, with_day=False))
        sentence = f"Rows of {register.name} of the event group {group.name}."

        def drawn(inputs: Inputs) -> pl.LazyFrame:
            reading = self._reading(register)
            [(year, rows)] = inputs.years(reading).items()
            found = self._with_codes(rows, register, year)
            if not reads:
                return found
            if not group.needs_day:
                return found.join(inputs.relation(days.name), on=PERSON, how="semi")
            on_days = found.with_columns(_day(register).alias("~day"))
            taken = inputs.relation(days.name).select(PERSON, pl.col(DAY).alias("~day"))
            return on_days.join(taken, on=[PERSON, "~day"], how="semi").drop("~day")

        return Step(name, self._group.name, sentence, sql, drawn, reads, (self._reading(register),))

    def _reading(self, register: CatalogueRegister) -> Reading:
        return Reading(register.name, register.day, self._periods(register) if self._list else None)

    def _periods(self, register: CatalogueRegister) -> tuple[CodePeriod, ...]:
        codes = self._group.codes
        return code_periods(register, codes.positions, self._list.codes) if codes and self._list else ()

    def _days_in_polars(self, inputs: Inputs) -> pl.LazyFrame:
        found = [
            self._with_codes(rows, register, year).select(PERSON, _day(register).alias(DAY))
            for register in self._registers
            for year, rows in inputs.years(self._reading(register)).items()
        ]
        if not found:
            return pl.LazyFrame(schema={PERSON: pl.Int64, DAY: pl.Date})
        days = pl.concat(found)
        return (days.filter(pl.col(DAY).is_not_null()) if self._group.needs_day else days).unique()

    def _with_codes(self, rows: pl.LazyFrame, register: CatalogueRegister, year: int) -> pl.LazyFrame:
        """The rows of a year that have a code of the list; all where none are sought."""
        if self._list is None:
            return rows
        period = self._reading(register).period(year)
        if period is None:
            return rows.clear()
        columns, sought = period.columns, self._list
        near = rows.filter(reduce(or_, (begins_as(pl.col(name), sought, system) for name, system in columns)))
        compared = near.with_columns(plain(pl.col(name)).alias(f"~{name}") for name, _ in columns)
        found = compared.filter(reduce(or_, (of_list(pl.col(f"~{name}"), sought, system) for name, system in columns)))
        return found.drop(f"~{name}" for name, _ in columns)

    def _select_days(self, register: CatalogueRegister) -> str:
        day = _day_in_sql(register)
        selected = f"SELECT DISTINCT person, {day} AS day\nFROM {writing.relation(register.name)}"
        return selected + _where(self._conditions(register, with_day=self._group.needs_day))

    def _conditions(self, register: CatalogueRegister, with_day: bool) -> Iterator[str]:
        if with_day:
            yield f"{_day_in_sql(register)} IS NOT NULL"
        if self._list is not None:
            periods = [self._in_period(period, self._list) for period in self._periods(register)]
            yield periods[0] if len(periods) == 1 else "(\n    " + "\n    OR ".join(periods or ["FALSE"]) + "\n  )"

    def _in_period(self, period: CodePeriod, code_list: CodeList) -> str:
        found = [f"{function(code_list, system)}({writing.variable(name)})" for name, system in period.columns]
        of_codes, years = fill(" OR ".join(found), 110, subsequent_indent=" " * 8), _years(period)
        of_codes = f"({of_codes})" if len(found) > 1 else of_codes
        return f"({years} AND {of_codes})" if years else of_codes

    def _sentence(self) -> str:
        group, codes = self._group, self._group.codes
        sought = (
            f" with a code of the list {codes.list} as {listed(each.replace('_', ' ') for each in codes.positions)}"
            if codes
            else ""
        )
        no_day = "" if group.needs_day else "; a row without a day counts as well"
        return f"Days on which a person has a row of {listed(group.registers)}{sought}{no_day}."


def _years(period: CodePeriod) -> str:
    bounds = period.from_year > FIRST_YEAR, period.to_year < LAST_YEAR
    if all(bounds):
        return f"register_year BETWEEN {period.from_year} AND {period.to_year}"
    return f"register_year >= {period.from_year}" if bounds[0] else f"register_year <= {period.to_year}" * bounds[1]


def _where(conditions: Iterable[str]) -> str:
    joined = "\n  AND ".join(conditions)
    return f"\nWHERE {joined}" if joined else ""


def _day_in_sql(register: CatalogueRegister) -> str:
    if register.day is None:
        return "CAST(NULL AS DATE)"
    name = writing.variable(register.day)
    return name if register.variable(register.day).type == "date" else f"day_of(CAST({name} AS VARCHAR))"


def _day(register: CatalogueRegister) -> pl.Expr:
    if register.day is None:
        return pl.lit(None, dtype=pl.Date)
    if register.variable(register.day).type == "date":
        return pl.col(register.day)
    written = pl.col(register.day).cast(pl.String)
    complete = pl.when(written.str.contains(f"^{WRITTEN_DAY}$")).then(written)
    return complete.str.to_date("%Y%m%d", strict=False)
