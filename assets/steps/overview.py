"""The lines of all cases, and their summaries: kept ones where they still hold, found out anew where they do not.

What belongs here: keeping the table of the overview. What must not: rules, filters, or how a list or report is shown.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from assets.steps.case_account import next_act_of
from assets.steps.case_view import ledger_rows
from assets.steps.letters.waiting import names_not_sent
from assets.steps.register_marks import register_marks, registers_of
from assets.steps.standings import standing_of
from resources.desk import Desk
from samkorning.case import Case, State
from samkorning.case.clocks import clocks
from samkorning.case.derived import NO_DAY, holding, mark_of
from samkorning.case.ledger import NOT_IN_PLACE, LedgerRow
from samkorning.case.overview import CaseLine, OverviewRow, as_text
from samkorning.case.repeats import next_repeat
from samkorning.case.reports.summary import CaseSummary, summary_of
from samkorning.errors import SamkorningError

OVER = (State.ENDED, State.DISPOSED)
WAITING = "waiting for an officer"
QUEUES = {
    State.OPENED: "review",
    State.SPECIFIED: "decision",
    State.APPROVED: "extraction",
    State.DELIVERED: "delivered",
    State.ENDED: "over",
    State.DISPOSED: "over",
}
"""Where the work on a case lies, by its state; before the decision a case without an officer waits for one."""


def overview(desk: Desk) -> list[OverviewRow]:
    """A row for every case, in the order they came (R02).

    :raises VaultDamaged: when a case that has changed does not prove itself, or the register lacks what the log knows.
    """
    numbers, marks = desk.cases.numbers(), register_marks(desk)
    kept = _kept(desk, marks)
    renewed = {number: _row(desk, desk.cases.case(number), marks) for number in numbers if number not in kept}
    desk.overview.keep(list(renewed.values()))
    return [kept.get(number) or renewed[number] for number in numbers]


def readable_rows(desk: Desk, most: int | None = None, only: str | None = None) -> list[OverviewRow]:
    """The same of every case that can be read, in the order they came: one that cannot is left out, and stops no other.

    :param most: of the cases that have changed, so many are found out anew; the others are left out.
    :param only: one case alone.
    """
    marks = register_marks(desk)
    kept = _kept(desk, marks, only)
    numbers = [number for number in desk.cases.counts() if only in (None, number)]
    changed = [number for number in numbers if number not in kept][:most]
    found = {number: _found_out(desk, number, marks) for number in changed}
    renewed = {number: row for number, row in found.items() if row is not None}
    desk.overview.keep(list(renewed.values()))
    rows = {**kept, **renewed}
    return [rows[number] for number in numbers if number in rows]


def _kept(desk: Desk, marks: Mapping[str, str], only: str | None = None) -> dict[str, OverviewRow]:
    """The rows that still hold."""
    return holding(desk.overview.rows(only), desk.cases.heads(), marks, desk.clock.today())


def wrong_rows(desk: Desk) -> list[str]:
    """The cases of which a kept row says something else than is found out anew; nothing is written."""
    marks = register_marks(desk)
    held = list(_kept(desk, marks).values())
    true = {row.case_number: _found_out(desk, row.case_number, marks) for row in held}
    return [row.case_number for row in held if (found := true[row.case_number]) and not row.says_as(found)]


def _found_out(desk: Desk, number: str, marks: Mapping[str, str]) -> OverviewRow | None:
    """A case's row, or nothing for one that cannot be read: that is another problem."""
    with suppress(SamkorningError):
        return _row(desk, desk.cases.case(number), marks)
    return None


def summaries(desk: Desk) -> list[CaseSummary]:
    """What reports need of all cases."""
    return [row.summary for row in overview(desk)]


def _row(desk: Desk, case: Case, marks: Mapping[str, str]) -> OverviewRow:
    rows, registers = ledger_rows(desk, case), registers_of(case)
    summary = summary_of(case, desk.clock.today())
    return OverviewRow(
        case_number=case.number,
        events=len(case.events),
        mac=case.events[-1].mac,
        registers=",".join(registers),
        registers_mark=mark_of(registers, marks),
        last_day=desk.clock.today()
        if names_not_sent(desk, case)
        else _last_day(case, rows, summary, desk.clock.today()),
        line_text=as_text(_line(desk, case, rows, summary)),
        summary_text=as_text(summary),
        standing_text=as_text(standing_of(desk, case, rows)),
    )


def _line(desk: Desk, case: Case, rows: list[LedgerRow], summary: CaseSummary) -> CaseLine:
    act = next_act_of(desk, case, rows)
    early = summary.state in (State.OPENED, State.SPECIFIED)
    return CaseLine(
        case=case.number,
        title=summary.title,
        state=summary.state,
        queue=WAITING if early and not summary.officer else QUEUES[State(summary.state)],
        officer=summary.officer,
        opened=summary.opened,
        what=act.what,
        whose=act.whose,
        due=act.due,
        waits_for=tuple(sorted({row.holder for row in rows if row.status in NOT_IN_PLACE})),
        letters_not_sent=names_not_sent(desk, case),
    )


def _last_day(case: Case, rows: list[LedgerRow], summary: CaseSummary, today: date) -> date:
    """The last day on which the row holds if nothing happens.

    Before its first delivery a case is looked at anew every day; afterwards at the next day that any of its events or
    clocks names; when it is over never again.
    """
    if summary.state in OVER:
        return NO_DAY
    if summary.delivered is None:
        return today
    days = {clock.due for clock in clocks(case, rows, today)} | set(_days_within([e.detail for e in case.events]))
    repeat = next_repeat(case)
    days |= {repeat - timedelta(days=1)} if repeat is not None else set()
    return min((day for day in days if day >= today), default=NO_DAY)


def _days_within(value: Any) -> Iterator[date]:
    """Every day that stands in the particulars of events, at any depth."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _days_within(each)
    elif isinstance(value, str) and len(value) == len("2026-01-01") and value[4] == value[7] == "-":
        try:
            yield date.fromisoformat(value)
        except ValueError:
            return
