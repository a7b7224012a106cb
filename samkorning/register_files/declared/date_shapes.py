"""The shapes in which registers write dates, partial ones included, each as one regular expression.

What belongs here: which texts are a possible date of a shape (30 February is none, 29 February only in leap years).
What must not: turning text into dates. Only character classes that every engine reads alike: never ``\\d``.
"""

from typing import get_args

from samkorning.register_files.declared.contract import DateShape

_YEAR = "[0-9]{4}"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_MONTH = "(?:0[1-9]|1[0-2])"
_WEEK = "(?:0[1-9]|[1-4][0-9]|5[0-3])"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?"
_MONTH_DAYS = (
    ("(?:0[13578]|1[02])", "(?:0[1-9]|[12][0-9]|3[01])"),
    ("(?:0[469]|11)", "(?:0[1-9]|[12][0-9]|30)"),
    ("02", "(?:0[1-9]|1[0-9]|2[0-8])"),
)


def _year_first(mark: str) -> str:
    days = "|".join(f"{month}{mark}{day}" for month, day in _MONTH_DAYS)
    return f"(?:{_YEAR}{mark}(?:{days})|{_LEAP_YEAR}{mark}02{mark}29)"


def _day_first(mark: str) -> str:
    days = "|".join(f"{day}{mark}{month}" for month, day in _MONTH_DAYS)
    return f"(?:(?:{days}){mark}{_YEAR}|29{mark}02{mark}{_LEAP_YEAR})"


DATE_SHAPES: dict[DateShape, str] = {
    "YYYY-MM-DD": _year_first("-"),
    "YYYYMMDD": _year_first(""),
    "YYYYMM00": f"{_YEAR}{_MONTH}00",
    "YYYY0000": f"{_YEAR}0000",
    "YYYY-MM": f"{_YEAR}-{_MONTH}",
    "YYYYMM": f"{_YEAR}{_MONTH}",
    "YYYY": _YEAR,
    "YYWW": f"[0-9]{{2}}{_WEEK}",
    "YYYYWW": f"{_YEAR}{_WEEK}",
    "DD.MM.YYYY": _day_first("[.]"),
    "DD/MM/YYYY": _day_first("/"),
    "YYYY-MM-DD hh:mm:ss": f"{_year_first('-')}[ T]{_TIME}",
}
assert set(DATE_SHAPES) == set(get_args(DateShape))  # noqa: S101 - the contract offers what is here, and only that


def date_pattern(shapes: tuple[DateShape, ...]) -> str:
    """One regular expression for a whole value in any of the shapes."""
    return "^(?:" + "|".join(DATE_SHAPES[shape] for shape in shapes) + ")$"
