"""Who is at risk from which day to which: alive, resident, and as the population register (befolkningsregister) has it.

What belongs here: from persons, residence and deaths to intervals of one person that never overlap, and the count of
the register's faults. What must not: cases and matching.

A fault doubles nobody and is never guessed away: where rows of a person contradict each other, the value is missing,
and a missing value is like no other. Of deaths the earliest counts. On a day that several residences hold, the one
that began last does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from samkorning.errors import NotFound
from samkorning.own_registers import days

PERSON, BIRTH_DATE, DEATH_DATE = "person", "birth_date", "death_date"
FIRST, LAST = "first_day", "last_day"
BIRTH_YEAR = "birth_year"
UNTIL, SINCE = "~until", "~since"


@dataclass(frozen=True)
class PopulationRegister:
    """The population register as frames; ``person`` is Int64 and the latest number, dates are Date.

    ``persons``: person, birth_date, further columns that never change (sex). ``residence``: person, first_day, last_day
    (null: still resident), further columns as they are in the interval (area). ``deaths``: person, death_date.
    """

    persons: pl.LazyFrame
    residence: pl.LazyFrame
    deaths: pl.LazyFrame

    def of(self, keep: pl.Expr) -> "PopulationRegister":
        """The register of some persons, chosen by their number."""
        return PopulationRegister(self.persons.filter(keep), self.residence.filter(keep), self.deaths.filter(keep))

    def types(self) -> dict[str, pl.DataType]:
        """The columns that can be matched; one that has an interval goes before one of the same name that has none."""
        types = {**self.persons.collect_schema(), **self.residence.collect_schema(), BIRTH_YEAR: pl.Int32()}
        return {name: dtype for name, dtype in types.items() if name not in (PERSON, FIRST, LAST)}


@dataclass(frozen=True)
class AtRisk:
    """Intervals at risk, and what was wrong with the register's rows.

    ``intervals``: person, the columns asked for, first_day and last_day (never null); on a day at most one of a person.
    ``persons``: each person of the register once. ``deaths``: each dead person once.
    """

    intervals: pl.DataFrame
    persons: pl.Series
    deaths: pl.DataFrame
    faults: Counter[str]


def at_risk(
    register: PopulationRegister, columns: Sequence[str], resident_years: int = 0, ends: pl.DataFrame | None = None
) -> AtRisk:
    """Who was at risk and when: resident and alive, for so many years already or since birth.

    The register is held in memory: hand in a part of it, with all rows of its persons.

    :param columns: names among ``register.types()``.
    :param ends: person and last_day of those who for another reason are not at risk after that day.
    :raises NotFound: for a column that the register does not have.
    """
    missing = [name for name in columns if name not in register.types()]
    if missing:
        raise NotFound(f"the population register has no column {', '.join(missing)}; amend the specification")
    faults: Counter[str] = Counter()
    stored = _others(columns, BIRTH_YEAR)
    varying = [name for name in stored if name in register.residence.collect_schema()]
    fixed = [name for name in stored if name not in varying]
    persons = _persons(register.persons.select(PERSON, BIRTH_DATE, *_others(fixed, BIRTH_DATE)), faults)
    residence = _residence(register.residence.select(PERSON, FIRST, LAST, *varying), varying, faults)
    deaths = _deaths(register.deaths.select(PERSON, DEATH_DATE), faults)
    born = [pl.col(BIRTH_DATE).dt.year().alias(BIRTH_YEAR)] if BIRTH_YEAR in columns else []
    cut = _cut(residence, persons, _last_days(deaths, ends), resident_years)
    intervals = cut.with_columns(*born).select(PERSON, *columns, FIRST, LAST).collect(engine="streaming")
    return AtRisk(intervals, persons[PERSON], deaths, faults)


def _others(columns: Sequence[str], name: str) -> list[str]:
    return [column for column in columns if column != name]


def _persons(rows: pl.LazyFrame, faults: Counter[str]) -> pl.DataFrame:
    """Each person once; what its rows contradict each other about is missing."""
    persons = rows.filter(pl.col(PERSON).is_not_null()).collect(engine="streaming")
    if persons[PERSON].n_unique() == persons.height:
        return persons
    distinct = persons.unique()
    repeated = persons.height - distinct.height
    if distinct[PERSON].n_unique() < distinct.height:
        by_person = distinct.group_by(PERSON)
        faults["persons in rows that differ"] += int((by_person.len()["len"] > 1).sum())
        distinct = by_person.agg(_if_one(name) for name in persons.columns if name != PERSON)
    faults["rows of persons repeated"] += repeated
    return distinct


def _if_one(column: str) -> pl.Expr:
    """The value of a group where all its rows have the same."""
    return pl.when(pl.col(column).n_unique() == 1).then(pl.col(column).first()).alias(column)


def _deaths(rows: pl.LazyFrame, faults: Counter[str]) -> pl.DataFrame:
    """Each dead person once with the earliest date; null where no record has one."""
    deaths = rows.filter(pl.col(PERSON).is_not_null()).collect(engine="streaming")
    known = pl.col(DEATH_DATE).drop_nulls()
    found = deaths.group_by(PERSON).agg(known.min(), known.n_unique().alias("dates"), pl.len().alias("records"))
    faults["deaths recorded again"] += deaths.height - found.height
    faults["deaths on several dates"] += int((found["dates"] > 1).sum())
    faults["deaths without a date"] += int((found["dates"] == 0).sum())
    return found.select(PERSON, DEATH_DATE)


def _residence(rows: pl.LazyFrame, varying: Sequence[str], faults: Counter[str]) -> pl.DataFrame:
    """Intervals with both ends, in the order of person and day, of which none overlap."""
    every = rows.filter(pl.col(PERSON).is_not_null()).collect(engine="streaming")
    forward = every.filter(days.runs_forward(pl.col(FIRST), pl.col(LAST)))
    faults["residences without a first day or that end before it"] += every.height - forward.height
    ordered = _in_order(forward.with_columns(pl.col(LAST).fill_null(days.OPEN)))
    overlapping = ordered.filter(_follows_in_person() & (pl.col(FIRST) <= pl.col(LAST).shift(1)))[PERSON].unique()
    if overlapping.is_empty():
        return ordered
    faults["persons with residences that overlap"] += len(overlapping)
    apart = pl.col(PERSON).is_in(overlapping.implode())
    resolved = _without_overlap(ordered.filter(apart), varying)
    return pl.concat([ordered.filter(~apart), resolved]).sort(PERSON, FIRST)


def _in_order(residence: pl.DataFrame) -> pl.DataFrame:
    """By person and day; a register that lies so already is not sorted again."""
    follows = (pl.col(PERSON) > pl.col(PERSON).shift(1)) | (
        _follows_in_person() & (pl.col(FIRST) >= pl.col(FIRST).shift(1))
    )
    lies_so = residence.select(follows.all()).item()
    return residence if lies_so else residence.sort(PERSON, FIRST)


def _follows_in_person() -> pl.Expr:
    """Whether the row before is of the same person, in rows sorted by person."""
    return pl.col(PERSON) == pl.col(PERSON).shift(1)


def _without_overlap(residence: pl.DataFrame, varying: Sequence[str]) -> pl.DataFrame:
    """The intervals of some persons cut where one begins or has ended; in each piece the one that began last counts."""
    begins = residence.select(PERSON, pl.col(FIRST).alias("begin"))
    ends = residence.select(PERSON, pl.col(LAST).alias("begin") + pl.duration(days=1))
    cuts = pl.concat([begins, ends]).unique().sort(PERSON, "begin")
    following = pl.col("begin").shift(-1).over(PERSON, order_by="begin")
    pieces = cuts.with_columns((following - pl.duration(days=1)).alias("end")).drop_nulls("end")
    inside = pieces.join(residence, on=PERSON).filter(days.lies_in(pl.col("begin"), pl.col(FIRST), pl.col(LAST)))
    latest = inside.filter(pl.col(FIRST) == pl.col(FIRST).max().over(PERSON, "begin"))
    piece = latest.group_by(PERSON, pl.col("begin").alias(FIRST), pl.col("end").alias(LAST))
    return piece.agg(_if_one(name) for name in varying).select(residence.columns)


def _last_days(deaths: pl.DataFrame, ends: pl.DataFrame | None) -> pl.DataFrame:
    """The last day at risk of those that have one, in the order of persons; before all days where it is not known."""
    of_deaths = deaths.select(PERSON, pl.col(DEATH_DATE).fill_null(date.min).alias(UNTIL))
    further = ends.select(PERSON, pl.col(LAST).alias(UNTIL)) if ends is not None else of_deaths.clear()
    return pl.concat([of_deaths, further]).group_by(PERSON).agg(pl.col(UNTIL).min()).sort(PERSON)


def _cut(residence: pl.DataFrame, persons: pl.DataFrame, last_days: pl.DataFrame, years: int) -> pl.LazyFrame:
    """The intervals from birth to the last day, both included.

    All are sorted by person, and known to be before the plan is made, so that they are merged: an eighth of the time.
    """
    limits = persons.sort(PERSON).lazy().join(last_days.lazy(), on=PERSON, how="left", maintain_order="left")
    known, limited = (each.with_columns(pl.col(PERSON).set_sorted()) for each in (residence, limits.collect()))
    lived = _from_then(known.lazy().join(limited.lazy(), on=PERSON, maintain_order="left"), years)
    cut = lived.with_columns(pl.max_horizontal(FIRST, BIRTH_DATE), pl.min_horizontal(LAST, UNTIL))
    return cut.filter(pl.col(FIRST) <= pl.col(LAST))


def _from_then(residence: pl.LazyFrame, years: int) -> pl.LazyFrame:
    """The intervals from the day on which so many years of residence are completed.

    Intervals that follow each other day by day are one residence; one that began at birth counts from the beginning.
    """
    if years == 0:
        return residence
    goes_on = _follows_in_person() & (pl.col(FIRST) == pl.col(LAST).shift(1) + pl.duration(days=1))
    since = pl.when(~goes_on.fill_null(value=False)).then(pl.col(FIRST)).forward_fill()
    since_birth = pl.col(SINCE) <= pl.col(BIRTH_DATE)
    completed = pl.when(since_birth).then(pl.col(FIRST)).otherwise(days.anniversary(pl.col(SINCE), years))
    known = residence.with_columns(since.alias(SINCE))
    return known.with_columns(pl.max_horizontal(completed, FIRST).alias(FIRST)).drop(SINCE)
