"""What the software suggests for a case today: reminders before and after a last day, an ending, an extension.

What belongs here: suggestions, each with its rule and the command by which a person takes it up. What must not: taking
any of them up: where a person must decide, nothing happens in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case.agreements import agreements
from samkorning.case.amendments import open_amendments
from samkorning.case.assignment import is_paused
from samkorning.case.endings import proposed
from samkorning.case.enquiries import awaited_of_orderer, last_reminder
from samkorning.case.events import NO_LIMIT, Case, EventKind
from samkorning.case.holder_requests import undecided
from samkorning.case.states import State, state_of
from samkorning.case.working_days import DAY, working_days_before

K = EventKind
BEFORE_AN_ANSWER = 3
"""Working days before its last day on which an answer is reminded of."""
BEFORE_AN_END = timedelta(days=30)
"""Before results are due, an agreement ends or a code key goes."""


@dataclass(frozen=True)
class Suggestion:
    """What may be done: in words, by which command and rule, and since when it is suggested."""

    what: str
    command: str
    rule: str
    since: date


def suggestions(case: Case, today: date) -> list[Suggestion]:
    """All that is suggested today, what has waited longest first; nothing for a case that has ended, or rests."""
    if state_of(case.events) is State.ENDED or is_paused(case):
        return []
    found = [*_of_orderer(case, today), *_of_holders(case), *_of_agreements(case), *_of_code_key(case, today)]
    found += _of_amendments(case)
    return sorted((each for each in found if each.since <= today), key=lambda each: (each.since, each.command))


def _of_orderer(case: Case, today: date) -> Iterator[Suggestion]:
    """R02: a reminder before the last day; after a reminder's last day an ending, which a person decides on."""
    ending = proposed(case, today)
    if ending is not None:
        command = f"case end {case.number} {ending.outcome}"
        yield Suggestion(f"{ending.outcome} is proposed: {ending.why}", command, ending.rule, ending.since)
    for awaited in awaited_of_orderer(case):
        if not awaited.reminded:
            since = working_days_before(awaited.deadline, BEFORE_AN_ANSWER)
            what = f"remind the orderer: {awaited.what}, by {awaited.deadline}"
            yield Suggestion(what, f"case remind {case.number} {awaited.what}", awaited.rule, since)


def _of_holders(case: Case) -> Iterator[Suggestion]:
    """R04: a holder that was asked, whose decision has not come by the day on which it was due."""
    for holder, due in undecided(case):
        command = f'case remind {case.number} files --holder "{holder}"'
        yield Suggestion(f"remind {holder}: its decision was due", command, "R04", due + DAY)


def _of_agreements(case: Case) -> Iterator[Suggestion]:
    """R21, R28: results that are due, and the end of the time for which the researcher has the data."""
    for agreed in agreements(case):
        if agreed.results_reported is None:
            what = f"remind the orderer: results are due to {agreed.holder} on {agreed.results_due}"
            yield _reminder(case, "results", what, "R28", agreed.results_due)
        if case.last(K.WORKING_COPIES_DELETED) is None:
            what = f"remind the orderer: the agreement with {agreed.holder} ends on {agreed.until}"
            yield _reminder(case, "working_copies", what, "R28", agreed.until)


def _of_code_key(case: Case, today: date) -> Iterator[Suggestion]:
    """R17: a kept code key goes on its day unless the orderer asks for an extension before."""
    kept = case.kept_until()
    if kept is not None and kept != NO_LIMIT and today <= kept and state_of(case.events) is not State.DISPOSED:
        what = f"remind the orderer: the code key is kept until {kept}, longer only by an extension"
        yield _reminder(case, "code_key", what, "R17", kept)


def _of_amendments(case: Case) -> Iterator[Suggestion]:
    """R19: what a decision has let into the order and no amended order has brought."""
    for decided in open_amendments(case):
        if not any(each.number > decided.number for each in case.of(K.AMENDED)):
            what = f"amend the order: another {decided.detail['part']} is let in"
            yield Suggestion(what, f"case amend {case.number}", "R19", decided.at.date())


def _reminder(case: Case, about: str, what: str, rule: str, due: date) -> Suggestion:
    """Suggested some time before a day, and again when the last day of a reminder has passed."""
    reminded, since = last_reminder(case, about), due - BEFORE_AN_END
    if reminded is not None and reminded.at.date() >= since:
        since = date.fromisoformat(reminded.detail["deadline"]) + DAY
    return Suggestion(what, f"case remind {case.number} {about}", rule, since)
