"""Complaints (reklamationer) on deliveries, and extending the time that a code key is kept: acts and what they say.

What belongs here: R15, R17 (extension) and R27. What must not: disposal's clocks, which read them.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from samkorning.case.act import Act
from samkorning.case.clocks import last_day_to_complain
from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import NotFound, RuleRefused


class Erred(StrEnum):
    """Who made the error that a complaint is about."""

    US = "us"
    ORDERER = "orderer"
    HOLDER = "holder"
    NOBODY = "nobody"


def open_complaints(case: Case) -> list[str]:
    """The deliveries on which a complaint is open, each once, in order (R27)."""
    state: dict[str, bool] = {}
    for event in case.of(EventKind.COMPLAINT_OPENED, EventKind.COMPLAINT_CLOSED):
        state[event.detail["delivery"]] = event.kind is EventKind.COMPLAINT_OPENED
    return sorted(delivery for delivery, is_open in state.items() if is_open)


def complain(case: Case, delivery: str, reason: str, today: date, findings: Sequence[str] = ()) -> Act:
    """The recipient complains about a delivery within three months from its letter (R15).

    :param findings: what the recipient's check found, where the complaint came as its file.
    :raises NotFound: when there is no such delivery.
    """
    last_day = last_day_to_complain(case, _letter(case, delivery))
    if today > last_day:
        raise RuleRefused("R15", f"the time to complain about {delivery} ended {last_day}", "answer that in a letter")
    if delivery in open_complaints(case):
        raise RuleRefused("R27", f"a complaint on {delivery} is open already", "close it first")
    found = {"findings": list(findings)} if findings else {}
    return Act(EventKind.COMPLAINT_OPENED, {"delivery": delivery, "reason": reason, **found})


def close_complaint(
    case: Case, delivery: str, outcome: str, cause: str | None = None, erred: Erred | None = None
) -> Act:
    """A complaint is followed up and closed: what came of it, its cause and who erred (R27).

    Cause and who erred are what the review of errors learns from: they are asked for where persons are real.
    """
    _letter(case, delivery)
    if delivery not in open_complaints(case):
        raise RuleRefused("R27", f"no complaint on {delivery} is open", "open it with `case complain`")
    if not case.order.synthetic and (cause is None or erred is None):
        problem = "a complaint is closed with its cause and who erred"
        raise RuleRefused("R27", problem, f"give --cause and --erred ({', '.join(Erred)})")
    learnt = {name: value for name, value in (("cause", cause), ("erred", erred and erred.value)) if value}
    return Act(EventKind.COMPLAINT_CLOSED, {"delivery": delivery, "outcome": outcome, **learnt})


def extend_code_key(case: Case, until: date, today: date, contact: str, representative: str, reason: str) -> Act:
    """A kept code key is kept longer; the extension names contact and authorised representative of the order (R17)."""
    kept = case.kept_until()
    order = case.order
    if kept is None:
        raise RuleRefused("R17", "no decision keeps the code key", "record one with `case keep-key`")
    if until <= max(kept, today):
        raise RuleRefused("R17", f"the code key is kept until {kept} already", "give a later date")
    if contact != order.contact.name:
        raise RuleRefused("R17", "the extension does not name the orderer's contact", "name the one in the order")
    if representative != order.research_principal.representative.name:
        problem = "the extension does not name the authorised representative of the research principal"
        raise RuleRefused("R17", problem, "name the one in the order")
    named = {"case": case.number, "contact": contact, "representative": representative}
    detail = {"until": until.isoformat(), "reason": reason, "extends": kept.isoformat(), **named}
    return Act(EventKind.CODE_KEY_KEPT, detail)


def _letter(case: Case, delivery: str) -> Event:
    letters = {event.detail["delivery"]: event for event in case.of(EventKind.DELIVERED)}
    if delivery not in letters:
        raise NotFound(f"case {case.number} has no delivery {delivery}; it has: {', '.join(letters) or 'none'}")
    return letters[delivery]
