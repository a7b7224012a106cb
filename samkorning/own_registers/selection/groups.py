"""The steps of an event group after its first: what is asked of days, one criterion a step.

What belongs here: the criteria, in the order that EventGroup states. What must not: registers and codes (events).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.selection import EventGroup
from samkorning.own_registers import days
from samkorning.own_registers.selection import writing
from samkorning.own_registers.selection.steps import (
    BY_INDEX_DATE,
    DAY,
    INDEX_DATE,
    INDEX_DATES,
    PERSON,
    PERSONS,
    RESIDENCE,
    Inputs,
    Relation,
    Step,
)
from samkorning.own_registers.selection.words import days_around, listed

if TYPE_CHECKING:
    import polars as pl

    Frame = pl.LazyFrame
else:
    pl = LoadedWhenUsed("polars")

Made = tuple[Step, Relation]
GIVEN = Relation("index_dates_given", BY_INDEX_DATE)
_OTHER = "~other"


def given_index_dates() -> Step:
    """The step with the index dates of the population, each once."""

    def given(inputs: Inputs) -> Frame:
        return inputs.relation(INDEX_DATES).select(PERSON, INDEX_DATE).drop_nulls(INDEX_DATE).unique()

    sql = "SELECT DISTINCT person, index_date\nFROM index_dates\nWHERE index_date IS NOT NULL"
    return Step(GIVEN.name, INDEX_DATE, "The index dates given with the population.", sql, given, (INDEX_DATES,))


def criteria(group: EventGroup, first: Relation, days_of: Mapping[str, Relation]) -> tuple[list[Step], Relation]:
    """One step for each criterion that is stated, and the relation that the last of them leaves.

    :param days_of: what the groups leave that come before.
    """
    steps, relation = list[Step](), first
    for is_stated, criterion in (
        (group.free_days is not None, _wash_out),
        (group.dates is not None, _within),
        (group.around is not None, _around),
        (group.ages is not None, _of_ages),
        (group.sex is not None, _of_sex),
        (bool(group.areas), _in_areas),
        (group.at_least > 1, _often_enough),
        (group.takes_one, _one_day),
    ):
        if is_stated:
            step, relation = criterion(group, relation, days_of)
            steps.append(step)
    return steps, relation


def _wash_out(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    free = group.free_days or 0
    sql = (
        f"SELECT person, day\nFROM {before.name}\n"
        f"QUALIFY coalesce(day - lag(day) OVER (PARTITION BY person ORDER BY day) > {free}, TRUE)"
    )

    def washed_out(frame: Frame) -> Frame:
        in_order = frame.sort(PERSON, DAY)
        others = pl.col(PERSON).ne_missing(pl.col(PERSON).shift(1))
        return in_order.filter(others | ((pl.col(DAY) - pl.col(DAY).shift(1)).dt.total_days() > free))

    return _made(group, before, "free", f"Days before which there is none for {free} days.", sql, washed_out)


def _within(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    window = group.dates
    first, last = (window.first_day, window.last_day) if window else (None, None)
    conditions = [f"day >= {writing.day(first)}"] if first else []
    conditions += [f"day <= {writing.day(last)}"] if last else []
    sql = _selected(before, "\n  AND ".join(conditions))

    def within(frame: Frame) -> Frame:
        since = frame.filter(pl.col(DAY) >= first) if first else frame
        return since.filter(pl.col(DAY) <= last) if last else since

    said = " ".join([*([f"from {first}"] if first else []), *([f"to {last}"] if last else [])])
    return _made(group, before, "within", f"Days {said}.", sql, within)


def _around(group: EventGroup, before: Relation, days_of: Mapping[str, Relation]) -> Made:
    window = group.around
    if window is None:
        raise AssertionError("asked for only where it is stated")
    other, day = (GIVEN, INDEX_DATE) if window.of == INDEX_DATE else (days_of[window.of], DAY)
    first, last = window.first_day, window.last_day
    conditions = [f"event.day >= {writing.shifted(f'other.{day}', first)}"] if first is not None else []
    conditions += [f"event.day <= {writing.shifted(f'other.{day}', last)}"] if last is not None else []
    given = "other.index_date, " if other.by_index_date else ""
    sql = (
        f"SELECT event.person, {given}event.day\nFROM {before.name} AS event\nJOIN {other.name} AS other USING (person)"
    )
    sql += f"\nWHERE {' AND '.join(conditions)}" if conditions else ""

    def around(frame: Frame, others: Frame) -> Frame:
        found = frame.join(others.with_columns(pl.col(day).alias(_OTHER)).select(*other.keys, _OTHER), on=PERSON)
        if first is not None:
            found = found.filter(pl.col(DAY) >= pl.col(_OTHER) + pl.duration(days=first))
        if last is not None:
            found = found.filter(pl.col(DAY) <= pl.col(_OTHER) + pl.duration(days=last))
        return found.select(*other.keys, DAY)

    sentence = f"{days_around(window)}."
    return _made(group, before, "around", sentence, sql, around, other.name, Relation("", other.keys))


def _of_ages(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    lowest, highest = (group.ages.lowest, group.ages.highest) if group.ages else (0, 0)
    condition = f"age_at(persons.birth_date, event.day) BETWEEN {lowest} AND {highest}"
    age = days.age_at(pl.col("birth_date"), pl.col(DAY))

    def of_ages(frame: Frame, persons: Frame) -> Frame:
        return frame.join(persons.select(PERSON, "birth_date"), on=PERSON).filter(age.is_between(lowest, highest))

    sentence = f"Days on which the person was {lowest} to {highest} whole years old."
    return _made(group, before, "aged", sentence, _with(before, PERSONS, condition), of_ages, PERSONS)


def _of_sex(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    sex = group.sex

    def of_sex(frame: Frame, persons: Frame) -> Frame:
        return frame.join(persons.filter(pl.col("sex") == sex), on=PERSON, how="semi")

    sentence = "Days of men." if sex == 1 else "Days of women."
    return _made(group, before, "sex", sentence, _with(before, PERSONS, f"persons.sex = {sex}"), of_sex, PERSONS)


def _in_areas(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    counties = [area for area in group.areas if len(area) == 2]
    municipalities = [area for area in group.areas if len(area) == 4]
    there = [f"residence.area IN {writing.areas(municipalities)}"] if municipalities else []
    there += [f"left(residence.area, 2) IN {writing.areas(counties)}"] if counties else []
    condition = "lies_in(event.day, residence.first_day, residence.last_day)\n  AND "
    condition += f"({' OR '.join(there)})"
    area, stay = pl.col("area"), days.lies_in(pl.col(DAY), pl.col("first_day"), pl.col("last_day"))

    def in_areas(frame: Frame, residence: Frame) -> Frame:
        meant = residence.filter(area.is_in(municipalities) | area.str.head(2).is_in(counties))
        return frame.join(meant.select(PERSON, "first_day", "last_day"), on=PERSON).filter(stay)

    sentence = f"Days on which the person was resident in {listed(group.areas)}."
    return _made(group, before, "resident", sentence, _with(before, RESIDENCE, condition), in_areas, RESIDENCE)


def _often_enough(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    least, keys = group.at_least, ", ".join(before.keys)
    sql = f"SELECT {keys}, day\nFROM {before.name}\nQUALIFY count(*) OVER (PARTITION BY {keys}) >= {least}"

    def often_enough(frame: Frame) -> Frame:
        often = frame.group_by(before.keys).len().filter(pl.col("len") >= least)
        return frame.join(often, on=before.keys, how="semi")

    return _made(group, before, "often", f"Days of those who have at least {least} such days.", sql, often_enough)


def _one_day(group: EventGroup, before: Relation, _: Mapping[str, Relation]) -> Made:
    take, keys = group.take, ", ".join(before.keys)
    sql = f"SELECT {keys}, {'max' if take == 'last' else 'min'}(day) AS day\nFROM {before.name}\nGROUP BY {keys}"
    if isinstance(take, int):
        sql = f"SELECT {keys}, day\nFROM {before.name}\n"
        sql += f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY day) = {take}"

    def one_day(frame: Frame) -> Frame:
        place = take - 1 if isinstance(take, int) else {"first": 0, "last": -1}[take]
        found = pl.col(DAY).sort().get(place, null_on_oob=True)
        return frame.group_by(before.keys).agg(found).drop_nulls(DAY)

    which = (
        f"{take}{'st' if take == 1 else 'nd' if take == 2 else 'rd' if take == 3 else 'th'}"
        if isinstance(take, int)
        else take
    )
    return _made(group, before, "taken", f"The {which} of these days.", sql, one_day)


def _made(
    group: EventGroup,
    before: Relation,
    criterion: str,
    sentence: str,
    sql: str,
    polars: Callable[..., Frame],
    beside: str | None = None,
    keyed: Relation | None = None,
) -> Made:
    """A step that follows another, reads it and at most one relation beside it, and leaves each day once."""
    after = Relation(f"{group.name}_{criterion}", keyed.keys if keyed else before.keys)
    reads = (before.name, *((beside,) if beside else ()))

    def found(inputs: Inputs) -> Frame:
        return polars(*map(inputs.relation, reads)).select(*after.keys, DAY).unique()

    return Step(after.name, group.name, sentence, sql, found, reads), after


def _selected(before: Relation, condition: str) -> str:
    return f"SELECT {', '.join(before.keys)}, day\nFROM {before.name}\nWHERE {condition}"


def _with(before: Relation, population: str, condition: str) -> str:
    """The days for which some row about the person in a population frame meets a condition."""
    columns = ", ".join(f"event.{name}" for name in (*before.keys, DAY))
    joined = f"SEMI JOIN {population} ON {population}.person = event.person"
    return f"SELECT {columns}\nFROM {before.name} AS event\n{joined}\n  AND {condition}"


__all__ = ["GIVEN", "criteria", "given_index_dates"]
