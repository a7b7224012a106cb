"""The queue for a case officer (R02), by the overview of all cases.

What belongs here: which cases wait, and which of them came before one. What must not: the rule that holds an assignment
to the order of arrival (samkorning.case.assignment).
"""

from assets.steps.overview import WAITING, overview
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.assignment import is_paused, queue, waits_for_officer


def cases_without_officer(desk: Desk) -> list[Case]:
    """The cases that wait for an officer."""
    return [desk.cases.case(row.case_number) for row in overview(desk) if row.line.queue == WAITING]


def earlier_in_the_queue(desk: Desk, case: Case) -> list[str]:
    """The numbers of the cases that came before one and wait for an officer as it does; none that rests."""
    if not waits_for_officer(case):
        return []
    numbers = queue(each for each in cases_without_officer(desk) if each.number == case.number or not is_paused(each))
    return numbers[: numbers.index(case.number)]
