"""The cells of a worksheet as exact text.

What belongs here: reading with fastexcel, and undoing what its text loses. What must not: rows, headers, the account.
A numeric cell has lost its leading zeros before it gets here. A date becomes ISO text, a time of day ``hh:mm:ss``, an
elapsed time ``h:mm:ss``, a truth value ``true`` or ``false``, a number its shortest exact form. Nothing is calculated.
A number that is shown as a date and is none has no text: the 29th of February 1900, which Excel alone knows, and days
before its first or after its last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import fastexcel
import polars as pl

from samkorning.errors import FileRefused
from samkorning.register_files.statistics.stored_numbers import LONGEST_EXACT, Meaning, number_text

_FEWEST_INEXACT = 16  # characters; what the reader gives of a number in fewer is its shortest form
_DAY, _DAY_THAT_NEVER_WAS = pl.duration(days=1), pl.duration(days=60)
_LAST_FEBRUARY_OF_1900, _BEYOND_THE_LAST_YEAR = "1900-02-28", "+"


@dataclass(frozen=True)
class Cells:
    """All cells from row 1 of a sheet as text; how many are numbers of more than 15 digits; the rows, from 1, that have
    a number which is shown as a date and is none."""

    text: pl.DataFrame
    long_numbers: int
    without_date: Sequence[int]


def exact_cells(data: bytes, sheet: str, name: str, has_elapsed_times: bool) -> Cells:
    """The cells of the sheet.

    :raises FileRefused: when the sheet cannot be read.
    """
    shown = _load(data, sheet, "string", name)
    numbers, times = _load(data, sheet, "float", name), _load(data, sheet, "duration", name)
    inexact = _inexact(shown, numbers, data, sheet, name)
    elapsed = _elapsed_cells(data, sheet) if has_elapsed_times else {}
    columns = [
        _exact(*column, elapsed.get(place, []))
        for place, column in enumerate(zip(shown, numbers, times, inexact, strict=True))
    ]
    long = (number.filter(marks) for number, marks in zip(numbers, inexact, strict=True))
    rows: set[int] = set()
    for column in columns:
        rows.update((column["no_date"].arg_true() + 1).to_list())
    return Cells(
        pl.DataFrame([column["text"].alias(before.name) for column, before in zip(columns, shown, strict=True)]),
        sum(int((found.abs() >= LONGEST_EXACT).sum()) for found in long),
        sorted(rows),
    )


def _exact(
    text: pl.Series, number: pl.Series, time: pl.Series, inexact: pl.Series, elapsed: Sequence[int]
) -> pl.DataFrame:
    """One column: text as it is, numbers with all their decimals, dates and times in ISO form; where it is no date."""
    cells = pl.DataFrame([text.alias("text"), number.alias("number"), time.alias("time"), inexact.alias("inexact")])
    shown, value, clock = pl.col("text"), pl.col("number"), pl.col("time")
    is_elapsed = pl.int_range(pl.len()).is_in(elapsed)
    rounded = value.is_not_null() & (shown.cast(pl.Float64, strict=False) != value)
    exact = (
        pl.when(is_elapsed)
        .then(_elapsed_text(clock))
        .when((clock >= pl.duration()) & (clock < _DAY))
        .then(shown.str.slice(len("1899-12-31 ")))
        .when(clock.is_not_null())
        .then(shown.str.replace(" 00:00:00$", ""))
        .when(rounded | pl.col("inexact"))
        .then(number_text(value, Meaning()))
        .otherwise(shown)
    )
    return cells.select(exact.alias("text"), (~is_elapsed & _is_no_date(shown, clock)).alias("no_date"))


def _is_no_date(shown: pl.Expr, clock: pl.Expr) -> pl.Expr:
    never_was = (clock >= _DAY_THAT_NEVER_WAS) & shown.str.starts_with(_LAST_FEBRUARY_OF_1900)
    outside = (clock < pl.duration()) | shown.str.starts_with(_BEYOND_THE_LAST_YEAR)
    return (clock.is_not_null() & (never_was | outside)).fill_null(False)


def _elapsed_text(clock: pl.Expr) -> pl.Expr:
    """Hours, minutes and seconds, where hours may be more than a day's."""
    seconds = clock.abs().dt.total_seconds()
    sign = pl.when(clock < pl.duration()).then(pl.lit("-")).otherwise(pl.lit(""))
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    hours, minutes, rest = (part.cast(pl.String) for part in parts)
    return pl.concat_str(sign, hours, pl.lit(":"), minutes.str.zfill(2), pl.lit(":"), rest.str.zfill(2))


def _load(data: bytes, sheet: str, dtype: "fastexcel.DType", name: str) -> pl.DataFrame:
    frame = None
    try:
        loaded = fastexcel.read_excel(data).load_sheet(sheet, header_row=None, skip_rows=0, dtypes=dtype)
        frame = pl.DataFrame(loaded.to_arrow())
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
    if frame is None:
        raise FileRefused(name, "the sheet cannot be read", "save the workbook again in Excel and send that")
    return frame


def _inexact(shown: pl.DataFrame, numbers: pl.DataFrame, data: bytes, sheet: str, name: str) -> pl.DataFrame:
    """Which cells are numbers that the reader may give in other digits than their shortest: with nine decimals, or more
    than 15 digits. Text that looks so is not meant and stays as it is."""
    odd = pl.DataFrame(
        [
            ((number.abs() >= LONGEST_EXACT) | (text.str.len_bytes() >= _FEWEST_INEXACT)).fill_null(False)
            & number.is_not_null()
            for text, number in zip(shown, numbers, strict=True)
        ]
    )
    if not any(marks.any() for marks in odd):
        return odd
    are_numbers = _load(data, sheet, "boolean", name).select(pl.all().is_not_null())
    return pl.DataFrame([marks & number for marks, number in zip(odd, are_numbers, strict=True)])


def _elapsed_cells(data: bytes, sheet: str) -> dict[int, list[int]]:
    """The rows of cells with elapsed time by column, both from 0; the reader names them only in its remarks."""
    loaded = fastexcel.read_excel(data).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float")
    _, remarks = loaded.to_arrow_with_errors()
    found: dict[int, list[int]] = {}
    for remark in remarks.errors if remarks else ():
        if "datetime_type: TimeDelta" in remark.detail:
            found.setdefault(remark.offset_position[1], []).append(remark.offset_position[0])
    return found


def number_cells(data: bytes, sheet: str, name: str) -> pl.DataFrame:
    """Which cells of the sheet hold numbers, not text: what they had in front of them is gone.

    :raises FileRefused: when the sheet cannot be read.
    """
    return _load(data, sheet, "boolean", name).select(pl.all().is_not_null())
