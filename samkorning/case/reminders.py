"""Which reminders are due (R02, R04, R28): of what the orderer owes, a holder's decision, results to a holder.

What belongs here: finding them from the events. What must not: the act of reminding (enquiries), or sending a letter.

A reminder is due once for each thing, the day after its last day; what follows when nobody answers is for a person
(endings).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case.agreements import agreements
from samkorning.case.enquiries import awaited_of_orderer, last_reminder
from samkorning.case.events import Case
from samkorning.case.holder_requests import undecided
from samkorning.case.states import State, state_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """What is reminded of, from which day on it is due, and which holder, where it is a holder."""

    about: str
    due: date
    holder: str | None = None


def reminders(case: Case) -> list[Reminder]:
    """The reminders that no one has sent yet, also those whose day has not come; none of a case that is over."""
    if state_of(case.events) in (State.ENDED, State.DISPOSED):
        return []
    return sorted([*_of_orderer(case), *_of_holders(case), *_of_results(case)], key=lambda each: each.due)


def next_reminder(case: Case) -> date | None:
    """The first day on which a reminder is due, or nothing."""
    return min((each.due for each in reminders(case)), default=None)


def _of_orderer(case: Case) -> Iterator[Reminder]:
    for awaited in awaited_of_orderer(case):
        if not awaited.reminded:
            yield Reminder(awaited.what, awaited.deadline + DAY)


def _of_holders(case: Case) -> Iterator[Reminder]:
    for holder, due in undecided(case):
        if last_reminder(case, "files", holder) is None:
            yield Reminder("files", due + DAY, holder)


def _of_results(case: Case) -> Iterator[Reminder]:
    owed = [agreement.results_due for agreement in agreements(case) if agreement.results_reported is None]
    if owed and last_reminder(case, "results") is None:
        yield Reminder("results", min(owed) + DAY)
