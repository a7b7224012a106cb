"""Columns that a format cannot hold as what they are, as text.

What belongs here: days outside a format's calendar. What must not: the rows of any one format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from samkorning.delivery.formats.columns import Column
from samkorning.delivery.formats.format import Loss


def within_calendar(columns: Sequence[Column], first: date) -> tuple[Column, ...]:
    """The columns; dates with a day before the first one that a format knows are text."""
    return tuple(
        replace(column, kind="text", width=10, codes=())
        if column.kind == "date" and column.first_day and column.first_day < first
        else column
        for column in columns
    )


def as_carried(rows: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """Typed rows with the days of those columns as they were written."""
    return rows.with_columns(
        pl.col(column.name).dt.to_string(column.date_format)
        for column in columns
        if column.kind == "text" and isinstance(rows.schema[column.name], pl.Date)
    )


def days_as_text(columns: Sequence[Column], carried: Sequence[Column]) -> Iterator[tuple[Loss, str]]:
    """Dates that a format has as text."""
    for column, other in zip(columns, carried, strict=True):
        if column.kind != other.kind:
            yield Loss.TEXT, column.name
