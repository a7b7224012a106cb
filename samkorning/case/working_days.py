"""Working days (arbetsdagar) in Sweden, and when a last day that falls on another is moved.

What belongs here: the calendar. What must not: deadlines themselves. Lagen (1930:173) om beräkning av lagstadgad tid
moves a last day only where a law or statute sets the time, as it does for an appeal (44 § förvaltningslagen). Days that
the service sets or has agreed on stand as they were said: the time to complain, goals, and days of disposal.
"""

from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether a day is none of those that the law of 1930 names: Saturday, Sunday, holiday, or one of three eves."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year) and not _is_eve(day)


def next_working_day(day: date) -> date:
    """The day itself, or the next working day (nästa söckendag)."""
    while not is_working_day(day):
        day += DAY
    return day


def working_days_before(day: date, count: int) -> date:
    """The working day that lies so many working days before a day."""
    while count:
        day -= DAY
        count -= is_working_day(day)
    return day


def _is_eve(day: date) -> bool:
    """Midsummer Eve (the Friday from 19 to 25 June), Christmas and New Year's Eve: no holidays, named by the law."""
    midsummer = day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
    return midsummer or (day.month, day.day) in ((12, 24), (12, 31))


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    """Public holidays but for Sundays, lagen (1989:253) om allmänna helgdagar."""
    import holidays  # ten thousand lines that only deadlines need

    return frozenset(holidays.country_holidays("SE", years=year))
