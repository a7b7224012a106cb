"""Typed columns as exact text, for formats that store values and not characters.

What belongs here: one way to write a number, date or truth value so that nothing of it is lost. What must not:
rounding, local customs, and types that are no single value.
"""

import polars as pl


def as_text(column: pl.Series) -> pl.Series | None:
    """The column as text: numbers with all their digits, dates and times in ISO form, ``true`` and ``false``.

    None for types that are no single value (lists, structures, bytes, durations).
    """
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("iso").str.replace(r"[.]0+($|[+-])", "${1}").str.replace(" 00:00:00$", "")
    if isinstance(kind, pl.Time):
        return column.dt.to_string("iso").str.replace(r"[.]0+$", "")
    if kind.is_numeric() or kind in (pl.String, pl.Boolean, pl.Date, pl.Null, pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    return None
