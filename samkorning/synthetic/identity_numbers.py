"""Identity numbers of persons who cannot exist: births 2100-2219, correct check digit, every number once.

What belongs here: number arithmetic on whole columns. What must not: diagnosis of numbers, which is another package's
work, and who the persons are.
Rule: Swedish Tax Agency, personnummer and coordination number (samordningsnummer, day + 60; the month may be 00 and
the day 60); serial part 001-999, odd for men; check digit by Luhn over the ten-digit form.
"""

import polars as pl

from samkorning.synthetic.draws import Draws

MAN, WOMAN = 1, 2
_STEP = 187  # shares no factor with 500 or 499: a day's serial parts are taken in scattered order, each once


def check_digit(nine: pl.Expr) -> pl.Expr:
    """The Luhn digit after the nine digits YYMMDDNNN, which come as one whole number; Int64 0-9."""
    total = pl.lit(0, dtype=pl.Int64)
    for place in range(9):
        digit = nine // 10 ** (8 - place) % 10
        total = total + (2 * digit - pl.when(digit > 4).then(9).otherwise(0) if place % 2 == 0 else digit)
    return (10 - total % 10) % 10


def twelve_digits(day: pl.Expr, serial_part: pl.Expr) -> pl.Expr:
    """The whole number YYYYMMDDNNNC from day YYYYMMDD and serial part NNN; Int64."""
    eleven = day * 1000 + serial_part
    return eleven * 10 + check_digit(eleven % 10**9)


def day_of_number(draws: Draws) -> pl.Expr:
    """The first eight digits, YYYYMMDD, for the rows' ``number_date`` and ``coordination``.

    Of the official test numbers for coordination 6 % have month 00 and 2 % day 60; the same shares are used here.
    """
    date, coordination = pl.col("number_date").dt, pl.col("coordination")
    month_unknown = coordination & draws.chance("month unknown", 0.06)
    day_unknown = coordination & draws.chance("day unknown", 0.02)
    month = pl.when(month_unknown).then(0).otherwise(date.month().cast(pl.Int64))
    day = pl.when(day_unknown).then(0).otherwise(date.day().cast(pl.Int64)) + 60 * coordination.cast(pl.Int64)
    return date.year().cast(pl.Int64) * 10_000 + month * 100 + day


def with_numbers(identities: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Adds ``number`` Int64, each once, to rows of ``row``, ``number_date``, ``coordination`` and ``sex``.

    Rows of one day and sex take their serial parts from a place drawn for the day onwards. ValueError where a day
    would need more numbers than exist.
    """
    day = day_of_number(Draws(seed, "day of number"))
    slots = identities.with_columns(day.alias("day")).with_columns((pl.col("day") * 10 + pl.col("sex")).alias("slot"))
    places = slots.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over("slot").alias("place"))
    if not places.is_empty() and places["place"].max() >= 499:  # type: ignore[operator]
        raise ValueError("more persons than there are identity numbers for a day; draw fewer persons")
    size = pl.when(pl.col("sex") == MAN).then(500).otherwise(499)
    start = Draws(seed, "serial part", counter="slot").below("start", size)
    position = (start + pl.col("place") * _STEP) % size
    serial_part = position * 2 + pl.col("sex")
    return places.with_columns(twelve_digits(pl.col("day"), serial_part).alias("number")).drop("day", "slot", "place")
