"""Personnummer and coordination numbers: century, date, serial, check digit.

What belongs here: the arithmetic of national numbers over a column of whole numbers. What must not: how they were
written (shapes), other issuers' numbers (reserve numbers).

Rules: twelve digits YYYYMMDDNNNC; NNN 001-999; C by Luhn over the ten-digit form. A coordination number has 60 added to
the day, its month may be 00, its day 60 and, in any month, 61-91.
"""

import narwhals as nw

FIRST_YEAR = 1800
FIRST_SYNTHETIC_YEAR = 2100
LAST_SYNTHETIC_YEAR = 2299
ORGANISATION_CENTURY = 16
CENTURY = 10_000_000_000  # what a hundred years are worth in twelve digits


def real_date(day: nw.Expr) -> nw.Expr:
    """Whether YYYYMMDD is a day of the calendar."""
    year, month, day_of_month = day // 10_000, day // 100 % 100, day % 100
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    long_month = month.is_in([1, 3, 5, 7, 8, 10, 12])
    return (
        month.is_between(1, 12)
        & (day_of_month >= 1)
        & (
            (day_of_month <= 28)
            | ((day_of_month <= 30) & (month != 2))
            | ((day_of_month == 31) & long_month)
            | ((day_of_month == 29) & leap)
        )
    )


def coordination_date(day: nw.Expr) -> nw.Expr:
    """Whether YYYYMMDD is the date part of a coordination number."""
    return (day // 100 % 100 <= 12) & (day % 100).is_between(60, 91)


def birth_day(day: nw.Expr) -> nw.Expr:
    """YYYYMMDD with the 60 of a coordination number taken away."""
    return nw.when(day % 100 >= 60).then(day - 60).otherwise(day)


def date_holds(day: nw.Expr) -> nw.Expr:
    """Whether YYYYMMDD can stand first in a personnummer or a coordination number."""
    return real_date(day) | coordination_date(day)


def latest_century(ten: nw.Expr, separator: nw.Expr, reference_day: int) -> nw.Expr:
    """Ten digits as twelve: with ``-`` under 100 by calendar year, with ``+`` from 100, without any not in the future.

    Source: ``-`` becomes ``+`` from the year in which the person turns 100.
    """
    year = reference_day // 10_000
    latest_year = year - (year - ten // 100_000_000) % 100
    latest = latest_year // 100 * CENTURY + ten
    ahead = (separator == "") & (birth_day(latest // 10_000) > reference_day)
    return nw.when((separator == "+") | ahead).then(latest - CENTURY).otherwise(latest)


def century_by_ages(latest: nw.Expr, separator: nw.Expr, reference_day: int, ages: tuple[int, int]) -> nw.Expr:
    """The only century that gives an age within the bounds; null where none or two do."""

    def fits(number: nw.Expr) -> nw.Expr:
        day = number // 10_000
        return date_holds(day) & ((reference_day - birth_day(day)) // 10_000).is_between(*ages)

    earlier = latest - CENTURY
    fits_latest, fits_earlier = fits(latest), (separator == "") & fits(earlier)
    return nw.when(fits_latest & ~fits_earlier).then(latest).when(fits_earlier & ~fits_latest).then(earlier)
