"""Whose every day of a case is: the orderer's, the ethics authority's, a holder's, or ours by role (R26).

What belongs here: attributing days, each to exactly one, from the events alone. What must not: statistics over cases.
A day is whose turn it was when the day ended; the day on which a case ends, or today, is not yet anybody's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from samkorning.case.course import Course, Outline, Turn, Whose
from samkorning.case.events import Case, Event
from samkorning.case.states import State, states_of
from samkorning.case.working_days import DAY

OVER = (State.ENDED, State.DISPOSED)


class Stage(StrEnum):
    """How far a case had come on a day."""

    QUEUE = "queue"
    """Nobody handles it yet."""
    REVIEW = "review"
    """From an officer to the approved specification."""
    DECISION = "decision"
    EXTRACTION = "extraction"
    """From the decision to the first delivery."""
    AFTERWARDS = "afterwards"


@dataclass(frozen=True)
class Span:
    """Days in a row that belong to one: whose, the holder's name or our role, the stage, the first day and how many."""

    whose: Whose
    name: str
    stage: Stage
    first: date
    days: int


def days(case: Case, today: date, outlines: Callable[[Event], Outline] | None = None) -> list[Span]:
    """Every day from the order to the end of the case, or to today, each once and in order.

    :param outlines: what the days need of an order, by the event that brought it; read from the order without it.
    """
    opened, last_day = case.events[0].at.date(), age_ends(case, today)
    spans: list[Span] = []
    for first, after, turn, stage in _stretches(case, last_day, outlines or outline_of):
        for whose, begins, ends in turn.split(first, after):
            span = Span(whose.whose, whose.name, stage, begins, (ends - begins).days)
            if spans and _continues(spans[-1], span):
                span = Span(span.whose, span.name, span.stage, spans[-1].first, spans.pop().days + span.days)
            if span.days:
                spans.append(span)
    assert sum(span.days for span in spans) == max((last_day - opened).days, 0)  # noqa: S101 - each day exactly once
    return spans


def age_ends(case: Case, today: date) -> date:
    """The day on which the case was over, or today: it has no days from then on."""
    over = zip(case.events, states_of(case.events), strict=True)
    return min([*[event.at.date() for event, state in over if state in OVER][:1], today])


def outline_of(event: Event) -> Outline:
    """What the days need of an order, from the event that brought it."""
    return _outline(event.detail["order"], event.detail["file"])


@lru_cache(maxsize=4096)
def _outline(text: str, file: str) -> Outline:
    from samkorning.order import read_order

    return Outline.of(read_order(text, file))


def _stretches(
    case: Case, last_day: date, outlines: Callable[[Event], Outline]
) -> Iterator[tuple[date, date, Turn, Stage]]:
    """From event to event: the first day, the day after the last, whose turn it is, and the stage."""
    course = Course(outlines)
    turns: list[tuple[date, Turn, Stage]] = []
    day = case.events[0].at.date()
    for event, state in zip(case.events, states_of(case.events), strict=True):
        course.take(event)
        day = max(day, event.at.date())  # a clock that is set, for made-up cases, may have been set back
        turns.append((day, course.turn(state), _stage(course, state)))
    turns.append((last_day, turns[-1][1], turns[-1][2]))
    for (day, turn, stage), (following, _, _) in pairwise(turns):
        first, after = min(day, last_day), min(following, last_day)
        if first < after:
            yield first, after, turn, stage


def _stage(course: Course, state: State) -> Stage:
    if state is State.OPENED and not course.delivered:
        return Stage.REVIEW if course.officer else Stage.QUEUE
    return {State.SPECIFIED: Stage.DECISION, State.APPROVED: Stage.EXTRACTION}.get(state, Stage.AFTERWARDS)


def _continues(before: Span, after: Span) -> bool:
    same = (before.whose, before.name, before.stage) == (after.whose, after.name, after.stage)
    return same and before.first + before.days * DAY == after.first
