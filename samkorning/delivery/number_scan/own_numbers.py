"""The case's own numbers, held in memory so that millions of digits can be asked whether they are one.

What belongs here: membership, and how many numbers of the case share a birth date. What must not: how numbers are
written. Nothing here is ever stored or shown.

Ten digits are a date (six), a birth number (three) and a check digit that follows from the nine. So a table with one
place for every birth date of the case and birth number, which holds the check digit, answers without searching.
"""

import polars as pl

TEN_DIGITS = 10_000_000_000
TAIL = 10_000  # what a day is worth in ten digits
BIRTH_NUMBERS = 1000
NOBODY = 255
SHORTEST_TEXT = 8
"""Codes of workplaces can be shorter, and are ordinary values then."""


class OwnNumbers:
    """Every number of the code key and its history, and the identities that are text."""

    def __init__(self, numbers: pl.Series, texts: pl.Series | None = None) -> None:
        """``numbers`` (Int64, with their century; smaller ones stand for texts) and ``texts``, as they are stored."""
        self._numbers = numbers.filter(numbers >= TEN_DIGITS).unique().sort()
        ten = (self._numbers % TEN_DIGITS).unique()
        dates = (ten // TAIL).value_counts(name="persons").sort(dates_name := ten.name)
        slots = pl.int_range(1, dates.height + 1, dtype=pl.Int32, eager=True)
        self._slots = pl.repeat(0, 10**6, dtype=pl.Int32, eager=True).scatter(dates[dates_name].cast(pl.Int64), slots)
        self._persons = pl.concat([pl.Series([0], dtype=pl.Int32), dates["persons"].cast(pl.Int32)])
        places = self._slots.gather(ten // TAIL).cast(pl.Int64) * BIRTH_NUMBERS + ten % TAIL // 10
        size = (dates.height + 1) * BIRTH_NUMBERS
        self._check_digits = pl.repeat(NOBODY, size, dtype=pl.UInt8, eager=True).scatter(
            places, (ten % 10).cast(pl.UInt8)
        )
        self.count = ten.len()
        known = pl.Series(dtype=pl.String) if texts is None else texts.cast(pl.String).drop_nulls()
        self.texts = known.filter(known.str.len_chars() >= SHORTEST_TEXT).str.to_uppercase().unique().rename("text")

    def __repr__(self) -> str:
        return f"OwnNumbers({self.count} numbers, {self.texts.len()} texts)"

    def judged(self, windows: pl.DataFrame) -> pl.DataFrame:
        """The windows that begin with a birth date of the case, with ``own`` (Boolean) and ``weight`` (Float64).

        ``windows``: ``value`` (Int64, ten digits as a whole number, the last any where there is no check digit),
        ``century`` (Int64, null where it is not written) and ``checked`` (whether there is a check digit).
        ``weight`` is how many of the case share the date, for each of what else the rest of the digits can be: of so
        many values by chance are the case's for each that is not.
        """
        dated = windows.with_columns(self._slots.gather(windows["value"] // TAIL).alias("slot")).filter(
            pl.col("slot") > 0
        )
        place = dated["slot"].cast(pl.Int64) * BIRTH_NUMBERS + dated["value"] % TAIL // 10
        check_digit, persons = self._check_digits.gather(place), self._persons.gather(dated["slot"])
        own = (check_digit != NOBODY) & (~dated["checked"] | (check_digit == (dated["value"] % 10)))
        rest = pl.when("checked").then(TAIL).otherwise(BIRTH_NUMBERS)
        shared = pl.lit(persons.cast(pl.Float64))
        judged = dated.with_columns(own.alias("own"), (shared / (rest - shared + 1)).alias("weight"))
        return self._of_the_century(judged.drop("slot"))

    def _of_the_century(self, judged: pl.DataFrame) -> pl.DataFrame:
        """Where the century is written with all twelve digits, it must be that of the number too."""
        full = pl.col("century") * TEN_DIGITS + pl.col("value")
        written = pl.col("own") & pl.col("checked") & pl.col("century").is_not_null()
        if not judged.select(written.any()).item():
            return judged
        strange = written & ~full.is_in(self._numbers.implode())
        return judged.with_columns(pl.col("own") & ~strange)
