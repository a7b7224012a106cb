"""Whether a transit file may be made, and whether a person may end a hand-over: each refusal says what to do.

What belongs here: rules on making, judged from the case's events. What must not: the questions to the events themselves
(samkorning.case.hand_overs), rules on taking (taking), or anything that opens a store.
"""

from datetime import date, timedelta

from samkorning.case import rules
from samkorning.case.act import Act
from samkorning.case.assignment import case_does_not_rest
from samkorning.case.events import Case, EventKind
from samkorning.case.hand_overs import (
    HandOver,
    TransitKind,
    hand_overs,
    has_ended,
    is_open,
    made_files,
    receipt_of,
)
from samkorning.case.holder_releases import what_is_not_covered
from samkorning.errors import NotFound, RuleRefused

K = EventKind
LASTS, LASTS_AT_MOST = timedelta(days=14), timedelta(days=90)
"""How long a hand-over is open unless a person says otherwise, and the longest that a person may say."""


def next_number(case: Case) -> str:
    """The number of the next transit file that this case makes: ``T001``."""
    return f"T{len(case.of(K.TRANSIT_MADE)) + 1:03d}"


def may_hand_over(case: Case, program_sha256: str) -> None:
    """Everything that must be in place before anything of a case is handed over or taken (R10, R12, R16)."""
    rules.decision_is_approved(case)
    rules.decision_is_dispatched_in_time(case)
    rules.link_is_whole(case)
    rules.program_is_reviewed(case, program_sha256)


def may_leave(case: Case, today: date) -> None:
    """R02: nothing leaves while the case rests. R04: where the population is who a holder's file lists, nothing leaves
    without that holder's release: rows of own registers, too, say who is in the file.
    """
    case_does_not_rest(case)
    within = case.specification.population_source
    not_covered = what_is_not_covered(case, within, today) if within is not None else None
    if within is not None and not_covered:
        problem = f"who is in {within.name} may not leave: {within.holder} ({not_covered})"
        raise RuleRefused("R04", problem, "record the release with `case release --holder`")


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
