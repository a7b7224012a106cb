"""A number split over two neighbouring columns: the date in one, the last four digits in the next.

What belongs here: putting neighbours together. What must not: anything inside one column.
"""

import polars as pl

from samkorning.number_scan.columns import whole_numbers
from samkorning.number_scan.digit_runs import CENTURIES, WINDOWS
from samkorning.number_scan.own_numbers import TAIL, TEN_DIGITS
from samkorning.number_scan.spellings import Spelling

_DATE = r"^\D*((?:1[89]|2[0-2])?[0-9]{2})\D?([01][0-9])\D?([0-9]{2})\D*$"
_LAST_FOUR = r"^\D*([0-9]{3,4})\D*$"
_LONGEST_DATE, _LONGEST_LAST = 14, 8  # bytes, blanks and signs included


def windows_of_neighbours(rows: pl.Series, left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """The windows of two neighbouring columns; none where neither the one holds dates nor the other four digits."""
    last = _last_four(right)
    dates = _dates(left) if last is not None else None
    if dates is None or last is None:
        return WINDOWS.to_frame()
    pairs = pl.DataFrame({"row": rows, "date": dates, "last": last}).drop_nulls()
    date = pl.col("date")
    century = pl.when(date >= 10**6).then(date // 10**6)
    possible = pairs.filter(century.is_null() | century.is_between(*CENTURIES))
    return possible.select(
        "row",
        (date % 10**6 * TAIL + pl.col("last")).alias("value"),
        century.alias("century"),
        pl.lit(True).alias("checked"),
        pl.lit(Spelling.TWO_COLUMNS.value).alias("spelling"),
        pl.lit("").alias("way"),
    ).filter(pl.col("value") < TEN_DIGITS)


def _dates(column: pl.Series) -> pl.Series | None:
    """Six or eight digits of a date as whole numbers, nothing where a column holds none."""
    if isinstance(column.dtype, pl.Date | pl.Datetime):
        return _number_of_day(column)
    if column.dtype.is_numeric():
        numbers = whole_numbers(column)
        return numbers.set((numbers < 10**4) | (numbers >= 10**8), None) if _largest(numbers) >= 10**4 else None
    if column.dtype != pl.String or not _any_between(column, 6, _LONGEST_DATE):
        return None
    parts = [column.str.extract(_DATE, group) for group in (1, 2, 3)]
    return (parts[0] + parts[1] + parts[2]).cast(pl.Int64)


def _number_of_day(column: pl.Series) -> pl.Series:
    year, month, day = column.dt.year(), column.dt.month(), column.dt.day()
    return year.cast(pl.Int64) * TAIL + month.cast(pl.Int64) * 100 + day


def _last_four(column: pl.Series) -> pl.Series | None:
    """Four digits, or three whose zero is lost, as whole numbers; nothing where a column holds none."""
    if column.dtype.is_numeric():
        numbers = whole_numbers(column)
        return numbers.set(~numbers.is_between(10, TAIL - 1), None) if _largest(numbers) >= 10 else None
    if column.dtype != pl.String or not _any_between(column, 3, _LONGEST_LAST):
        return None
    return column.str.extract(_LAST_FOUR, 1).cast(pl.Int64)


def _any_between(column: pl.Series, shortest: int, longest: int) -> bool:
    lengths = column.str.len_bytes()
    return bool(lengths.is_between(shortest, longest).any())


def _largest(numbers: pl.Series) -> int:
    return int(numbers.max() or 0)  # type: ignore[arg-type]
