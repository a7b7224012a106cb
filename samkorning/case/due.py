"""What is due for a case: a row of its derived table.

What belongs here: what the row says, and how long. What must not: the table (derived), or finding out what is due (the
steps, with ledger and rules).
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from samkorning.case.derived import NO_DAY, Derived
from samkorning.case.events import Case


@dataclass(frozen=True)
class Due(Derived):
    """What was found due for a case.

    ``late`` and ``repeat`` are digests of what is due by itself and as a repeat delivery (R18), '' for nothing.
    ``disposal`` is the first day on which something may be disposed of, by a person's order; ``completion`` the first
    on which a disposal that was confirmed goes on by itself. All three are NO_DAY where no day is known.
    ``reminder`` is the first day on which the orderer or a holder is to be reminded of something, or a letter that
    has not gone by itself is tried again.
    ``late_history`` is the day and hash of a number history that came after the first delivery; '' where none did.
    ``hand_over`` is the day of the last delivery that is not handed over to its target, and which are not; '' for none.
    """

    FORM: ClassVar[int] = 4

    late: str
    repeat: str
    disposal: date = NO_DAY
    completion: date = NO_DAY
    late_history: str = ""
    reminder: date = NO_DAY
    hand_over: str = ""


def last_day_of(case: Case, today: date) -> date:
    """The last day on which time alone changes nothing for a case: the next end of anything that its events limit."""
    ends = (date.fromisoformat(str(event.detail["until"])) for event in case.events if event.detail.get("until"))
    return min((end for end in ends if end >= today), default=NO_DAY)
