"""How a case ends that has delivered nothing: dismissal (avvisning), rejection (avslag) or closure (avskrivning) where
an order cannot be met (R02), or with its answer to another authority handed over (överlämnat svar, R24).

What belongs here: what the software proposes, the act by which a person decides, and how the decision is appealed. What
must not: the letter that says so. Nothing ends by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from samkorning.case import hand_overs
from samkorning.case.act import Act
from samkorning.case.assignment import is_paused
from samkorning.case.enquiries import awaited_of_orderer
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.offers import quote_is_declined
from samkorning.case.states import TRANSITIONS, state_of
from samkorning.case.working_days import DAY, next_working_day
from samkorning.errors import NotFound, RuleRefused

APPEAL_WEEKS = 3
"""An appeal has come in within three weeks from the day on which the decision was received (44 § förvaltningslagen)."""
APPEAL_COURT = "kammarrätten"
"""A decision not to hand out a document is appealed to the administrative court of appeal (6 kap. 8 § OSL)."""


class Outcome(StrEnum):
    """How a case ends without a delivery."""

    DISMISSED = "dismissed"
    """Avvisning: the order is not tried, because what it lacks was asked for and did not come."""
    REJECTED = "rejected"
    """Avslag: the order was tried on what there is, and is refused."""
    CLOSED = "closed"
    """Avskrivning: the orderer no longer asks for it."""
    HANDED_OVER = hand_overs.HANDED_OVER
    """Överlämnat svar: data have left in answer to another authority's list, and nothing is to be delivered."""


@dataclass(frozen=True)
class Proposal:
    """An outcome that the software proposes and a person decides on: why, and by which rule."""

    outcome: Outcome
    why: str
    rule: str
    since: date


def how_it_ended(ended: Event) -> str:
    """The end of a case in words: ``the case ended …``."""
    return "with its answer handed over" if ended.detail["outcome"] == Outcome.HANDED_OVER else "without a delivery"


def appeal_until(received: date) -> date:
    """The last day of an appeal against a decision that was received on a day. A law sets this time, so that a last
    day that is no working day is moved to the next one (lagen 1930:173)."""
    return next_working_day(received + timedelta(weeks=APPEAL_WEEKS))


FOLLOWS = {
    "questions": (Outcome.DISMISSED, "R02"),
    "supplement": (Outcome.REJECTED, "R11"),
    "specification": (Outcome.CLOSED, "R09"),
    "quote": (Outcome.CLOSED, "R20"),
}
"""What is proposed when the orderer does not give what was asked for."""


def proposed(case: Case, today: date) -> Proposal | None:
    """What is proposed today: only when a deadline has passed, a reminder was sent, and its deadline too; nothing while
    the case rests. Of a case that has answered another authority, nothing but that it ends with that.
    """
    if is_paused(case):
        return None
    if hand_overs.answers(case):
        return _proposed_of_an_answer(case, today)
    declined = case.last(EventKind.QUOTE_DECLINED)
    if declined is not None and quote_is_declined(case):
        return Proposal(Outcome.CLOSED, "the orderer declined the quote", "R20", declined.at.date())
    for awaited in awaited_of_orderer(case):
        if awaited.reminded and awaited.is_overdue(today):
            outcome, rule = FOLLOWS[awaited.what]
            return Proposal(
                outcome,
                f"{awaited.what}: no answer by {awaited.deadline}, though reminded",
                rule,
                awaited.deadline + DAY,
            )
    return None


