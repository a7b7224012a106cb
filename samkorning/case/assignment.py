"""Who handles a case: assignment, hand-over, its place in the queue, and a pause (R02).

What belongs here: the officer of a case and the order in which cases wait for one. What must not: what an officer may
do (roles).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from samkorning.case.act import Act
from samkorning.case.events import Case, EventKind
from samkorning.case.roles import ANYBODY, DECISIONS, Office, Role
from samkorning.case.states import State, state_of
from samkorning.errors import RuleRefused

K = EventKind
PAUSED_FOR = ("orderer", "ethics", "us")
"""For whom a case rests while it is paused."""


def officer_of(case: Case) -> str | None:
    """The case officer, or nobody while the case waits for one."""
    newest = case.last(K.ASSIGNED)
    return str(newest.detail["officer"]) if newest else None


@dataclass(frozen=True)
class Turn:
    """Where a case stands in the queue: the numbers of the cases that came before it and wait for an officer too, and
    why it is taken before them, if somebody says so."""

    earlier: Sequence[str] = ()
    reason: str | None = None


def assign(
    case: Case, officer: str, note: str, office: Office = ANYBODY, today: date = date.min, turn: Turn = Turn()
) -> Act:
    """A case is given to an officer, or handed over to another, with a note for whoever takes it over (R02). Cases are
    handled in the order they came: one that is taken before an earlier one has a reason, which is recorded.

    :param office: who is away; and, where persons are real, who is a case officer.
    """
    earlier = turn.earlier if waits_for_officer(case) else ()
    if earlier and turn.reason is None:
        problem = f"{len(earlier)} cases that came earlier wait for an officer, the first is {earlier[0]}"
        raise RuleRefused("R02", problem, f"`case assign {earlier[0]}` first, or say with --out-of-turn why this one")
    if officer == officer_of(case):
        raise RuleRefused("R02", f"the case is {officer}'s already", "name another officer")
    away = office.absence_of(officer, today)
    if away is not None:
        problem = f"{officer} is away until {away.last_day}"
        raise RuleRefused("R02", problem, f"assign the case to {away.stand_in}, who stands in, or to another officer")
    officers = office.in_role(Role.CASE_OFFICER, today)
    if not case.order.synthetic and office.roles and officer not in officers:
        raise RuleRefused("R02", f"{officer} is no case officer", f"name one of {', '.join(officers) or 'none'}")
    out_of_turn = {"before": list(earlier), "out_of_turn": turn.reason} if earlier else {}
    return Act(K.ASSIGNED, {"officer": officer, "note": note, **out_of_turn})


def officers_manager_takes_part(
    case: Case, office: Office, kind: EventKind, detail: Mapping[str, Any], person: str, day: date
) -> None:
    """R11: the manager who takes part in a decision is the case officer's own, or who stands in while that one is away.

    :raises RuleRefused: naming that manager, where the configuration says who it is.
    """
    officer = officer_of(case)
    manager = office.managers.get(officer) if officer else None
    if kind not in DECISIONS or detail.get("role") != Role.MANAGER or manager is None or person == manager:
        return
    away = office.absence_of(manager, day)
    if away is not None and away.stand_in == person:
        return
    who = f"{away.stand_in}, who stands in for {manager}" if away is not None else manager
    raise RuleRefused("R11", f"{person} is not the manager of {officer}", f"let {who} take part in the decision")


def queue(cases: Iterable[Case]) -> list[str]:
    """The numbers of the cases that wait for an officer, in the order they came (R02)."""
    waiting = [case for case in cases if waits_for_officer(case)]
    return [case.number for case in sorted(waiting, key=lambda case: (case.events[0].at, case.number))]


def waits_for_officer(case: Case) -> bool:
    """Whether a case is in the queue: nobody has it, and nothing has been decided in it yet."""
    return officer_of(case) is None and state_of(case.events) in (State.OPENED, State.SPECIFIED)


def is_paused(case: Case) -> bool:
    """Whether the case rests."""
    newest = case.last(K.PAUSED, K.RESUMED)
    return newest is not None and newest.kind is K.PAUSED


def pause(case: Case, reason: str, waits_for: str = "orderer") -> Act:
    """The case rests until it is resumed; its days are those of whom it rests for."""
    if is_paused(case):
        raise RuleRefused("R02", "the case rests already", "take it up with `case resume`")
    if waits_for not in PAUSED_FOR:
        raise RuleRefused("R02", "a case rests for nobody of that name", f"use one of {', '.join(PAUSED_FOR)}")
    return Act(K.PAUSED, {"reason": reason, "waits_for": waits_for})


def resume(case: Case) -> Act:
    """The case is taken up again."""
    if not is_paused(case):
        raise RuleRefused("R02", "the case does not rest", "there is nothing to take up")
    return Act(K.RESUMED, {})


def case_does_not_rest(case: Case) -> None:
    """R02: nothing is decided and nothing leaves while a case rests."""
    if is_paused(case):
        raise RuleRefused("R02", "the case rests", "take it up with `case resume`")


def days_without_officer(case: Case, today: date) -> int:
    """How many days the case waited, or has waited, for an officer."""
    first = next((event.at.date() for event in case.of(K.ASSIGNED)), today)
    return (first - case.events[0].at.date()).days
