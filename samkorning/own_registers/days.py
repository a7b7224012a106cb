"""Days and intervals of days: the one place where it is said what "on a date", "so many years" and "age" mean.

What belongs here: rules of the calendar, as expressions. What must not: what an interval is about.

Every interval is stated by its first and its last day, both included; without a last day it is still open. A year is
completed on the day of the same month and number. In a year without 29 February that day is 1 March: who is born on
29 February turns 18 on 1 March, as month and day compare.
"""

from datetime import date
from typing import TypeVar

import narwhals as nw
import polars as pl

Expression = TypeVar("Expression", pl.Expr, nw.Expr)

OPEN = date(9999, 12, 31)
"""The last day of an interval that is still open, where a day has to stand."""


def on(day: Expression, first: Expression, last: Expression) -> Expression:
    """Whether a day lies in an interval; both its ends do, and without a last day it is still open."""
    return (first <= day) & ((day <= last) | last.is_null())


def runs_forward(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Whether an interval is one: it has a first day, and its last one does not come before it."""
    return first.is_not_null() & ((first <= last) | last.is_null())


def anniversary(day: pl.Expr, years: int) -> pl.Expr:
    """The day on which so many years are completed since ``day``; 1 March for 29 February in a year without one."""
    same = day.dt.offset_by(f"{years}y")  # 28 February where there is no 29th
    return same + pl.duration(days=(same.dt.day() != day.dt.day()).cast(pl.Int64))


def age_on(birth: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Completed years on a day (Int32); negative before birth."""
    not_yet = (day.dt.month() < birth.dt.month()) | (
        (day.dt.month() == birth.dt.month()) & (day.dt.day() < birth.dt.day())
    )
    return day.dt.year() - birth.dt.year() - not_yet.cast(pl.Int32)
