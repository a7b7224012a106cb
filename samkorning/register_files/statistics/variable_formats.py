"""What the format of a variable says of its numbers, in SAS, SPSS and Stata.

What belongs here: tables of format names. What must not: values. A format that shows only a part of a date (a month,
a quarter, a weekday) is a date all the same, because what is stored is the day. A format that is in none of the tables,
such as one that the sender has made, leaves the numbers as numbers.
"""

import re
from collections.abc import Callable

from samkorning.register_files.statistics.stored_numbers import DAY, MICRO, Kind, Meaning

Meanings = Callable[[str], Meaning | None]
"""The meaning of a format's name; None where it cannot be known exactly."""

_FROM_1960 = -3653 * DAY
_FROM_1582 = -141_428 * DAY
NUMBER = Meaning()

_SAS_DAYS = re.compile(
    r"DATE|DAY|DDMMYY[BCDNPS]?|MMDDYY[BCDNPS]?|YYMMDD[BCDNPS]?|XYYMMDD|MMYY[CDNPS]?|YYMM[CDNPS]?|YYMON|MONYY|MONNAME|"
    r"MONTH|DOWNAME|JULDAY|JULIAN|NENGO|MINGUO|HDATE|HEBDATE|QTRR?|YYQ[CDNPSZ]?|YYQR[CDNPS]?|YEAR|"
    r"WEEK(?:DATE|DATX|DAY|[UVW])|YYWEEK[UVW]|WORDDAT[EX]|EURDF(?:D[DEN]|DWN|MN|MY|WDX|WKX)|NLDATE[A-Z]*|"
    r"(?:E8601|B8601|IS8601)DA"
)
_SAS_MOMENTS = re.compile(
    r"DATETIME|DATEAMPM|MDYAMPM|DT(?:DATE|MONYY|WKDATX|YEAR|YYQC)|EURDFDT|NLDATM[A-Z]*|"
    r"(?:E8601|B8601|IS8601)(?:D[NTXZ]|LX)"
)
_SAS_TIMES = re.compile(r"TIME|TIMEAMPM|HHMM|HOUR|MMSS|NLTIM[A-Z]*|(?:E8601|B8601|IS8601)(?:TM|T[XZ]|LZ)")
_SPSS_MOMENTS = {"DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR", "DATETIME", "YMDHMS"}
_SPSS_TIMES = {"TIME", "DTIME", "MTIME"}
_STATA_PERIODS = {"%tm": 12, "%tw": 52, "%tq": 4, "%th": 2}
_STATA_CLOCK = re.compile(r"%tc(?:HH|Hh|hH|hh|MM|mm|SS|ss|\.s+|AM|PM|am|pm|A\.M\.|P\.M\.|a\.m\.|p\.m\.|[:_ +.])+")


def sas(form: str) -> Meaning:
    """Dates are days from 1960, moments and times are seconds."""
    name = _without_width(form)
    if name == "TOD":
        return Meaning(Kind.CLOCK, MICRO, _FROM_1960)
    if _SAS_DAYS.fullmatch(name):
        return Meaning(Kind.MOMENT, DAY, _FROM_1960)
    if _SAS_MOMENTS.fullmatch(name):
        return Meaning(Kind.MOMENT, MICRO, _FROM_1960)
    return Meaning(Kind.TIME) if _SAS_TIMES.fullmatch(name) else NUMBER


def spss(form: str) -> Meaning:
    """All are seconds; dates and moments from the first day of the Gregorian calendar."""
    name = _without_width(form)
    if name in _SPSS_MOMENTS:
        return Meaning(Kind.MOMENT, MICRO, _FROM_1582)
    return Meaning(Kind.TIME) if name in _SPSS_TIMES else NUMBER


def stata(form: str) -> Meaning | None:
    """Dates are days, moments milliseconds, periods counts, all from 1960; None for clocks that count leap seconds."""
    plain = form.replace("%-", "%", 1)
    if plain.startswith("%tC"):
        return None
    if plain.startswith(("%td", "%d")):
        return Meaning(Kind.MOMENT, DAY, _FROM_1960)
    if plain.startswith("%tc"):
        shows_time_alone = _STATA_CLOCK.fullmatch(plain)
        return Meaning(Kind.CLOCK if shows_time_alone else Kind.MOMENT, MICRO // 1000, _FROM_1960)
    parts = _STATA_PERIODS.get(plain[:3])
    return Meaning(Kind.PERIOD, parts=parts) if parts else NUMBER


def _without_width(form: str) -> str:
    """``DATE9`` and ``TIME20.3`` without their width and decimals."""
    return re.sub(r"[0-9]*(?:\.[0-9]*)?$", "", form.upper())
