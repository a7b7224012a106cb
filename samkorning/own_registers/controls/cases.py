"""The cases: each person and index date once, which of them can have controls, and what a control of each is like.

What belongs here: from the rows that name cases to entries, their outcome and the values that a control must have. What
must not: who is at risk (at_risk) and drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from samkorning.errors import NotFound
from samkorning.order.controls import MatchedColumn
from samkorning.own_registers import days
from samkorning.own_registers.controls.at_risk import FIRST, LAST, PERSON, AtRisk

CASE, INDEX_DATE, ENTRY, STRATUM = "case", "index_date", "entry", "stratum"

RESERVED = {*(CASE, INDEX_DATE, ENTRY, STRATUM, PERSON, FIRST, LAST), "draw", "tolerated", "eligible", "weight", "age"}


class Outcome(StrEnum):
    """What became of a case before controls were drawn."""

    TAKEN = "taken"
    EXCLUDED = "excluded"
    NOT_IN_REGISTER = "not in the population register"
    DEAD = "dead before the index date"
    NOT_AT_RISK = "not at risk on the index date"


@dataclass(frozen=True)
class Entries:
    """The cases, each person and index date once.

    ``rows``: entry (UInt32, from 0), case, index_date, in this order sorted. ``given``: rows; ``unnamed``: of them
    without a person or a date; ``repeated``: given again.
    """

    rows: pl.DataFrame
    given: int
    unnamed: int
    repeated: int


def stated(cases: pl.DataFrame) -> Entries:
    """The cases of a frame with ``case`` (Int64) and ``index_date`` (Date); several rows of one are one."""
    named = cases.select(CASE, INDEX_DATE).drop_nulls()
    distinct = named.unique().sort(CASE, INDEX_DATE)
    entry = pl.int_range(distinct.height, dtype=pl.UInt32, eager=True).alias(ENTRY)
    rows = distinct.insert_column(0, entry)
    return Entries(rows, cases.height, cases.height - named.height, named.height - distinct.height)


def ends_of(entries: Entries, excluded: pl.Series) -> pl.DataFrame:
    """The last day on which persons could be a control: before they are cases, and never where they are excluded."""
    before = entries.rows.group_by(pl.col(CASE).alias(PERSON)).agg(pl.col(INDEX_DATE).min())
    until = before.select(PERSON, pl.col(INDEX_DATE).alias(LAST) - pl.duration(days=1))
    never = pl.DataFrame({PERSON: excluded}).with_columns(pl.lit(date.min).alias(LAST))
    return pl.concat([until, never])


@dataclass(frozen=True)
class Placed:
    """Every case with its outcome, and the values on the index date of those that are taken.

    ``outcomes``: entry, case, index_date, outcome. ``values``: entry, case, index_date and the columns.
    """

    outcomes: pl.DataFrame
    values: pl.DataFrame


def placed(entries: Entries, known: AtRisk, excluded: pl.Series) -> Placed:
    """Which cases can have controls.

    :param known: the intervals at risk of the case persons.
    :param excluded: persons who serve neither as a case nor as a control.
    """
    on_the_day = days.lies_in(pl.col(INDEX_DATE), pl.col(FIRST), pl.col(LAST))
    at_risk = entries.rows.join(known.intervals, left_on=CASE, right_on=PERSON).filter(on_the_day)
    deaths = entries.rows.join(known.deaths, left_on=CASE, right_on=PERSON, how="left", maintain_order="left")
    outcome = (
        pl.when(pl.col(CASE).is_in(excluded.implode()))
        .then(pl.lit(Outcome.EXCLUDED.value))
        .when(~pl.col(CASE).is_in(known.persons.implode()))
        .then(pl.lit(Outcome.NOT_IN_REGISTER.value))
        .when(pl.col("death_date") < pl.col(INDEX_DATE))
        .then(pl.lit(Outcome.DEAD.value))
        .when(~pl.col(ENTRY).is_in(at_risk[ENTRY].implode()))
        .then(pl.lit(Outcome.NOT_AT_RISK.value))
        .otherwise(pl.lit(Outcome.TAKEN.value))
    )
    outcomes = deaths.select(ENTRY, CASE, INDEX_DATE, outcome.alias("outcome"))
    taken = outcomes.filter(pl.col("outcome") == Outcome.TAKEN.value)
    return Placed(outcomes, at_risk.join(taken, on=ENTRY, how="semi").drop(FIRST, LAST).sort(ENTRY))


@dataclass(frozen=True)
class Strata:
    """What controls have to be like: ``rows``, every combination of values that some case tolerates, with its
    ``stratum`` (UInt32); ``of_cases``: entry, index_date and each stratum that the case tolerates.
    """

    rows: pl.DataFrame
    of_cases: pl.DataFrame


def compared(match: Sequence[MatchedColumn]) -> list[pl.Expr]:
    """The matched columns as they are compared: the first characters of a text, where so many count."""
    return [pl.col(each.column).str.head(each.characters) if each.characters else pl.col(each.column) for each in match]


def strata_of(values: pl.DataFrame, match: Sequence[MatchedColumn]) -> Strata:
    """The strata of the cases; of a case without a value in a matched column there are none.

    :param values: entry, index_date and the matched columns, as they are compared.
    """
    names = [each.column for each in match]
    tolerated = values.select(ENTRY, INDEX_DATE, *names).drop_nulls()
    for each in match:
        if each.within:
            dtype = values.schema[each.column]
            around = [
                (pl.col(each.column).cast(pl.Int64, strict=False) + n).cast(dtype, strict=False)
                for n in _steps(each.within)
            ]
            tolerated = tolerated.with_columns(pl.concat_list(around)).explode(each.column).drop_nulls(each.column)
    distinct = tolerated.select(names).unique().sort(names)
    rows = distinct.with_columns(pl.int_range(distinct.height, dtype=pl.UInt32, eager=True).alias(STRATUM))
    return Strata(rows, tolerated.join(rows, on=names).select(ENTRY, INDEX_DATE, STRATUM).sort(ENTRY, STRATUM))


def _steps(within: int) -> range:
    return range(-within, within + 1)


def require_comparable(match: Sequence[MatchedColumn], types: dict[str, pl.DataType]) -> None:
    """Raise NotFound where the register lacks a matched column, or has it in a type that is not compared so."""
    for each in match:
        found = types.get(each.column)
        if each.column in RESERVED:
            problem = "has a name that drawing uses itself"
        elif found is None:
            problem = "is no column of the population register"
        elif found.is_float() or found.is_nested():
            problem = "holds no text, whole number or date"
        elif each.within and not found.is_integer():
            problem = "holds no whole numbers; within is for those"
        elif each.characters and found != pl.String:
            problem = "holds no text; characters is for that"
        else:
            continue
        raise NotFound(f"matched column {each.column} {problem}; amend the specification")
