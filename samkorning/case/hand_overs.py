"""The hand-overs of a case (R24) as its events tell them: which are open, what was made and taken in each, what waits.

What belongs here: plain questions to the events. What must not: the rules on making and taking (samkorning.transit), or
anything that opens a store.

A hand-over begins with a list of persons and ends by a person's act, on its last day, or with the case's code key; the
identifiers of one that has ended are destroyed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.states import State, state_of

K = EventKind
STORE = "transit."
"""What the names of stores of transit identifiers begin with; the hand-over's own name follows."""
FILE_NUMBER = "^T[0-9]{3,6}$"
"""The number of a transit file, such as ``T001``."""
HANDED_OVER = "handed_over"
"""The outcome of a case that has answered another authority and delivers nothing (samkorning.case.endings)."""


class TransitKind(StrEnum):
    """What a transit file holds: the list of persons, or an answer to it."""

    PERSONS = "persons"
    GROUP = "group"
    ROWS = "rows"


ANSWERS = (TransitKind.GROUP, TransitKind.ROWS)


@dataclass(frozen=True)
class HandOver:
    """One hand-over: whom it is with, its last day, and the event of its list of persons, made or taken."""

    name: str
    peer: str
    until: date
    event: Event

    @property
    def is_ours(self) -> bool:
        """Whether this case made the list; it takes the answers then."""
        return self.event.kind is K.TRANSIT_MADE

    @property
    def store(self) -> str:
        """The name of the store of its transit identifiers."""
        return f"{STORE}{self.name}"


def hand_overs(case: Case) -> list[HandOver]:
    """All hand-overs of a case, oldest first."""
    return [
        HandOver(event.detail["hand_over"], event.detail["peer"], date.fromisoformat(event.detail["until"]), event)
        for event in case.of(K.TRANSIT_MADE, K.TRANSIT_TAKEN)
        if event.detail["kind"] == TransitKind.PERSONS
    ]


def has_ended(case: Case, hand_over: HandOver) -> bool:
    """Whether an event has ended it: an act, its last day, a disposal, or a link that was cut."""
    if state_of(case.events) is State.DISPOSED or case.last(K.LINK_CUT) is not None:
        return True
    disposed = (store["store"] for event in case.of(K.DISPOSED) for store in event.detail["stores"])
    ended = (event.detail["hand_over"] for event in case.of(K.TRANSIT_ENDED))
    return hand_over.name in ended or hand_over.store in disposed


def is_open(case: Case, hand_over: HandOver, today: date) -> bool:
    """Whether files may still be made and taken in it."""
    return today <= hand_over.until and not has_ended(case, hand_over)


def expired(case: Case, today: date) -> list[HandOver]:
    """The hand-overs whose last day has passed, and that no event has ended."""
    return [each for each in hand_overs(case) if today > each.until and not has_ended(case, each)]


def made_files(case: Case, hand_over: str) -> list[Event]:
    """The events of the files that this case has made in a hand-over, oldest first."""
    return [event for event in case.of(K.TRANSIT_MADE) if event.detail["hand_over"] == hand_over]


def taken_files(case: Case, hand_over: str) -> list[Event]:
    """The events of the files that this case has taken in a hand-over, oldest first."""
    return [event for event in case.of(K.TRANSIT_TAKEN) if event.detail["hand_over"] == hand_over]


def receipt_of(case: Case, made: Event) -> Event | None:
    """The event of the receipt for a file that this case has made, or nothing."""
    return next((each for each in case.of(K.TRANSIT_RECEIPT_TAKEN) if each.detail["file"] == made.number), None)


def answers(case: Case) -> list[Event]:
    """The events of the answers that this case has made: who is in its group, and rows about them, oldest first."""
    return [event for event in case.of(K.TRANSIT_MADE) if event.detail["kind"] in ANSWERS]


def without_receipt(case: Case) -> list[str]:
    """The numbers of the files that this case has made and whose receipts have not come, oldest first."""
    return [str(made.detail["number"]) for made in case.of(K.TRANSIT_MADE) if receipt_of(case, made) is None]


def ended_with_its_answer(case: Case) -> bool:
    """Whether a person has ended the case because its answer is handed over."""
    ended = case.last(K.ENDED)
    return ended is not None and ended.detail["outcome"] == HANDED_OVER
