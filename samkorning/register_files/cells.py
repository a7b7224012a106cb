"""The cells of a worksheet as exact text.

What belongs here: reading with fastexcel, and undoing what its text loses. What must not: rows, headers, the account.
A numeric cell has lost its leading zeros before it gets here. A date becomes ISO text, a time of day ``hh:mm:ss``, an
elapsed time ``h:mm:ss``, a truth value ``true`` or ``false``, a number its shortest exact form. Nothing is calculated.
"""

import fastexcel
import polars as pl

from samkorning.errors import FileRefused

_LONGEST_EXACT = 10**15  # numbers from here on have more digits than Excel keeps
_DAY = pl.duration(days=1)


def exact_cells(data: bytes, sheet: str, name: str, has_elapsed_times: bool) -> tuple[pl.DataFrame, int]:
    """All cells from row 1 of the sheet as text, and how many are numbers of more than 15 digits."""
    text = _load(data, sheet, "string", name)
    numbers, times = _load(data, sheet, "float", name), _load(data, sheet, "duration", name)
    long = _long_numbers(numbers, data, sheet, name)
    elapsed = _elapsed_cells(data, sheet) if has_elapsed_times else {}
    columns = [
        _exact(*column, elapsed.get(place, []))
        for place, column in enumerate(zip(text, numbers, times, long, strict=True))
    ]
    return pl.DataFrame(columns), sum(int(marks.sum()) for marks in long)


def _exact(text: pl.Series, number: pl.Series, time: pl.Series, long: pl.Series, elapsed: list[int]) -> pl.Series:
    """One column: text as it is, numbers with all their decimals, dates and times in ISO form."""
    cells = pl.DataFrame([text.alias("text"), number.alias("number"), time.alias("time"), long.alias("long")])
    shown, value, clock = pl.col("text"), pl.col("number"), pl.col("time")
    rounded = value.is_not_null() & (shown.cast(pl.Float64, strict=False) != value)
    exact = (
        pl.when(pl.int_range(pl.len()).is_in(elapsed))
        .then(_elapsed_text(clock))
        .when((clock >= pl.duration()) & (clock < _DAY))
        .then(shown.str.slice(len("1899-12-31 ")))
        .when(clock.is_not_null())
        .then(shown.str.replace(" 00:00:00$", ""))
        .when(rounded | pl.col("long"))
        .then(value.cast(pl.String))
        .otherwise(shown)
    )
    return cells.select(exact.alias(text.name)).to_series()


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


def _long_numbers(numbers: pl.DataFrame, data: bytes, sheet: str, name: str) -> pl.DataFrame:
    """Which cells are numbers of more than 15 digits; text of as many digits is not meant and stays as it is."""
    long = numbers.select((pl.all().abs() >= _LONGEST_EXACT).fill_null(False))
    if not any(marks.any() for marks in long):
        return long
    are_numbers = _load(data, sheet, "boolean", name).select(pl.all().is_not_null())
    return pl.DataFrame([marks & number for marks, number in zip(long, are_numbers, strict=True)])


def _elapsed_cells(data: bytes, sheet: str) -> dict[int, list[int]]:
    """The rows of cells with elapsed time by column, both from 0; the reader tells them only in its remarks."""
    loaded = fastexcel.read_excel(data).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float")
    _, remarks = loaded.to_arrow_with_errors()
    found: dict[int, list[int]] = {}
    for remark in remarks.errors if remarks else ():
        if "datetime_type: TimeDelta" in remark.detail:
            found.setdefault(remark.offset_position[1], []).append(remark.offset_position[0])
    return found
