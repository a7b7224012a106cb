"""The acts of a case that a package tells of: each with its time and the role that took it.

What belongs here: which events are told, in which words. What must not: signing (samkorning.delivery.steps), a person's
name, or a count. A delivery letter names the same acts.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time

from samkorning.case import Case, Event, EventKind
from samkorning.delivery.steps import Step

SERVICE, OFFICER, ORDERER, REVIEWER, HOLDER = "service", "case officer", "orderer", "reviewer", "register holder"
CHECKED = "checked: no identity number, specification kept, serial numbers in the code key"
DELIVERED = "delivered"


def _nothing(_event: Event) -> str:
    return ""


def _named(field: str) -> Callable[[Event], str]:
    return lambda event: str(event.detail.get(field) or "")


SIGNED_STEPS: Mapping[EventKind, tuple[str, str, Callable[[Event], str]]] = {
    EventKind.OPENED: ("requested: the order was entered", OFFICER, _nothing),
    EventKind.AMENDED: ("requested anew: the order was amended", OFFICER, _nothing),
    EventKind.SPECIFICATION_APPROVED: ("specification approved", ORDERER, _nothing),
    EventKind.DECISION_ENDORSED: ("disclosure decision approved", "", _nothing),
    EventKind.DECISION_DISPATCHED: ("disclosure decision dispatched", OFFICER, _nothing),
    EventKind.HOLDER_RELEASED: ("released by the register holder", HOLDER, _named("holder")),
    EventKind.CODE_REVIEWED: ("extraction program reviewed", REVIEWER, _nothing),
    EventKind.FILE_RECEIVED: ("file taken in", SERVICE, _named("source")),
    EventKind.POPULATION_FROZEN: ("study population linked and frozen", SERVICE, _nothing),
    EventKind.POPULATION_CHANGE_ENDORSED: ("change of the study population approved", "", _nothing),
    EventKind.REPLACEMENT_RELEASED: ("replacement released", OFFICER, _named("replaces")),
    EventKind.DISCLOSURE_ACCEPTED: ("disclosure risk accepted", OFFICER, _nothing),
    EventKind.DELIVERY_RELEASED: ("delivery released", OFFICER, _nothing),
    EventKind.DELIVERED: (DELIVERED, SERVICE, _named("delivery")),
}


def taken_steps(case: Case, number: str, today: date) -> tuple[Step, ...]:
    """The acts up to now, with the checks and the delivery that is being made: these by their day, so that a delivery
    that is built again says the same.
    """
    now = datetime.combine(today, time(), UTC)
    found = [(SIGNED_STEPS[event.kind], event) for event in case.events if event.kind in SIGNED_STEPS]
    taken = [(act, event.at, role or _role(event), about(event)) for (act, role, about), event in found]
    taken += [(CHECKED, now, SERVICE, number), (DELIVERED, now, SERVICE, number)]
    return tuple(Step(place, *each) for place, each in enumerate(taken, start=1))


def _role(event: Event) -> str:
    """The role that somebody takes in a decision of three."""
    return str(event.detail["role"]).replace("_", " ")
