"""What reports and the work list need of a case, read off its events once: days and outcomes, no text of an order.

What belongs here: milestones of one case, and their form as JSON. What must not: counting over cases (the reports), or
whether a case proves itself (register). A day is that of an event in UTC, as clocks have it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any

from samkorning.case.days import days
from samkorning.case.events import Case, Event
from samkorning.case.events import EventKind as K
from samkorning.case.states import DECIDING_ROLES, state_of
from samkorning.order.sources import SourceClass


@dataclass(frozen=True)
class HolderCourse:
    """One register holder in one case: when it was asked, when it answered and how, when its first file came."""

    holder: str
    asked: date | None
    answered: date | None
    refused: str
    file: date | None


@dataclass(frozen=True)
class Complaint:
    """One complaint (reklamation) on a delivery; cause and who erred are known when it is closed."""

    delivery: str
    opened: date
    closed: date | None
    cause: str
    erred: str


@dataclass(frozen=True)
class Incident:
    """One personal-data incident (personuppgiftsincident)."""

    opened: date
    closed: date | None


@dataclass(frozen=True)
class Questionnaire:
    """One answered questionnaire: 1 (much worse than before) to 5 (much better), 3 for no difference."""

    answered: date
    effective: int
    clear: int


@dataclass(frozen=True)
class CaseSummary:
    """The course of one case (förlopp). What has not happened is nothing.

    ``awaits_others`` is whether its order awaits files of other register holders; ``last_file`` is the last file taken
    in before the first delivery; ``specified`` and ``decided`` are the approvals that the first delivery was made on.
    """

    number: str
    title: str
    purpose: str
    awaits_others: bool
    state: str
    officer: str
    opened: date
    reviewed: date | None = None
    assigned: date | None = None
    met: date | None = None
    specified: date | None = None
    decided: date | None = None
    last_file: date | None = None
    delivered: date | None = None
    deliveries: tuple[date, ...] = ()
    ended: date | None = None
    outcome: str = ""
    holders: tuple[HolderCourse, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    incidents: tuple[Incident, ...] = ()
    questionnaires: tuple[Questionnaire, ...] = ()
    days: Mapping[str, int] = field(default_factory=dict)
    """Days up to the first delivery, or to the day of the summary, by whose they were."""

    def waits_on(self, day: date) -> bool:
        """Whether it waits for a case officer on a day."""
        return self.opened <= day < self.left_queue

    @property
    def left_queue(self) -> date:
        """The day on which it had an officer, or went on or ended without one; the last of all days if it waits."""
        return min(day for day in (self.assigned, self.decided, self.delivered, self.ended, date.max) if day)

    def is_with_officer(self, day: date) -> bool:
        """Whether an officer works towards its first delivery on a day."""
        left = [each for each in (self.ended, self.delivered) if each is not None]
        return self.assigned is not None and self.assigned <= day and not any(each <= day for each in left)


def summary_of(case: Case, today: date) -> CaseSummary:
    """The course of a case as its events tell it up to a day."""
    delivered = [event.at.date() for event in case.of(K.DELIVERED)]
    before = list(takewhile(lambda event: event.kind is not K.DELIVERED, case.events))
    assigned, ended = case.of(K.ASSIGNED), case.last(K.ENDED)
    return CaseSummary(
        number=case.number,
        title=case.order.title,
        purpose=str(case.order.purpose),
        awaits_others=any(each.source_class is not SourceClass.RESEARCHER for each in case.specification.sources),
        state=str(state_of(case.events)),
        officer=str(assigned[-1].detail["officer"]) if assigned else "",
        opened=case.events[0].at.date(),
        reviewed=_first(case.events, K.REVIEWED_FIRST, K.QUESTIONS_ASKED),
        assigned=_first(case.events, K.ASSIGNED),
        met=_first(case.events, K.MET),
        specified=_last(before, K.SPECIFICATION_APPROVED),
        decided=_decided(before),
        last_file=_last(before, K.FILE_RECEIVED),
        delivered=delivered[0] if delivered else None,
        deliveries=tuple(delivered),
        ended=ended.at.date() if ended else None,
        outcome=str(ended.detail["outcome"]) if ended else "",
        holders=_holders(case),
        complaints=_complaints(case),
        incidents=_incidents(case),
        questionnaires=tuple(
            Questionnaire(event.at.date(), int(event.detail["effective"]), int(event.detail["clear"]))
            for event in case.of(K.QUESTIONNAIRE_ANSWERED)
        ),
        days=_days(case, min([*delivered[:1], today])),
    )


def to_fields(summary: CaseSummary) -> dict[str, Any]:
    """A summary as JSON can hold it; dates stay dates."""
    return asdict(summary)


def from_fields(fields: Mapping[str, Any]) -> CaseSummary:
    """The same read back, dates from their ISO form."""
    parts: dict[str, type[Any]] = {
        "holders": HolderCourse,
        "complaints": Complaint,
        "incidents": Incident,
        "questionnaires": Questionnaire,
    }
    plain: dict[str, Any] = {
        name: _day(value) if name in DAYS else value for name, value in fields.items() if name not in parts
    }
    plain["deliveries"] = tuple(map(date.fromisoformat, fields["deliveries"]))
    made: dict[str, Any] = {name: tuple(_part(part, each) for each in fields[name]) for name, part in parts.items()}
    return CaseSummary(**plain, **made)


DAYS = {"opened", "reviewed", "assigned", "met", "specified", "decided", "last_file", "delivered", "ended"}
PART_DAYS = {"asked", "answered", "file", "opened", "closed"}


def _part(part: type[Any], fields: Mapping[str, Any]) -> Any:
    return part(**{name: _day(value) if name in PART_DAYS else value for name, value in fields.items()})


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _first(events: Sequence[Event], *kinds: K) -> date | None:
    return next((event.at.date() for event in events if event.kind in kinds), None)


def _last(events: Sequence[Event], *kinds: K) -> date | None:
    return _first(list(reversed(events)), *kinds)


def _decided(events: Sequence[Event]) -> date | None:
    """The day on which the last of the three had endorsed the order as it stood then (R11)."""
    roles: set[str] = set()
    decided = None
    for event in events:
        if event.kind is K.AMENDED:
            roles, decided = set(), None
        if event.kind is K.DECISION_ENDORSED:
            roles.add(str(event.detail["role"]))
            decided = event.at.date() if roles.issuperset(DECIDING_ROLES) else None
    return decided


def _days(case: Case, until: date) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for span in days(case, until):
        counted[f"{span.whose}: {span.name}" if span.name else str(span.whose)] += span.days
    return dict(sorted(counted.items()))


def _holders(case: Case) -> tuple[HolderCourse, ...]:
    sources = case.specification.sources
    named = [source.holder for source in sources]
    named += [str(event.detail["holder"]) for event in case.of(K.HOLDER_ASKED)]
    return tuple(
        _holder(case, holder, {source.name for source in sources if source.holder == holder})
        for holder in dict.fromkeys(named)
    )


def _holder(case: Case, holder: str, sources: set[str]) -> HolderCourse:
    answers = [event for event in case.of(K.HOLDER_RELEASED, K.HOLDER_REFUSED) if event.detail.get("holder") == holder]
    refusal = answers[0].detail["reason"] if answers and answers[0].kind is K.HOLDER_REFUSED else ""
    return HolderCourse(
        holder,
        _first([event for event in case.of(K.HOLDER_ASKED) if event.detail["holder"] == holder], K.HOLDER_ASKED),
        answers[0].at.date() if answers else None,
        str(refusal),
        _first([event for event in case.of(K.FILE_RECEIVED) if event.detail["source"] in sources], K.FILE_RECEIVED),
    )


def _complaints(case: Case) -> tuple[Complaint, ...]:
    found: list[Complaint] = []
    for event in case.of(K.COMPLAINT_OPENED):
        delivery = str(event.detail["delivery"])
        closings = (each for each in case.of(K.COMPLAINT_CLOSED) if each.detail["delivery"] == delivery)
        closing = next((each for each in closings if each.number > event.number), None)
        detail = closing.detail if closing else {}
        found.append(
            Complaint(
                delivery,
                event.at.date(),
                closing.at.date() if closing else None,
                str(detail.get("cause", "")),
                str(detail.get("erred", "")),
            )
        )
    return tuple(found)


def _incidents(case: Case) -> tuple[Incident, ...]:
    closed = {event.detail["number"]: event.at.date() for event in case.of(K.INCIDENT_CLOSED)}
    return tuple(Incident(event.at.date(), closed.get(event.number)) for event in case.of(K.INCIDENT_RECORDED))
