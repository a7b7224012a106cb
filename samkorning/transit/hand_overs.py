"""The hand-overs of a case as its events tell them: which are open, what was made and taken in each, what waits.

What belongs here: plain questions to the events, and the rules on making. What must not: rules on taking (taking),
or anything that opens a store.

A hand-over begins with a list of persons and ends by a person's act, on its last day, or with the case's code key; the
identifiers of one that has ended are destroyed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case import rules
from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.states import State, state_of
from samkorning.errors import NotFound, RuleRefused
from samkorning.transit.documents import TransitKind

K = EventKind
LASTS, LASTS_AT_MOST = timedelta(days=14), timedelta(days=90)
"""How long a hand-over is open unless a person says otherwise, and the longest that a person may say."""

STORE = "transit."
"""What the names of stores of transit identifiers begin with; the hand-over's own name follows."""


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


def next_number(case: Case) -> str:
    """The number of the next transit file that this case makes: ``T001``."""
    return f"T{len(case.of(K.TRANSIT_MADE)) + 1:03d}"


def may_hand_over(case: Case, program_sha256: str) -> None:
    """Everything that must be in place before anything of a case is handed over or taken (R10, R12, R16)."""
    rules.decision_is_approved(case)
    rules.decision_is_dispatched_in_time(case)
    rules.link_is_whole(case)
    rules.program_is_reviewed(case, program_sha256)


def lasts_until(chosen: date | None, today: date) -> date:
    """The last day of a new hand-over (R24): transit identifiers are short-lived.

    :raises RuleRefused: when the chosen day has passed or is too far away.
    """
    until = today + LASTS if chosen is None else chosen
    if not today <= until <= today + LASTS_AT_MOST:
        remedy = f"choose a day from {today} to {today + LASTS_AT_MOST}"
        raise RuleRefused("R24", "transit identifiers cannot last until that day", remedy)
    return until


def nothing_is_open(case: Case, peer: str, today: date) -> None:
    """R24: one list at a time to an authority; a file that was lost is sent again, and not made again."""
    for each in hand_overs(case):
        if each.peer == peer and each.is_ours and is_open(case, each, today):
            place = each.event.detail["path"]
            raise RuleRefused(
                "R24",
                f"the hand-over {each.name} to {peer} is open until {each.until}",
                f"send {place} again, or end it first with `transit end {case.number} {each.name}`",
            )


def to_answer(case: Case, peer: str, today: date) -> HandOver:
    """The newest list from an authority that may still be answered.

    :raises RuleRefused: when there is none (R24).
    """
    found = [each for each in hand_overs(case) if each.peer == peer and not each.is_ours and is_open(case, each, today)]
    if not found:
        raise RuleRefused(
            "R24",
            f"no list of persons from {peer} is open",
            "take its list in with `transit take`, or ask for a new one",
        )
    return found[-1]


def no_answer_waits(case: Case, hand_over: HandOver, kind: TransitKind, source: str, period: int | None) -> None:
    """R24: the same is not answered twice before the receipt for the first answer has come."""
    for made in made_files(case, hand_over.name):
        asked = (made.detail["kind"], made.detail["source"], made.detail["period"])
        if asked == (kind, source, period) and receipt_of(case, made) is None:
            raise RuleRefused(
                "R24",
                f"{made.detail['number']} holds this answer and its receipt has not come",
                f"send {made.detail['path']} again, and take the receipt in with `transit take`",
            )


def end_by_act(case: Case, name: str, reason: str) -> Act:
    """A person ends a hand-over before its last day; its transit identifiers are destroyed.

    :raises NotFound: when none of that name is open.
    """
    open_ones = [each.name for each in hand_overs(case) if not has_ended(case, each)]
    if name not in open_ones:
        raise NotFound(f"case {case.number} has no such hand-over; open are: {', '.join(open_ones) or 'none'}")
    return Act(K.TRANSIT_ENDED, {"hand_over": name, "reason": reason})
