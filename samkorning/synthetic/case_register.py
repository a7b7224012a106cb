"""An invented register of cases: the events of courses, as a service would have recorded them.

What belongs here: events with their details. What must not: when they are (courses), or recording them in a case
register. Nobody in them exists; officers are letters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from samkorning.case.events import Case, Event
from samkorning.case.events import EventKind as K
from samkorning.case.states import DECIDING_ROLES
from samkorning.synthetic.courses import Course

OFFICERS = ("Officer A", "Officer B", "Officer C", "Officer D", "Officer E", "Officer F")
HOLDERS = ("SCB", "Exempelregistret")
ORDERER, MANAGER, LAWYER = "Registrar", "Manager", "Lawyer"
FIRST_RUNNING = 10_000
Step = tuple[date, K, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Orders:
    """The texts of two orders: one that awaits other holders' data, and one that does not."""

    with_others: str
    without_others: str


def case_of(course: Course, orders: Orders) -> Case:
    """The case of one course."""
    text = orders.with_others if course.awaits_others else orders.without_others
    opened: Step = (course.opened, K.OPENED, ORDERER, {"order": text, "file": "order.yaml", "sha256": "0"})
    steps = sorted([opened, *_before_delivery(course), *_outcome(course)], key=lambda step: step[0])
    events = tuple(
        Event(number, kind, datetime.combine(day, time(9), UTC), person, detail)
        for number, (day, kind, person, detail) in enumerate(steps, start=1)
    )
    return Case(f"{FIRST_RUNNING + course.running}-{course.opened.year}", events)


def _before_delivery(course: Course) -> Iterator[Step]:
    """Review, officer, meeting, and on the way to a delivery specification and decision, holders and their files."""
    officer = OFFICERS[course.running % len(OFFICERS)]
    if course.reviewed:
        yield course.reviewed, K.REVIEWED_FIRST, officer, {"note": "complete"}
    if course.assigned:
        yield course.assigned, K.ASSIGNED, MANAGER, {"officer": officer, "note": "next in the queue"}
    if course.met:
        yield course.met, K.MET, officer, {"day": course.met.isoformat(), "agreed": "what is needed"}
    if course.assigned and course.delivered:
        yield from _decided(course.assigned, course.delivered, officer)
        yield from _files(course, course.assigned, course.delivered)


def _decided(assigned: date, delivered: date, officer: str) -> Iterator[Step]:
    """Specification and decision, at a third and a half of the way."""
    whole = delivered - assigned
    specified, decided = assigned + whole / 3, assigned + whole / 2
    yield specified, K.SPECIFICATION_APPROVED, officer, {"specification_sha256": "0"}
    for role, person in zip(DECIDING_ROLES, (officer, MANAGER, LAWYER), strict=True):
        yield decided, K.DECISION_ENDORSED, person, {"role": role}


def _files(course: Course, assigned: date, delivered: date) -> Iterator[Step]:
    """Each holder is asked, releases its data and sends its file, the last one ten days before the delivery."""
    if not course.awaits_others:
        return
    for place, (holder, source) in enumerate(zip(HOLDERS, ("lisa", "diabetes"), strict=True)):
        came = max(assigned + (delivered - assigned) / 2, delivered - timedelta(10 + 5 * place))
        yield assigned, K.HOLDER_ASKED, ORDERER, {"holder": holder, "due": came.isoformat()}
        yield came, K.HOLDER_RELEASED, ORDERER, {"holder": holder}
        yield came, K.FILE_RECEIVED, ORDERER, {"source": source, "sha256": "0", "file": f"{source}.csv"}


def _outcome(course: Course) -> Iterator[Step]:
    if course.delivered:
        yield course.delivered, K.DELIVERED, ORDERER, {"delivery": "L001", "kind": "first", "units": [], "files": []}
    if course.ended:
        yield course.ended, K.ENDED, MANAGER, {"outcome": "closed", "reason": "nobody answered"}
