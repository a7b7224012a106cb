"""The letters that should have gone by themselves and have not: for the look that tries again, and for work lists.

What belongs here: which these are where the settings let letters go by themselves. What must not: sending.
"""

from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.letters.occasions import Occasion, not_sent


def waiting(desk: Desk, case: Case) -> list[Occasion]:
    """The letters that wait; none where each waits for a person."""
    return not_sent(case, desk.clock.today()) if desk.settings.letters_by_themselves else []


def names_not_sent(desk: Desk, case: Case) -> tuple[str, ...]:
    """The same by name, each with what tells it from others."""
    return tuple(f"{each.letter.name} {each.of}" if each.of else each.letter.name for each in waiting(desk, case))
