"""Balance: how like their controls the cases are, before drawing and after, as data for a picture.

What belongs here: shares, means, standardised differences, and how many persons are behind them. What must not: the
picture, who is at risk, and what leaves of it (samkorning.delivery.reported_balance).

Before are all who could have been drawn, after those who were. Each risk set weighs as much as its case, however many
candidates or controls it holds; only cases that have a candidate are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.own_registers.controls.at_risk import BIRTH_YEAR, PERSON
from samkorning.own_registers.controls.cases import CASE, ENTRY, INDEX_DATE
from samkorning.own_registers.controls.risk_sets import ELIGIBLE

AGE, WEIGHT, VALUE = "age", "weight", "value"
GROUPS = ("cases", "eligible", "drawn")
PERSONS = {at: f"{at}_persons" for at in GROUPS}
"""How many are behind a share or mean of a group: different persons; of those eligible the most of one risk set, as
they are not kept one by one and there are at least so many. A balance of an earlier version has none."""
DECIMALS = 6
"""Sums of fractions depend on their order beyond these."""
SCHEMA = {
    "column": pl.String,
    "level": pl.String,
    **dict.fromkeys(GROUPS, pl.Float64),
    "difference_before": pl.Float64,
    "difference_after": pl.Float64,
    **dict.fromkeys(PERSONS.values(), pl.Int64),
}


@dataclass(frozen=True)
class Compared:
    """The three groups, each with entry, index_date, the columns and ``weight``; in ``numbers`` means are compared, in
    ``levels`` shares. ``cases`` has case, ``eligible`` has eligible (a number of persons), and ``drawn`` has person.
    """

    cases: pl.DataFrame
    eligible: pl.DataFrame
    drawn: pl.DataFrame
    numbers: Sequence[str]
    levels: Sequence[str]


def weighed(rows: pl.DataFrame, count: pl.Expr) -> pl.DataFrame:
    """The rows with ``weight``: of each entry 1 in all, shared out by ``count``."""
    return rows.with_columns((count / count.sum().over(ENTRY)).alias(WEIGHT))


def balance_of(compared: Compared) -> pl.DataFrame:
    """Column, level (null where means are compared), the three groups, the differences of both from the cases, and how
    many persons are behind each.

    Age is that reached in the year of the index date. A standardised difference is that of the means or shares by their
    pooled deviation; null where nothing varies and they differ all the same.
    """
    groups = [_with_age(group) for group in (compared.cases, compared.eligible, compared.drawn)]
    numbers = [_numbers(groups, name) for name in (*compared.numbers, AGE)]
    levels = [_levels(groups, name) for name in compared.levels]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *numbers, *levels])


def _with_age(group: pl.DataFrame) -> pl.DataFrame:
    return group.with_columns((pl.col(INDEX_DATE).dt.year() - pl.col(BIRTH_YEAR)).alias(AGE))


def _numbers(groups: Sequence[pl.DataFrame], name: str) -> pl.DataFrame:
    moments = pl.concat([_of_mean(group, name, at) for at, group in zip(GROUPS, groups, strict=True)], how="horizontal")
    return _with_differences(moments.with_columns(pl.lit(name).alias("column"), pl.lit(None, pl.String).alias("level")))


def _of_mean(group: pl.DataFrame, name: str, at: str) -> pl.DataFrame:
    known = group.filter(pl.col(name).is_not_null()).with_columns(pl.lit(None, pl.String).alias("level"))
    persons = sum(_persons(known, at)[PERSONS[at]])
    return group.select(*_moments(name, at)).with_columns(pl.lit(persons, pl.Int64).alias(PERSONS[at]))


def _persons(rows: pl.DataFrame, at: str) -> pl.DataFrame:
    """By level how many are behind it."""
    if at == "eligible":
        sets = rows.group_by("level", ENTRY).agg(pl.col(ELIGIBLE).sum())
        counted = sets.group_by("level").agg(pl.col(ELIGIBLE).max().alias(PERSONS[at]))
    else:
        who = CASE if at == "cases" else PERSON
        counted = rows.group_by("level").agg(pl.col(who).n_unique().alias(PERSONS[at]))
    return counted.with_columns(pl.col(PERSONS[at]).cast(pl.Int64))


def _moments(name: str, at: str) -> tuple[pl.Expr, pl.Expr]:
    value = pl.col(name).cast(pl.Float64)
    weight = pl.col(WEIGHT).filter(value.is_not_null())
    mean = (value * pl.col(WEIGHT)).sum() / weight.sum()
    square = (value * value * pl.col(WEIGHT)).sum() / weight.sum()
    return mean.alias(at), (square - mean * mean).round(DECIMALS).alias(f"{at} variance")


def _levels(groups: Sequence[pl.DataFrame], name: str) -> pl.DataFrame:
    shares = [_shares(group, name, at) for at, group in zip(GROUPS, groups, strict=True)]
    every = pl.concat([each.select("level") for each in shares]).unique().sort("level", nulls_last=True)
    for at, each in zip(GROUPS, shares, strict=True):
        found = every.join(each, on="level", how="left", nulls_equal=True, maintain_order="left")
        every = found.with_columns(pl.col(at).fill_null(0.0), pl.col(PERSONS[at]).fill_null(0))
    varied = every.with_columns(
        (pl.col(at) * (1 - pl.col(at))).round(DECIMALS).alias(f"{at} variance") for at in GROUPS
    )
    return _with_differences(varied.with_columns(pl.lit(name).alias("column")))


def _shares(group: pl.DataFrame, name: str, at: str) -> pl.DataFrame:
    levelled = group.with_columns(pl.col(name).cast(pl.String).alias("level"))
    by_level = levelled.group_by("level").agg(pl.col(WEIGHT).sum())
    shares = by_level.select("level", (pl.col(WEIGHT) / pl.col(WEIGHT).sum()).round(DECIMALS).alias(at))
    return shares.join(_persons(levelled, at), on="level", nulls_equal=True)


def _with_differences(rows: pl.DataFrame) -> pl.DataFrame:
    rounded = rows.with_columns(pl.col(at).round(DECIMALS) for at in GROUPS)
    return rounded.with_columns(
        _difference("eligible").alias("difference_before"), _difference("drawn").alias("difference_after")
    ).select(*SCHEMA)


def _difference(other: str) -> pl.Expr:
    apart = pl.col("cases") - pl.col(other)
    pooled = ((pl.col("cases variance") + pl.col(f"{other} variance")) / 2).sqrt()
    return pl.when(pooled > 0).then(apart / pooled).when(apart == 0).then(0.0).round(DECIMALS)
