"""Births and deaths: how old the population is at the end of the new year, and who dies in the years of the registers.

What belongs here: the age pyramid, sex and mortality. What must not: numbers and relatives. The pyramid and the yearly
risks of death follow the Swedish population of the 2020s in broad bands, two hundred years on.
"""

import polars as pl

from samkorning.synthetic.draws import Draws, weighted_numbers
from samkorning.synthetic.identity_numbers import MAN, WOMAN
from samkorning.synthetic.years import FIRST_YEAR, NEW_YEAR

_PYRAMID = (
    (range(2, 20), 115),
    (range(20, 55), 128),
    (range(55, 65), 120),
    (range(65, 75), 106),
    (range(75, 80), 95),
    (range(80, 85), 62),
    (range(85, 90), 34),
    (range(90, 95), 14),
    (range(95, 102), 3),
)
YEARLY_BIRTHS = 115 / sum(weight * len(ages) for ages, weight in _PYRAMID)
"""Of the population, born in each of its latest years."""
_BIRTH_YEARS = weighted_numbers({NEW_YEAR - age: weight for ages, weight in _PYRAMID for age in ages})
_RISKS = (
    (1, 0.0),
    (40, 0.0004),
    (60, 0.0022),
    (70, 0.009),
    (80, 0.027),
    (90, 0.1),
    (103, 0.27),
)


def _risk_by_age() -> pl.Series:
    starts = [0, *(end for end, _ in _RISKS)]
    risks = [risk for start, (end, risk) in zip(starts, _RISKS, strict=False) for _ in range(start, end)]
    return pl.Series("risk", risks, dtype=pl.Float64)


def date_in_year(year: pl.Expr, draws: Draws, name: str) -> pl.Expr:
    """A day of the given year, each as likely; Date."""
    first = pl.date(year, 1, 1)
    days = (pl.date(year + 1, 1, 1) - first).dt.total_days()
    return first + pl.duration(days=draws.below(name, days))


def birth_date(draws: Draws, outside: pl.Expr) -> pl.Expr:
    """Births 2120-2219 by the pyramid; of those outside the register population 2100-2199, most of them early."""
    outside_year = 2100 + pl.min_horizontal(draws.below("outside year", 100), draws.below("outside year too", 100))
    year = pl.when(outside).then(outside_year).otherwise(draws.choose("birth year", _BIRTH_YEARS))
    return date_in_year(year, draws, "birth day")


def sex(draws: Draws) -> pl.Expr:
    """1 for a man, 2 for a woman, Int8; among the oldest two of three are women."""
    year = pl.col("birth_date").dt.year()
    share = pl.when(year >= 2155).then(0.514).when(year >= 2141).then(0.47).otherwise(0.36)
    return pl.when(draws.chance("sex", share)).then(MAN).otherwise(WOMAN).cast(pl.Int8)


def death_date(draws: Draws) -> pl.Expr:
    """The day of death in the years of the registers, or null; never before the first birthday."""
    risks, born = pl.lit(_risk_by_age()), pl.col("birth_date").dt.year().cast(pl.Int64)
    years = [
        pl.when(draws.chance(f"death {year}", risks.gather((pl.lit(year) - born).clip(0, 102)))).then(year)
        for year in range(FIRST_YEAR, NEW_YEAR + 1)
    ]
    return date_in_year(pl.coalesce(years), draws, "death day")
