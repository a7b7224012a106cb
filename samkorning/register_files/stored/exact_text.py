"""Typed columns as exact text, for formats that store values and not characters.

What belongs here: one way to write a number, date or truth value so that nothing of it is lost. What must not:
rounding, local customs, and types that are no single value.
"""

from typing import TypeVar

import polars as pl

Values = TypeVar("Values", pl.Series, pl.Expr)


def as_text(column: pl.Series) -> pl.Series | None:
    """The column as text: numbers with all their digits, dates and times in ISO form, ``true`` and ``false``.

    None for types that are no single value (lists, structures, bytes, durations).
    """
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        return moment_text(column)
    if isinstance(kind, pl.Time):
        return column.dt.to_string("iso").str.replace(r"[.]0+$", "")
    if kind.is_numeric() or kind in (pl.String, pl.Boolean, pl.Date, pl.Null, pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    return None


def moment_text(moments: Values) -> Values:
    """Moments in ISO form; midnight is the date alone."""
    return moments.dt.to_string("iso").str.replace(r"[.]0+($|[+-])", "${1}").str.replace(" 00:00:00$", "")
