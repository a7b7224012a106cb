"""Clocks of a case: what has to be done by when, and the next act.

What belongs here: deadlines reckoned from events and today's date. What must not: doing anything about them.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case import rules
from samkorning.case.announcements import announcement
from samkorning.case.blocking import blocked, remedy_of
from samkorning.case.events import NO_LIMIT, Case, EventKind
from samkorning.case.inputs import is_drawn
from samkorning.case.ledger import NOT_IN_PLACE, LedgerRow, UnitStatus
from samkorning.case.population import decided_change
from samkorning.case.states import DECIDING_ROLES
from samkorning.errors import RuleRefused

FIRST_ACTION = timedelta(days=7)
AFTER_LAST_FILE = timedelta(days=14)
MONTHS_TO_COMPLAIN = 3
MONTHS_TO_DELIVER = 3
IN_QUARANTINE = timedelta(days=30)
"""How long a file may wait for the decision before somebody decides on it or sends it back."""


@dataclass(frozen=True)
class Clock:
    """One deadline: what, by when, and the rule it comes from."""

    what: str
    due: date
    rule: str


@dataclass(frozen=True)
class NextAct:
    """What the case waits for, whose it is, and by when it should be done, if a clock says so."""

    what: str
    whose: str
    due: date | None


def clocks(case: Case, rows: Sequence[LedgerRow], today: date) -> list[Clock]:
    """The clocks that run, soonest first (R15, R17, R26)."""
    running = [*_delivery_clocks(case, rows), *_complaint_windows(case, today), *_quarantine_clocks(case)]
    running += _announced_clocks(case, rows)
    kept = case.kept_until()
    if kept is not None and kept != NO_LIMIT:
        running.append(Clock("code key is kept until", kept, "R17"))
    return sorted(running, key=lambda clock: clock.due)


def next_act(case: Case, rows: Sequence[LedgerRow], program_sha256: str, today: date) -> NextAct:
    """The first thing that stands between the case and its next delivery."""
    ended = case.last(EventKind.ENDED)
    if ended is not None:
        return NextAct(f"nothing: the case was {ended.detail['outcome']}", "nobody", None)
    running = _delivery_clocks(case, rows)
    due = running[0].due if running else None
    refusal = _what_holds_back(case, rows, program_sha256)
    if refusal is not None:
        return NextAct(refusal.problem, _whose(refusal, case), due)
    stopped = blocked(case, rows)
    if stopped is not None:
        check = str(stopped.detail["check"])
        return NextAct(f"{check} stopped the delivery: {remedy_of(check)}", "data engineer", due)
    if any(row.is_due for row in rows):
        return NextAct("deliver what is in place", "data engineer", due)
    changed = next((row for row in rows if row.status is UnitStatus.CHANGED), None)
    if changed is not None:
        return NextAct(_decide_on(case, changed), "case officer", None)
    if decided_change(case) is not None:
        return NextAct("the population that was decided is awaited", case.specification.population.holder, None)
    undrawn = [row for row in rows if row.status is UnitStatus.AWAITED and is_drawn(case, row.unit)]
    if undrawn:
        return NextAct("deliver: who is in the study is found first", "data engineer", due)
    awaited = sorted({row.holder for row in rows if row.status in NOT_IN_PLACE})
    if awaited:
        expected = [clock.due for clock in _announced_clocks(case, rows)]
        return NextAct("files are awaited", ", ".join(awaited), min(expected, default=None))
    return NextAct("nothing", "nobody", None)


def _decide_on(case: Case, row: LedgerRow) -> str:
    """A change that waits for a person, and the commands of both decisions."""
    unit = f"{case.number} {row.unit.source}" + (f" --period {row.unit.period}" if row.unit.period else "")
    replaced = f"{row.unit} is not as it was in {row.deliveries[-1]}"
    return f"decide on a change: {replaced}; `case replace {unit}` or `case decline {unit}`"


def months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or the month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _delivery_clocks(case: Case, rows: Sequence[LedgerRow]) -> list[Clock]:
    """R26: first action within a week; delivery within three months, or two weeks from the last awaited file."""
    opened = case.events[0].at.date()
    if case.last(EventKind.ENDED) is not None:
        return []
    if len(case.events) == 1:
        return [Clock("first action", opened + FIRST_ACTION, "R26")]
    if not any(row.is_due for row in rows) and case.of(EventKind.DELIVERED):
        return []
    last_file = case.last(EventKind.FILE_RECEIVED)
    external = bool(case.specification.sources)
    if external and last_file is not None:
        return [Clock("deliver after the last file", last_file.at.date() + AFTER_LAST_FILE, "R26")]
    return [] if external else [Clock("deliver", months_after(opened, MONTHS_TO_DELIVER), "R26")]


def _quarantine_clocks(case: Case) -> list[Clock]:
    """R10: files that came before the decision was approved wait encrypted, and not for ever."""
    return [
        Clock(
            f"{event.detail['source']}: {event.detail['file']} waits in quarantine for the decision",
            event.at.date() + IN_QUARANTINE,
            "R10",
        )
        for event in case.held_files()
    ]


def _announced_clocks(case: Case, rows: Sequence[LedgerRow]) -> list[Clock]:
    """R13: files that are awaited, on the day for which their holders have announced them."""
    awaited = {row.unit.source for row in rows if row.status in NOT_IN_PLACE}
    found = [announcement(case, source) for source in sorted(awaited)]
    return [
        Clock(f"{event.detail['source']} is announced", date.fromisoformat(event.detail["expected"]), "R13")
        for event in found
        if event is not None and event.detail.get("expected")
    ]


def _complaint_windows(case: Case, today: date) -> list[Clock]:
    """R15: three months from the day of the delivery letter, per delivery."""
    windows = (
        Clock(
            f"complaint window of {event.detail['delivery']}", months_after(event.at.date(), MONTHS_TO_COMPLAIN), "R15"
        )
        for event in case.of(EventKind.DELIVERED)
    )
    return [window for window in windows if window.due >= today]


def _what_holds_back(case: Case, rows: Sequence[LedgerRow], program_sha256: str) -> RuleRefused | None:
    """The first rule that forbids a delivery now; a release is asked for only while something is due."""
    try:
        rules.may_extract(case, program_sha256)
        rules.holders_have_released(rows)
        if any(row.is_due for row in rows):
            rules.may_be_delivered(case, program_sha256, list(rows))
    except RuleRefused as refusal:
        return refusal
    return None


def _whose(refusal: RuleRefused, case: Case) -> str:
    return {
        "R04": "register holder",
        "R09": case.order.contact.name,
        "R10": ", ".join(DECIDING_ROLES),
        "R12": "reviewer",
        "R13": case.specification.population.holder,
        "R29": "register holder",
    }.get(refusal.rule, "case officer")
