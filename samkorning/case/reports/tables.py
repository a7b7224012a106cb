"""The form of every report: tables with a title, plots of them, and what has to be said beside them.

What belongs here: that form, and the few figures that all reports reckon alike. What must not: a report, or how a
table is printed, drawn (page) or answered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median

Cell = str | int | float | None


@dataclass(frozen=True)
class ReportTable:
    """One table: names of columns, rows in order, and what has to be said below it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Plot:
    """A plot of one table: a column along, and the columns of numbers that are drawn over it; as lines, or as bars."""

    table: str
    along: str
    drawn: tuple[str, ...]
    unit: str
    bars: bool = False


@dataclass(frozen=True)
class Report:
    """One report as of a day; notes say what the figures are and are not."""

    name: str
    title: str
    on: date
    tables: tuple[ReportTable, ...]
    plots: tuple[Plot, ...] = ()
    notes: tuple[str, ...] = ()


def middle(values: Iterable[int | float | None]) -> int | float | None:
    """The median of what is known, whole where it is whole; nothing of nothing."""
    known = [value for value in values if value is not None]
    return _whole(median(known)) if known else None


def at_share(values: Sequence[int], share: float) -> int | None:
    """The value that a share of all are at or below (nearest rank); nothing of nothing."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def percent(part: int, whole: int) -> int | None:
    """A share in whole percent; nothing of nothing."""
    return round(100 * part / whole) if whole else None


def between(first: date | None, last: date | None) -> int | None:
    """Days from one day to another; nothing where either has not come."""
    return None if first is None or last is None else (last - first).days


def by(day: date | None, on: date) -> date | None:
    """A day if it had come on another: a report of a day knows nothing of what came later."""
    return day if day is not None and day <= on else None


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def month_ends(first: date, last: date) -> list[date]:
    """The last days of all months from one day to another; of an unfinished month, the last day itself."""
    ends = []
    while first <= last:
        ends.append(min(month_end(first), last))
        first = month_end(first) + timedelta(days=1)
    return ends


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value
