"""Days: age in whole years, anniversaries and intervals, once as Polars expressions and once as SQL.

What belongs here: the calendar, for whoever reckons with days of persons. What must not: which days are asked for.

A birthday on 29 February is on 1 March in years without one. Both bounds of an interval belong to it; one without a
last day goes on. What is missing gives null, which meets nothing.
"""

import polars as pl

SQL_DEFINITIONS = {
    "age_at": """CREATE OR REPLACE TEMP MACRO age_at(birth_date, on_day) AS
    year(on_day) - year(birth_date)
    - CASE WHEN month(on_day) * 100 + day(on_day) < month(birth_date) * 100 + day(birth_date) THEN 1 ELSE 0 END""",
    "anniversary": """CREATE OR REPLACE TEMP MACRO anniversary(birth_date, years) AS
    CAST(birth_date + to_years(years) AS DATE)
    + CASE WHEN day(CAST(birth_date + to_years(years) AS DATE)) < day(birth_date) THEN 1 ELSE 0 END""",
    "lies_in": """CREATE OR REPLACE TEMP MACRO lies_in(on_day, first_day, last_day) AS
    on_day >= first_day AND (last_day IS NULL OR on_day <= last_day)""",
}
"""The statements that give DuckDB the functions below, by their names."""


def age_at(birth_date: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Age in whole years on a day; negative before birth."""
    had_birthday = _of_year(day) >= _of_year(birth_date)
    return day.dt.year() - birth_date.dt.year() - pl.when(had_birthday).then(0).otherwise(1)


def anniversary(birth_date: pl.Expr, years: int) -> pl.Expr:
    """The day on which so many whole years are full."""
    same_day = birth_date.dt.offset_by(f"{years}y")  # the 28th, where there is no 29th
    return same_day.dt.offset_by(
        pl.when(same_day.dt.day() < birth_date.dt.day()).then(pl.lit("1d")).otherwise(pl.lit("0d"))
    )


def lies_in(day: pl.Expr, first_day: pl.Expr, last_day: pl.Expr) -> pl.Expr:
    """Whether a day lies in an interval, both bounds included; without a last day it goes on."""
    return (day >= first_day) & (last_day.is_null() | (day <= last_day))


def _of_year(day: pl.Expr) -> pl.Expr:
    """A day's place among all of a year, as a number that grows with it."""
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day()
