"""What steps say in words: lists of names, days around something.

What belongs here: turns of phrase that several steps use. What must not: what is computed.
"""

from collections.abc import Iterable

from samkorning.order.selection import DayWindow


def listed(names: Iterable[str]) -> str:
    """``a, b or c``."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def days_around(window: DayWindow) -> str:
    """``Days from 365 days before to the day before the day of surgery``."""
    of = "the index date" if window.of == "index_date" else f"the day of {window.of}"
    first = "any day" if window.first_day is None else _away(window.first_day)
    last = "any day after" if window.last_day is None else _away(window.last_day)
    return f"Days from {first} to {last}, counted from {of}"


def _away(days: int) -> str:
    if days == 0:
        return "the day itself"
    return f"{abs(days)} day{'s' * (abs(days) > 1)} {'before' if days < 0 else 'after'}"
