"""Numbers in plain runs of digits: whole cells of digits, and columns of whole numbers, by arithmetic alone.

What belongs here: which ten digits of a run could be a number. What must not: digits with anything between (groups).
"""

from collections.abc import Iterator

import polars as pl

from samkorning.delivery.number_scan.own_numbers import TEN_DIGITS
from samkorning.delivery.number_scan.spellings import Spelling

FEWEST, MOST = 9, 18
"""Digits: fewer say too little of anybody (births of 2000 without two zeros); more are cut up first."""
OVERLAP = 9  # digits that chunks of a long run share, so that every ten are whole in one
CENTURIES = (18, 22)
MONTH = 1_000_000  # what a month is worth in ten digits
WINDOWS = pl.Schema(
    {
        "row": pl.Int64,
        "value": pl.Int64,
        "century": pl.Int64,
        "checked": pl.Boolean,
        "spelling": pl.String,
        "way": pl.String,
    }
)
"""What could be a number: ten digits as a whole number, the century where it is written, in which row, written how."""
NO_WINDOWS = WINDOWS.to_frame()


def windows_of_numbers(rows: pl.Series, numbers: pl.Series) -> pl.DataFrame:
    """The windows of a column of whole numbers (Int64, null where there is none); signs are left out."""
    runs = pl.DataFrame({"row": rows, "run": numbers.abs()}).filter(pl.col("run") >= 10 ** (FEWEST - 1))
    if runs.is_empty():
        return NO_WINDOWS
    least, most = (min(len(str(each)), MOST) for each in (runs["run"].min(), runs["run"].max()))
    length = sum((pl.col("run") >= 10**digits).cast(pl.Int8) for digits in range(least, most)) + pl.lit(least, pl.Int8)
    return windows_of_runs(runs.with_columns(length.alias("digits")))


def windows_of_digits(rows: pl.Series, cells: pl.Series) -> pl.DataFrame:
    """The windows of cells that are digits and nothing else; longer ones than MOST are :func:`cut` first."""
    digits = cells.str.len_bytes().cast(pl.Int8)
    return windows_of_runs(pl.DataFrame({"row": rows, "run": cells.cast(pl.Int64), "digits": digits}))


def cut(runs: pl.DataFrame, size: int, overlap: int) -> pl.DataFrame:
    """Long runs (``row``, ``text``) in chunks of at most ``size`` characters that overlap."""
    fits = pl.col("text").str.len_bytes() <= size
    chunks = [
        (row, text[start : start + size])
        for row, text in runs.filter(~fits).select("row", "text").iter_rows()
        for start in range(0, len(text) - overlap, size - overlap)
    ]
    short = runs.filter(fits).select("row", "text")
    return pl.concat([short, pl.DataFrame(chunks, schema=short.schema, orient="row")]) if chunks else short


def windows_of_runs(runs: pl.DataFrame) -> pl.DataFrame:
    """The windows of runs: ``row``, ``run`` (Int64) and ``digits`` (how many are written)."""
    lengths = runs["digits"].unique()
    found = [NO_WINDOWS]
    for digits in lengths.filter(lengths.is_between(FEWEST, MOST)).sort().to_list():
        alike = runs.filter(pl.col("digits") == digits) if lengths.len() > 1 else runs
        found += _windows(alike, digits)
    return pl.concat(found)


def _windows(runs: pl.DataFrame, digits: int) -> Iterator[pl.DataFrame]:
    """The windows of runs that are all so long."""
    run = pl.col("run")
    if digits == 9:
        yield _window(runs, run * 10, Spelling.NO_CHECK_DIGIT, checked=False)
        yield _window(runs, run, Spelling.LOST_ZERO)
    elif digits == 10:
        yield _window(runs, run, Spelling.TEN)
        yield _window(_backwards(runs), run, Spelling.REVERSED)
    else:
        yield from _longer(runs, digits)


def _longer(runs: pl.DataFrame, digits: int) -> Iterator[pl.DataFrame]:
    whole = _with_century(runs, 10 ** (digits - 2))
    if digits == 11:
        nine = pl.col("run") % 10**9 * 10
        yield _window(whole, nine, Spelling.NO_CHECK_DIGIT, century=pl.col("run") // 10**9, checked=False)
    if digits == 12:
        ten, century = pl.col("run") % TEN_DIGITS, pl.col("run") // TEN_DIGITS
        yield _window(whole, ten, Spelling.TWELVE, century)
        backwards = _with_century(_backwards(runs), TEN_DIGITS)
        yield _window(backwards, ten, Spelling.REVERSED, century)
        runs = runs.filter(~_is_century(TEN_DIGITS))
    for behind in range(digits - 9):
        yield _window(runs, pl.col("run") // 10**behind % TEN_DIGITS, Spelling.LONGER)


def _window(
    runs: pl.DataFrame, value: pl.Expr, spelling: Spelling, century: pl.Expr | None = None, checked: bool = True
) -> pl.DataFrame:
    return runs.filter(value // MONTH % 100 <= 12).select(
        "row",
        value.alias("value"),
        (pl.lit(None, pl.Int64) if century is None else century).alias("century"),
        pl.lit(checked).alias("checked"),
        pl.lit(spelling.value).alias("spelling"),
        pl.lit("").alias("way"),
    )


def _is_century(worth: int) -> pl.Expr:
    return (pl.col("run") // worth).is_between(*CENTURIES)


def _with_century(runs: pl.DataFrame, worth: int) -> pl.DataFrame:
    return runs.filter(_is_century(worth))


def _backwards(runs: pl.DataFrame) -> pl.DataFrame:
    """The runs read from behind, where that gives a month; zeros that stood in front come back last."""
    month = pl.col("run") // (10 ** (pl.col("digits").cast(pl.Int64) - 8)) % 100
    text = pl.col("run").cast(pl.String).str.zfill(pl.col("digits")).str.reverse()
    return runs.filter(month % 10 * 10 + month // 10 <= 12).with_columns(text.cast(pl.Int64).alias("run"))
