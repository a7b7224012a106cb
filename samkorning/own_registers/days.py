"""Days and intervals of days: the one place where it is said what "on a date", "so many years" and "age" mean.

What belongs here: rules of the calendar, as expressions of Polars or narwhals and once as SQL. What must not: what an
interval is about.

Every interval is stated by its first and its last day, both included; without a last day it goes on. A year is
completed on the day of the same month and number. In a year without 29 February that day is 1 March: who is born on
29 February turns 18 on 1 March. What is missing gives null, which meets nothing.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from samkorning.on_demand import LoadedWhenUsed

if TYPE_CHECKING:
    import narwhals as nw
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

Expression = TypeVar("Expression", "pl.Expr", "nw.Expr")

OPEN = date(9999, 12, 31)
"""The last day of an interval that goes on, where a day has to stand."""
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


def lies_in(day: Expression, first_day: Expression, last_day: Expression) -> Expression:
    """Whether a day lies in an interval, both bounds included; without a last day it goes on."""
    return (first_day <= day) & (last_day.is_null() | (day <= last_day))


def runs_forward(first_day: pl.Expr, last_day: pl.Expr) -> pl.Expr:
    """Whether an interval is one: it has a first day, and its last one does not come before it."""
    return first_day.is_not_null() & ((first_day <= last_day) | last_day.is_null())


def anniversary(day: pl.Expr, years: int) -> pl.Expr:
    """The day on which so many years are completed since ``day``."""
    same = day.dt.offset_by(f"{years}y")  # 28 February where there is no 29th
    return same + pl.duration(days=(same.dt.day() != day.dt.day()).cast(pl.Int64))


def age_at(birth_date: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Age in whole years on a day; negative before birth."""
    had_birthday = _of_year(day) >= _of_year(birth_date)
    return day.dt.year() - birth_date.dt.year() - pl.when(had_birthday).then(0).otherwise(1)


def _of_year(day: pl.Expr) -> pl.Expr:
    """A day's place among all of a year, as a number that grows with it."""
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day()
