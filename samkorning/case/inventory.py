"""The inventory (inventering) of old cases: where each stands, what is due, who has it, and what they reported back.

What belongs here: choosing the cases and the lines of each, from what is known of them. What must not: the next act
itself (next_act), or sending anything. An inventory leaves no event: it is made from a day on which it was sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case.act import Act
from samkorning.case.assignment import officer_of
from samkorning.case.days import Stage, days
from samkorning.case.events import Case, EventKind
from samkorning.case.next_act import NOBODY, NextAct
from samkorning.case.roles import Office
from samkorning.case.states import State, state_of
from samkorning.errors import RuleRefused

OLD = timedelta(days=90)
"""Older than what a delivery without others' data may take (R26)."""
NO_OFFICER = "no officer"


@dataclass(frozen=True)
class InventoryLine:
    """One old case: its stage, days since the order and since anything happened, who has it, and the act that is due.

    ``reported`` is the note of its officer since the inventory was sent; ``stand_in`` who has the case while the
    officer is away.
    """

    case: str
    title: str
    stage: Stage
    age: int
    rests: int
    officer: str
    stand_in: str
    what: str
    whose: str
    due: date | None
    reported: str

    @property
    def goes_to(self) -> str:
        """Who is asked to report back on it."""
        return self.stand_in or self.officer


def report_back(case: Case, note: str) -> Act:
    """An officer reports what has been done about an old case."""
    if officer_of(case) is None:
        raise RuleRefused("R02", "nobody has the case", "assign it first with `case assign`")
    return Act(EventKind.REPORTED_BACK, {"note": note})


def is_old(case: Case, today: date, older_than: timedelta = OLD) -> bool:
    """Whether a case that is not over is older than it should be."""
    over = state_of(case.events) in (State.ENDED, State.DISPOSED)
    return not over and today - case.events[0].at.date() > older_than


def inventory_line(case: Case, act: NextAct, office: Office, sent: date, today: date) -> InventoryLine:
    """The line of one case, with what its officer reported since the inventory was sent."""
    officer = officer_of(case) or ""
    away = office.absence_of(officer, today)
    spans = days(case, today)
    reports = [event for event in case.of(EventKind.REPORTED_BACK) if event.at.date() >= sent]
    return InventoryLine(
        case=case.number,
        title=case.order.title,
        stage=spans[-1].stage if spans else Stage.QUEUE,
        age=(today - case.events[0].at.date()).days,
        rests=(today - case.events[-1].at.date()).days,
        officer=officer or NO_OFFICER,
        stand_in=away.stand_in if away is not None else "",
        what=act.what,
        whose=act.whose,
        due=act.due,
        reported=str(reports[-1].detail["note"]) if reports else "",
    )


def in_order(lines: Iterable[InventoryLine]) -> list[InventoryLine]:
    """By stage as a case comes to it, the oldest first; without those that wait for nothing."""
    stages = list(Stage)
    waiting = (line for line in lines if line.whose != NOBODY)
    return sorted(waiting, key=lambda line: (stages.index(line.stage), -line.age, line.case))


def by_officer(lines: Sequence[InventoryLine]) -> dict[str, list[InventoryLine]]:
    """The lines by whom they go to, each in the order of the inventory."""
    found: dict[str, list[InventoryLine]] = {}
    for line in lines:
        found.setdefault(line.goes_to, []).append(line)
    return dict(sorted(found.items()))