def end(case: Case, outcome: Outcome, reason: str, today: date, given_up: Sequence[str] = ()) -> Act:
    """A person decides that the case ends without a delivery (R02, R24); what comes later is a new order.

    Closing on the orderer's own wish is possible at any time; nobody is dismissed or rejected while a deadline runs,
    and an order is dismissed only for what was asked for, reminded of and not given (20 § förvaltningslagen). Once an
    answer to another authority has been made, data may have left, and the case ends as handed over or not at all.

    :param given_up: the numbers of transit files whose receipts will never come (``handed_over`` alone).
    :raises NotFound: when no such file waits for its receipt.
    """
    if case.of(EventKind.DELIVERED):
        problem = "the case has delivered, which no ending undoes"
        raise RuleRefused(
            "R02", problem, "end the waiting for a file with `case withdraw`; the data go by disposal (R16)"
        )
    _fits_what_has_left(case, outcome, today, given_up)
    if outcome in (Outcome.DISMISSED, Outcome.REJECTED):
        running = [each for each in awaited_of_orderer(case) if not each.is_overdue(today)]
        if running:
            problem = f"the orderer may still answer until {running[0].deadline}: {running[0].what}"
            raise RuleRefused("R02", problem, "wait for that day, or for the answer")
    proposal = proposed(case, today)
    if outcome is Outcome.DISMISSED and (proposal is None or proposal.outcome is not Outcome.DISMISSED):
        problem = "an order is dismissed only when questions with a deadline and a reminder stayed without an answer"
        raise RuleRefused("R02", problem, "ask with `case ask`, remind with `case remind`; or reject or close the case")
    made: dict[str, Any] = {"proposed": proposal.outcome.value} if proposal else {}
    return Act(EventKind.ENDED, {"outcome": outcome.value, "reason": reason, **made, **_answered(case, given_up)})


def _fits_what_has_left(case: Case, outcome: Outcome, today: date, given_up: Sequence[str]) -> None:
    """R24: a case that has answered another authority ends as handed over, and no other does."""
    if outcome is Outcome.HANDED_OVER:
        answer_is_handed_over(case, today, given_up)
        return
    if given_up:
        raise RuleRefused("R24", "receipts are given up of a case that is handed over", "leave --without-receipt out")
    left = hand_overs.answers(case)
    if left:
        newest = left[-1].detail
        problem = f"the case has answered {newest['peer']} with {newest['number']}, and data may have left"
        raise RuleRefused("R24", problem, f"end it with `case end {case.number} {Outcome.HANDED_OVER}`")


def answer_is_handed_over(case: Case, today: date, given_up: Sequence[str] = ()) -> None:
    """R24: an answer has left, no hand-over is open any more, and the receipt for every file that was made has come.

    :param given_up: the numbers of files whose receipts will never come, as a person says.
    :raises NotFound: when no such file waits for its receipt.
    """
    if not hand_overs.answers(case):
        remedy = "answer a list with `transit make`, or end the case as dismissed, rejected or closed"
        raise RuleRefused("R24", "the case has answered no other authority", remedy)
    found = next((each for each in hand_overs.hand_overs(case) if hand_overs.is_open(case, each, today)), None)
    if found is not None:
        problem = f"the hand-over {found.name} with {found.peer} is open until {found.until}"
        raise RuleRefused("R24", problem, f"wait for that day, or end it with `transit end {case.number} {found.name}`")
    waiting = hand_overs.without_receipt(case)
    if not set(given_up) <= set(waiting):
        raise NotFound(f"case {case.number} waits for no such receipt; it waits for: {', '.join(waiting) or 'none'}")
    awaited = [number for number in waiting if number not in given_up]
    if awaited:
        remedy = "take them in with `transit take`; name one that will never come with --without-receipt"
        raise RuleRefused("R24", f"the receipts for {', '.join(awaited)} have not come", remedy)


def _proposed_of_an_answer(case: Case, today: date) -> Proposal | None:
    """R24: that the case ends with its answer, once nothing of it is open; a person decides whether it delivers too."""
    if (state_of(case.events), EventKind.ENDED) not in TRANSITIONS:
        return None
    try:
        answer_is_handed_over(case, today)
    except RuleRefused:
        return None
    settled = (EventKind.TRANSIT_RECEIPT_TAKEN, EventKind.TRANSIT_ENDED, EventKind.DISPOSED, EventKind.LINK_CUT)
    days = [event.at.date() for event in case.of(*settled)]
    days += [each.until + DAY for each in hand_overs.expired(case, today)]
    why = "its answer is handed over and every receipt has come"
    return Proposal(Outcome.HANDED_OVER, why, "R24", max(days))


def _answered(case: Case, given_up: Sequence[str]) -> dict[str, Any]:
    """Whom an answer has been handed over to, and which files nobody has a receipt for."""
    to = sorted({str(event.detail["peer"]) for event in hand_overs.answers(case)})
    named = {"without_receipt": sorted(given_up)} if given_up else {}
    return {"answered": to, **named} if to else {}
