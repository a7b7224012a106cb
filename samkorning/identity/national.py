"""Personnummer and coordination numbers: century, date, serial and check digit.

What belongs here: the arithmetic of national numbers over columns of whole numbers. What must not: how they were
written (reading), other issuers' numbers (reserve).

Rules: YYYYMMDDNNNC; NNN 001-999; C by Luhn over the ten-digit form. A coordination number (samordningsnummer) has 60
added to the day; its month may be 00 and its day 60 to 91 in any month.

Dates are whole numbers YYYYMMDD. Remainders and comparisons stand where one would divide: SQL engines write a
whole-number division out with eight copies of its operands, so a division inside a division makes a query of megabytes.
"""

from typing import Any

import narwhals as nw

from samkorning.identity.luhn import luhn_holds
from samkorning.identity.rules import IdentityRules

MONTH, YEAR, CENTURY = 100, 10_000, 1_000_000  # what they are worth in YYYYMMDD
TAIL = 10_000  # what a day is worth in twelve digits: birth number and check digit
SIXTY_DAYS = 60


def settle(frame: Any, rules: IdentityRules) -> Any:
    """The frame with ``~number`` (twelve digits, the likeliest century), ``~day`` (YYYYMMDD), ``~tail`` (the last four
    digits), ``~unsettled`` and ``~guessed``."""
    short = nw.col("~short")
    begun = frame.with_columns((nw.col("~given") // TAIL).cast(nw.Int32).alias("~given_day"))
    likeliest = begun.with_columns(
        nw.when(short).then(nw.col("~given_day") + _centuries(rules)).otherwise(nw.col("~given_day")).alias("~latest"),
        (short & ~nw.col("~signed")).alias("~guessed"),
    )
    settled = _settled(likeliest, rules)
    return settled.with_columns(
        (nw.col("~given") + (nw.col("~day") - nw.col("~given_day")).cast(nw.Int64) * TAIL).alias("~number"),
        (nw.col("~given") % TAIL).cast(nw.Int32).alias("~tail"),
    )


def judge(frame: Any) -> Any:
    """The frame with what holds of the number: ``~real`` (calendar date), ``~coordination`` (date) and ``~luhn``.

    The check digit is that of ``~before`` and ``~last_four``, which another issuer's number may have chosen.
    """
    return frame.with_columns(
        real_date(nw.col("~day")).alias("~real"),
        coordination_date(nw.col("~day")).alias("~coordination"),
        luhn_holds(nw.col("~before"), nw.col("~last_four")).alias("~luhn"),
    )


def years(day: nw.Expr, first: int, last: int) -> nw.Expr:
    """Whether the year lies from ``first`` to ``last``."""
    return day.is_between(first * YEAR, (last + 1) * YEAR - 1)


def months(day: nw.Expr, first: int, last: int) -> nw.Expr:
    """Whether the month lies from ``first`` to ``last``."""
    return (day % YEAR).is_between(first * MONTH, (last + 1) * MONTH - 1)


def days(day: nw.Expr, first: int, last: int) -> nw.Expr:
    """Whether the day of the month lies from ``first`` to ``last``."""
    return (day % MONTH).is_between(first, last)


def real_date(day: nw.Expr) -> nw.Expr:
    """Whether YYYYMMDD is a day of the calendar."""
    month_and_day = day % YEAR
    leap = (day % (4 * YEAR) < YEAR) & ((day % CENTURY >= YEAR) | (day % (4 * CENTURY) < YEAR))
    no_such_day = month_and_day.is_in([230, 231, 431, 631, 931, 1131]) | ((month_and_day == 229) & ~leap)
    return months(day, 1, 12) & days(day, 1, 31) & ~no_such_day


def coordination_date(day: nw.Expr) -> nw.Expr:
    """Whether YYYYMMDD is the date part of a coordination number."""
    return months(day, 0, 12) & days(day, SIXTY_DAYS, SIXTY_DAYS + 31)


def birth(day: nw.Expr) -> nw.Expr:
    """The date with the 60 days of a coordination number taken away."""
    return nw.when(day % MONTH >= SIXTY_DAYS).then(day - SIXTY_DAYS).otherwise(day)


def without_check_digit() -> nw.Expr:
    """Ten characters that end in a letter where the check digit would stand."""
    return nw.col("~letters").str.contains("^[0-9]{9}[A-Z]$").fill_null(False)


def _settled(frame: Any, rules: IdentityRules) -> Any:
    """The frame with ``~day`` and ``~unsettled``: what the rules make of the likeliest century."""
    latest, unsigned = nw.col("~latest"), ~nw.col("~signed")
    if rules.strict_century:
        return frame.with_columns(latest.alias("~day"), nw.col("~guessed").alias("~unsettled"))
    if rules.ages is None:
        return frame.with_columns(latest.alias("~day"), nw.lit(False).alias("~unsettled"))
    fitted = frame.with_columns(
        (nw.col("~short") & ~without_check_digit()).alias("~bound"),
        _has_age(latest, rules.reference_day, rules.ages).alias("~fits_latest"),
        (unsigned & _has_age(latest - CENTURY, rules.reference_day, rules.ages)).alias("~fits_earlier"),
    )
    earlier = nw.col("~bound") & nw.col("~fits_earlier") & ~nw.col("~fits_latest")
    return fitted.with_columns(
        nw.when(earlier).then(latest - CENTURY).otherwise(latest).alias("~day"),
        (nw.col("~bound") & (nw.col("~fits_earlier") == nw.col("~fits_latest"))).alias("~unsettled"),
    )


def _has_age(day: nw.Expr, reference_day: int, ages: tuple[int, int]) -> nw.Expr:
    """Whether the date is one and gives an age in completed years within the bounds, on the reference date."""
    youngest, oldest = ages
    last, first = reference_day - youngest * YEAR, reference_day - (oldest + 1) * YEAR + 1
    return (real_date(day) | coordination_date(day)) & birth(day).is_between(first, last)


def _centuries(rules: IdentityRules) -> nw.Expr:
    """The centuries before six digits: with ``-`` under 100 by calendar year, with ``+`` from 100, without any sign not
    in the future. Persons without a check digit died by 1967.

    Source: ``-`` becomes ``+`` from the year in which the person turns 100.
    """
    six, old = nw.col("~given_day"), without_check_digit()
    by_day = _latest(birth(six), rules.reference_day + 1)
    by_year = _latest(six, (rules.reference_date.year + 1) * YEAR)
    by_death = _latest(six, (rules.last_year_without_check_digit + 1) * YEAR)
    signed = nw.when(old).then(by_death).otherwise(by_year)
    unsigned = nw.when(old).then(by_death).otherwise(by_day)
    return nw.when(nw.col("~plus")).then(signed - CENTURY).when(nw.col("~signed")).then(signed).otherwise(unsigned)


def _latest(six: nw.Expr, end: int) -> nw.Expr:
    """The latest century in which YYMMDD lies before the end, itself YYYYMMDD."""
    century = end - end % CENTURY
    return nw.when(six < end % CENTURY).then(nw.lit(century, nw.Int32)).otherwise(nw.lit(century - CENTURY, nw.Int32))
