"""How the register desk stands: all cases together, what is due and from whom, what waits for a person, and health.

What belongs here: reckoning it from the rows of the overview, the register store and the inbox. What must not: how it
is shown (assets.shown.desk), or reading a case that rests.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from assets.steps.intake.register_years import waiting_years
from assets.steps.overview import OVER, readable_rows
from resources.desk import Desk
from resources.inbox import lying_files
from samkorning.case.blocking import remedy_of
from samkorning.case.overview import OverviewRow
from samkorning.years import spans

WEEK = timedelta(days=7)
NOBODY, NO_DAY = "nobody", "no day"
ANNOUNCED = " is announced"
"""How the clock of an announced file is called: it is told of by its holder."""


@dataclass(frozen=True, order=True)
class DueThing:
    """Something with a day: the day, the case, what it is, and whose it is."""

    day: str
    case: str
    what: str
    whose: str


@dataclass(frozen=True)
class LeadTimes:
    """Days from opening to first delivery, of cases with and without other holders' files (R26)."""

    what: str
    delivered: int
    median_days: float | None
    waiting: int
    median_days_waiting: float | None


@dataclass(frozen=True)
class DeskAccount:
    """How the desk stands today. ``not_read`` are cases that could not be read, or not yet."""

    today: date
    states: dict[str, int]
    due: list[DueThing]
    waits_for: dict[str, int]
    waiting: list[DueThing]
    stopped: list[tuple[str, str, str]]
    held: int
    in_inbox: int
    registers: list[tuple[str, str, str]]
    lead_times: list[LeadTimes]
    not_read: list[str]
    free_bytes: int


def desk_account(desk: Desk, most: int | None = None) -> DeskAccount:
    """How the desk stands.

    :param most: how many cases that have changed are looked at anew; the others are told as they stood.
    """
    today, rows = desk.clock.today(), readable_rows(desk, most)
    return DeskAccount(
        today=today,
        states=dict(Counter(row.line.state for row in rows)),
        due=sorted(thing for row in rows for thing in _due_of(row, str(today + WEEK))),
        waits_for=dict(Counter(row.line.whose for row in rows if row.line.whose != NOBODY).most_common()),
        waiting=sorted(_waiting(rows)),
        stopped=[
            (row.case_number, row.standing.stopped_by, remedy_of(row.standing.stopped_by))
            for row in rows
            if row.standing.stopped_by
        ],
        held=sum(row.standing.held for row in rows),
        in_inbox=sum(1 for _ in lying_files(desk.home)),
        registers=list(_registers(desk)),
        lead_times=[_lead_times(rows, today, others=others) for others in (True, False)],
        not_read=sorted(set(desk.cases.counts()) - {row.case_number for row in rows}),
        free_bytes=shutil.disk_usage(desk.home.root).free,
    )


def _due_of(row: OverviewRow, until: str) -> Iterator[DueThing]:
    """The clocks of a case and the files awaited for it that are due by a day, or were."""
    for day, what, rule in row.standing.clocks:
        if day <= until and not what.endswith(ANNOUNCED):
            yield DueThing(day, row.case_number, f"{what} ({rule})", row.line.whose)
    for day, unit, holder in row.standing.awaited:
        if day and day <= until:
            yield DueThing(day, row.case_number, f"file of {unit}", holder)


def _waiting(rows: Sequence[OverviewRow]) -> Iterator[DueThing]:
    """The next act of every case that waits for one, those with a day first."""
    for row in rows:
        if row.line.whose != NOBODY:
            due = str(row.line.due) if row.line.due else NO_DAY
            yield DueThing(due, row.case_number, row.line.what, row.line.whose)


def _registers(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """Every register that has years: which, and what waits for a person."""
    waiting = waiting_years(desk)
    for name in desk.catalogue.names:
        years = desk.registers.years(name)
        held = [f"{year}: {why}" for (register, year), why in waiting.items() if register == name]
        if years or held:
            yield name, spans(years), "; ".join(held)


def _lead_times(rows: Sequence[OverviewRow], today: date, *, others: bool) -> LeadTimes:
    mine = [row.summary for row in rows if row.summary.awaits_others == others]
    done = [(each.delivered - each.opened).days for each in mine if each.delivered]
    waiting = [(today - each.opened).days for each in mine if not each.delivered and each.state not in OVER]
    name = "with other holders' files" if others else "without other holders' files"
    return LeadTimes(name, len(done), _middle(done), len(waiting), _middle(waiting))


def _middle(days: Sequence[int]) -> float | None:
    return median(days) if days else None
