"""Personnummer and coordination numbers: century, date, serial and check digit.

What belongs here: the arithmetic of national numbers over a column of twelve digits YYYYMMDDNNNC as whole numbers. What
must not: how they were written (reading), other issuers' numbers (reserve).

Rules: NNN 001-999; C by Luhn over the ten-digit form. A coordination number (samordningsnummer) has 60 added to the
day; its month may be 00 and its day 60 to 91 in any month.

Remainders and comparisons stand where one would divide: SQL engines write a whole-number division out with eight copies
of its operands, so a division inside a division makes a query of megabytes.
"""

from typing import Any

import narwhals as nw

from samkorning.identity.check_digits import luhn_holds
from samkorning.identity.kinds import LAST_SYNTHETIC_YEAR
from samkorning.identity.rules import IdentityRules

DAY, MONTH, YEAR = 10_000, 1_000_000, 100_000_000  # what one day, month and year are worth in twelve digits
CENTURY = 100 * YEAR
SIXTY_DAYS = 60 * DAY
FIRST_YEAR = 1800
LAST_YEAR = LAST_SYNTHETIC_YEAR


def settle(frame: Any, rules: IdentityRules) -> Any:
    """The frame with ``~number`` (twelve digits, the likeliest century), ``~unsettled`` and ``~guessed``."""
    short, latest, bare = nw.col("~short"), nw.col("~latest"), nw.col("~separator") == ""
    likeliest = frame.with_columns(
        nw.when(short).then(nw.col("~given") + _centuries(rules)).otherwise(nw.col("~given")).alias("~latest"),
        (short & bare).alias("~guessed"),
    )
    if rules.strict_century:
        return likeliest.with_columns(latest.alias("~number"), nw.col("~guessed").alias("~unsettled"))
    if rules.ages is None:
        return likeliest.with_columns(latest.alias("~number"), nw.lit(False).alias("~unsettled"))
    fits_latest = _age_within(latest, rules.reference_day, rules.ages)
    fits_earlier = bare & _age_within(latest - CENTURY, rules.reference_day, rules.ages)
    bound = short & ~_without_check_digit()
    fitted = likeliest.with_columns(
        bound.alias("~bound"), fits_latest.alias("~fits_latest"), fits_earlier.alias("~fits_earlier")
    )
    earlier = nw.col("~bound") & nw.col("~fits_earlier") & ~nw.col("~fits_latest")
    return fitted.with_columns(
        nw.when(earlier).then(latest - CENTURY).otherwise(latest).alias("~number"),
        (nw.col("~bound") & (nw.col("~fits_earlier") == nw.col("~fits_latest"))).alias("~unsettled"),
    )


def judge(frame: Any) -> Any:
    """The frame with what holds of the number: ``~real`` (calendar date), ``~coordination`` (date) and ``~luhn``."""
    number = nw.col("~number")
    return frame.with_columns(
        real_date(number).alias("~real"),
        coordination_date(number).alias("~coordination"),
        luhn_holds(number).alias("~luhn"),
    )


def years(number: nw.Expr, first: int, last: int) -> nw.Expr:
    """Whether the year lies from ``first`` to ``last``."""
    return number.is_between(first * YEAR, (last + 1) * YEAR - 1)


def months(number: nw.Expr, first: int, last: int) -> nw.Expr:
    """Whether the month lies from ``first`` to ``last``."""
    return (number % YEAR).is_between(first * MONTH, (last + 1) * MONTH - 1)


def days(number: nw.Expr, first: int, last: int) -> nw.Expr:
    """Whether the day of the month lies from ``first`` to ``last``."""
    return (number % MONTH).is_between(first * DAY, (last + 1) * DAY - 1)


def real_date(number: nw.Expr) -> nw.Expr:
    """Whether the first eight digits are a day of the calendar."""
    leap = (number % (4 * YEAR) < YEAR) & ((number % CENTURY >= YEAR) | (number % (4 * CENTURY) < YEAR))
    short_month = months(number, 4, 4) | months(number, 6, 6) | months(number, 9, 9) | months(number, 11, 11)
    long_month = months(number, 1, 12) & ~short_month & ~months(number, 2, 2)
    february = months(number, 2, 2) & (days(number, 1, 28) | (leap & days(number, 29, 29)))
    return (long_month & days(number, 1, 31)) | (short_month & days(number, 1, 30)) | february


def coordination_date(number: nw.Expr) -> nw.Expr:
    """Whether the first eight digits are the date part of a coordination number."""
    return months(number, 0, 12) & days(number, 60, 91)


def birth(number: nw.Expr) -> nw.Expr:
    """The number with the 60 days of a coordination number taken away."""
    return nw.when(number % MONTH >= SIXTY_DAYS).then(number - SIXTY_DAYS).otherwise(number)


def _age_within(number: nw.Expr, reference_day: int, ages: tuple[int, int]) -> nw.Expr:
    """Whether the date is one and gives an age in completed years within the bounds, on the reference date."""
    youngest, oldest = ages
    last = (reference_day - youngest * 10_000 + 1) * DAY - 1
    first = (reference_day - (oldest + 1) * 10_000 + 1) * DAY
    return (real_date(number) | coordination_date(number)) & birth(number).is_between(first, last)


def _centuries(rules: IdentityRules) -> nw.Expr:
    """The centuries before ten digits: with ``-`` under 100 by calendar year, with ``+`` from 100, without any sign not
    in the future. Persons without a check digit died by 1967.

    Source: ``-`` becomes ``+`` from the year in which the person turns 100.
    """
    given, separator = nw.col("~given"), nw.col("~separator")
    by_day = _latest(birth(given), (rules.reference_day + 1) * DAY)
    by_year = _latest(given, (rules.reference_date.year + 1) * YEAR)
    old = _latest(given, (rules.last_year_without_check_digit + 1) * YEAR)
    signed = nw.when(_without_check_digit()).then(old).otherwise(by_year)
    unsigned = nw.when(_without_check_digit()).then(old).otherwise(by_day)
    return nw.when(separator == "+").then(signed - CENTURY).when(separator == "-").then(signed).otherwise(unsigned)


def _latest(ten: nw.Expr, end: int) -> nw.Expr:
    """The latest century in which ten digits lie before the end, itself twelve digits."""
    century = end - end % CENTURY
    return nw.when(ten < end % CENTURY).then(nw.lit(century)).otherwise(nw.lit(century - CENTURY))


def _without_check_digit() -> nw.Expr:
    """Ten characters that end in a letter where the check digit would stand."""
    return nw.col("~letters").str.contains("^[0-9]{9}[A-Z]$").fill_null(False)
