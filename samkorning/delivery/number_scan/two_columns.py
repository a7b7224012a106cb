"""A number split over two neighbouring columns: the date in one, the last four digits in the next.

What belongs here: putting neighbours together. What must not: anything inside one column.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import polars as pl

from samkorning.delivery.number_scan.columns import whole_numbers
from samkorning.delivery.number_scan.digit_runs import CENTURIES, NO_WINDOWS
from samkorning.delivery.number_scan.own_numbers import TAIL
from samkorning.delivery.number_scan.spellings import Spelling

_APART = "[^0-9A-Za-z]"
_DATE = f"^{_APART}*((?:1[89]|2[0-2])?[0-9]{{2}}){_APART}?([01][0-9]){_APART}?([0-9]{{2}}){_APART}*$"
_LAST_FOUR = f"^{_APART}*([0-9]{{3,4}}){_APART}*$"
_DATE_BYTES, _LAST_BYTES = (6, 14), (3, 8)  # blanks and signs included


def neighbours(batch: pl.DataFrame, longest: Mapping[str, int]) -> Iterator[tuple[pl.Series, pl.Series]]:
    """The neighbouring columns that could hold dates and four digits, by their types and their longest texts' bytes."""
    for left, right in pairwise(batch.iter_columns()):
        if _is_long_enough(left, longest, _DATE_BYTES[0]) and _is_long_enough(right, longest, _LAST_BYTES[0]):
            yield left, right


def _is_long_enough(column: pl.Series, longest: Mapping[str, int], fewest: int) -> bool:
    is_date = isinstance(column.dtype, pl.Date | pl.Datetime)
    return column.dtype.is_numeric() or is_date or longest.get(column.name, 0) >= fewest


def windows_of_neighbours(rows: pl.Series, left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """The windows of two neighbouring columns; none where the one holds no dates or the other no four digits."""
    if not _could_be_dates(left):
        return NO_WINDOWS
    last = _last_four(right)
    chosen = last.is_not_null()
    if not chosen.any():
        return NO_WINDOWS
    dates = _dates(left.filter(chosen))
    pairs = pl.DataFrame({"row": rows.filter(chosen), "date": dates, "last": last.filter(chosen)}).drop_nulls()
    date = pl.col("date")
    century = pl.when(date >= 10**6).then(date // 10**6)
    return pairs.filter(century.is_null() | century.is_between(*CENTURIES)).select(
        "row",
        (date % 10**6 * TAIL + pl.col("last")).alias("value"),
        century.alias("century"),
        pl.lit(True).alias("checked"),
        pl.lit(Spelling.TWO_COLUMNS.value).alias("spelling"),
        pl.lit("").alias("way"),
    )


def _could_be_dates(column: pl.Series) -> bool:
    """Whether a column could hold dates at all, by its type and the size of its values."""
    if column.dtype.is_numeric():
        return _largest(whole_numbers(column)) >= 10**4
    return isinstance(column.dtype, pl.Date | pl.Datetime) or _has_bytes(column, *_DATE_BYTES)


def _dates(column: pl.Series) -> pl.Series:
    """Six or eight digits of a date as whole numbers, null where none stands."""
    if isinstance(column.dtype, pl.Date | pl.Datetime):
        year, month, day = column.dt.year(), column.dt.month(), column.dt.day()
        return year.cast(pl.Int64) * TAIL + month.cast(pl.Int64) * 100 + day
    if column.dtype.is_numeric():
        numbers = whole_numbers(column)
        return numbers.set(~numbers.is_between(10**4, 10**8 - 1), None)
    parts = [column.str.extract(_DATE, group) for group in (1, 2, 3)]
    return (parts[0] + parts[1] + parts[2]).cast(pl.Int64)


def _last_four(column: pl.Series) -> pl.Series:
    """Four digits, or three whose zero is lost, as whole numbers, null where none stands."""
    if column.dtype.is_numeric():
        numbers = whole_numbers(column)
        return numbers.set(~numbers.is_between(10, TAIL - 1), None)
    if not _has_bytes(column, *_LAST_BYTES) or not column.str.contains(_LAST_FOUR).any():
        return pl.repeat(None, column.len(), dtype=pl.Int64, eager=True)
    return column.str.extract(_LAST_FOUR, 1).cast(pl.Int64)


def _has_bytes(column: pl.Series, shortest: int, longest: int) -> bool:
    return column.dtype == pl.String and bool(column.str.len_bytes().is_between(shortest, longest).any())


def _largest(numbers: pl.Series) -> int:
    return int(numbers.max() or 0)  # type: ignore[arg-type]
