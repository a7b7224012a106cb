"""The numbers of statistics programs as exact text: plain numbers, moments, times of day, periods.

What belongs here: what a number means once its variable's format is known, and its text. What must not: which format
means what (variable_formats), and reading. Nothing is rounded but the fraction of a second beyond the microsecond.
"""

from dataclasses import dataclass
from enum import Enum, auto

import polars as pl

from samkorning.register_files.stored.exact_text import moment_text

MICRO = 1_000_000
DAY = 86_400 * MICRO
LONGEST_EXACT = 10**15  # whole numbers from here on have more than 15 digits
_LARGEST_WHOLE = 2**53  # above it a double no longer tells whole numbers apart
_FIRST, _LAST = -62_135_596_800 * MICRO, 253_402_300_800 * MICRO - 1  # years 1 to 9999, from 1970
_LONGEST_TIME = 10**9 * MICRO
_PERIOD_MARKS = {12: ("-", 2), 52: ("w", 2), 4: ("q", 1), 2: ("h", 1)}


class Kind(Enum):
    """What a number stands for: as such; a date or moment; a time of day or longer; the time of day of a moment, which
    is the whole moment where it lies beyond the first day; a count of parts of a year from 1960."""

    NUMBER = auto()
    MOMENT = auto()
    TIME = auto()
    CLOCK = auto()
    PERIOD = auto()


@dataclass(frozen=True)
class Meaning:
    """The kind, how many microseconds one is, where zero lies from 1970, and how many periods a year has."""

    kind: Kind = Kind.NUMBER
    unit: int = MICRO
    zero: int = 0
    parts: int = 1


def number_text(number: pl.Expr, meaning: Meaning) -> pl.Expr:
    """The text of a number; null also for dates outside the years 1 to 9999, endless times and broken periods."""
    if meaning.kind is Kind.NUMBER:
        return _plain(number)
    if meaning.kind is Kind.PERIOD:
        return _period(number, meaning.parts)
    elapsed = _microseconds(number, meaning.unit)
    moment = _moment(elapsed + meaning.zero)
    if meaning.kind is Kind.MOMENT:
        return moment
    time = _time(elapsed)
    is_time = pl.lit(True) if meaning.kind is Kind.TIME else (elapsed >= 0) & (elapsed < DAY)
    return pl.when(is_time).then(time).otherwise(moment)


def _plain(number: pl.Expr) -> pl.Expr:
    """Whole numbers without decimals, others in their shortest form that gives the same stored number."""
    is_whole = (number == number.round(0)) & (number.abs() <= _LARGEST_WHOLE)
    whole = number.cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(is_whole).then(whole).otherwise(number.cast(pl.String))


def _microseconds(number: pl.Expr, unit: int) -> pl.Expr:
    """Whole microseconds, null where there are too many; the fraction is taken alone, to lose nothing of the rest."""
    whole = pl.when((number.abs() * unit) < 4.0e18).then(number.floor())
    return whole.cast(pl.Int64) * unit + ((number - whole) * unit).round(0).cast(pl.Int64, strict=False)


def _moment(micros: pl.Expr) -> pl.Expr:
    known = pl.when(micros.is_between(_FIRST, _LAST)).then(micros)
    return moment_text(known.cast(pl.Datetime("us")))


def _time(micros: pl.Expr) -> pl.Expr:
    """``hh:mm:ss``, six decimals where there are any, hours beyond a day's, and a sign where it is negative."""
    total = pl.when(micros.abs() <= _LONGEST_TIME).then(micros.abs())
    parts = (total // MICRO // 3600, total // MICRO // 60 % 60, total // MICRO % 60)
    clock = pl.concat_str(*(part.cast(pl.String).str.zfill(2) for part in parts), separator=":")
    rest = total % MICRO
    decimals = pl.when(rest > 0).then(pl.lit(".") + rest.cast(pl.String).str.zfill(6)).otherwise(pl.lit(""))
    return pl.when(micros < 0).then(pl.lit("-")).otherwise(pl.lit("")) + clock + decimals


def _period(number: pl.Expr, parts: int) -> pl.Expr:
    """``2219-01`` for a month, ``2219w01``, ``2219q1`` and ``2219h1`` for other parts of a year."""
    mark, width = _PERIOD_MARKS[parts]
    count = pl.when((number == number.round(0)) & (number.abs() < 8000 * parts)).then(number).cast(pl.Int64)
    year, part = count // parts + 1960, count % parts + 1
    text = year.cast(pl.String).str.zfill(4) + pl.lit(mark) + part.cast(pl.String).str.zfill(width)
    return pl.when(year.is_between(1, 9999)).then(text)
