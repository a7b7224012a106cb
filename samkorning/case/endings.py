"""What follows when an order cannot be met: dismissal (avvisning), rejection (avslag) or closure (avskrivning) (R02).

What belongs here: what the software proposes, the act by which a person decides, and how the decision is appealed. What
must not: the letter that says so. Nothing ends by itself.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from samkorning.case.act import Act
from samkorning.case.assignment import is_paused
from samkorning.case.enquiries import awaited_of_orderer
from samkorning.case.events import Case, EventKind
from samkorning.case.offers import quote_is_declined
from samkorning.case.working_days import DAY, next_working_day
from samkorning.errors import RuleRefused

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


@dataclass(frozen=True)
class Proposal:
    """An outcome that the software proposes and a person decides on: why, and by which rule."""

    outcome: Outcome
    why: str
    rule: str
    since: date


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
    the case rests.
    """
    if is_paused(case):
        return None
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


def end(case: Case, outcome: Outcome, reason: str, today: date) -> Act:
    """A person decides that the case ends without a delivery (R02); what comes later is a new order.

    Closing on the orderer's own wish is possible at any time; nobody is dismissed or rejected while a deadline runs,
    and an order is dismissed only for what was asked for, reminded of and not given (20 § förvaltningslagen).
    """
    if case.of(EventKind.DELIVERED):
        problem = "the case has delivered, which no ending undoes"
        raise RuleRefused(
            "R02", problem, "end the waiting for a file with `case withdraw`; the data go by disposal (R16)"
        )
    if outcome is not Outcome.CLOSED:
        running = [each for each in awaited_of_orderer(case) if not each.is_overdue(today)]
        if running:
            problem = f"the orderer may still answer until {running[0].deadline}: {running[0].what}"
            raise RuleRefused("R02", problem, "wait for that day, or for the answer")
    proposal = proposed(case, today)
    if outcome is Outcome.DISMISSED and (proposal is None or proposal.outcome is not Outcome.DISMISSED):
        problem = "an order is dismissed only when questions with a deadline and a reminder stayed without an answer"
        raise RuleRefused("R02", problem, "ask with `case ask`, remind with `case remind`; or reject or close the case")
    made = {"proposed": proposal.outcome.value} if proposal else {}
    return Act(EventKind.ENDED, {"outcome": outcome.value, "reason": reason, **made})
