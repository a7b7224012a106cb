"""Which year of an own register should have come by now.

What belongs here: the one rule. What must not: which years there are (the register store).
"""

from collections.abc import Collection
from datetime import date

LAST_MONTH = 10
"""A register is closed and corrected in the year after; from this month on it should be loaded."""


def year_awaited(years: Collection[int], today: date, last: int | None) -> int | None:
    """The year that should be there and is not; none of a register of which no year was ever loaded.

    :param last: the last year that the register covers, by the catalogue; none where it goes on.
    """
    wanted = today.year - (1 if today.month >= LAST_MONTH else 2)
    wanted = min(wanted, last) if last is not None else wanted
    return wanted if years and max(years) < wanted else None
