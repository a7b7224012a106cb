"""Whether both readers of a statistics file say the same of every value.

What belongs here: the comparison, and what polars-readstat does to values that is known and no loss: it holds dates
by the day, moments by the second (SPSS) or finer, and no time of day beyond a day. What must not: reading.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from samkorning.register_files.statistics.statistics_readers import StatisticsForm


def unlike_numbers(typed: pl.Series, stored: pl.Series, form: StatisticsForm) -> pl.Series:
    """Marks the rows in which the typed value is not the stored number (Float64)."""
    both = pl.DataFrame([typed.to_physical().cast(pl.Float64).alias("typed"), stored.alias("stored")])
    held, number = pl.col("typed"), pl.col("stored")
    kind = typed.dtype
    if kind == pl.Date:
        same = _near(held, number / form.day + form.zero, 1.0)
    elif isinstance(kind, pl.Datetime):
        same = _near(held / _per_second(kind), number / form.second + form.zero * 86_400, form.step)
    elif kind == pl.Time:
        seconds = number / form.second
        same = _near(held / 1e9, seconds, form.step) | (held.is_null() & ~seconds.is_between(0, 86_400, closed="left"))
    elif isinstance(kind, pl.Duration):
        same = _near(held / _per_second(kind), number / form.second, form.step)
    else:
        same = held.eq_missing(number) | ((held - number).abs() <= number.abs() * form.lost)
    return both.select(~same.fill_null(False)).to_series()


def _near(one: pl.Expr, other: pl.Expr, limit: float) -> pl.Expr:
    """Closer than the limit, or both missing."""
    return ((one - other).abs() < limit).fill_null(False) | (one.is_null() & other.is_null())


def _per_second(kind: pl.Datetime | pl.Duration) -> float:
    return {"ms": 1e3, "us": 1e6, "ns": 1e9}[kind.time_unit]


def unlike_texts(typed: pl.Series, stored: pl.Series, padded: bool) -> pl.Series:
    """Marks the rows in which the typed text is not the stored one.

    No text and a missing one are the same; blanks at the end are padding where the form pads; NUL ends a text.
    """
    if typed.dtype != pl.String:
        return pl.repeat(True, stored.len(), eager=True)
    cut = typed.str.replace(r"(?s)\x00.*$", "")
    return plain_text(cut, padded).ne_missing(plain_text(stored, padded))


def unlike_stored(there: pl.Series, values: Sequence[Any], form: StatisticsForm) -> pl.Series:
    """Marks the rows in which the bytes of the file, text or numbers, are not the values that pyreadstat read."""
    if there.dtype == pl.String:
        return unlike_texts(there, pl.Series(values, dtype=pl.String), form.padded)
    numbers = [None if isinstance(value, str) else value for value in values]
    return unlike_numbers(there, pl.Series(numbers, dtype=pl.Float64), form)


def plain_text(text: pl.Series, padded: bool) -> pl.Series:
    """Without padding; null where nothing is left."""
    bare = text.str.strip_chars_end(" ") if padded else text
    return bare.set(bare == "", None)
