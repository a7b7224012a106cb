"""Which cases have a delivery due: looked up in the table of what is due, found out anew for those that have changed.

What belongs here: keeping that table, and comparing it with the cases themselves. What must not: asking for runs
(pipelines.triggers), or the rules.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from assets.steps.case_view import ledger_rows, program_of
from assets.steps.letters.waiting import names_not_sent
from assets.steps.register_marks import register_marks, registers_of
from assets.steps.retention.disposing import next_completion, next_disposal
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.blocking import blocked, digest_of
from samkorning.case.derived import NO_DAY, holding, mark_of
from samkorning.case.due import Due, last_day_of
from samkorning.case.ledger import LedgerRow, last_received
from samkorning.case.ledger_account import not_handed_over
from samkorning.case.population import NUMBER_HISTORY
from samkorning.case.reminders import next_reminder
from samkorning.case.repeats import comes_by_repeats, next_repeat
from samkorning.case.rules import may_be_delivered
from samkorning.errors import SamkorningError

DAY = timedelta(days=1)
MOST_AT_ONCE = 200
"""Cases that one look finds out about anew; the others wait for the next, so that no look takes long."""


def due_cases(desk: Desk, most: int = MOST_AT_ONCE) -> list[Due]:
    """What is due for every case, in order of case number; cases that have changed are found out about, ``most`` of
    them at once."""
    kept, changed = _kept_and_changed(desk)
    renewed = _found_out(desk, changed[:most])
    desk.due.keep(renewed)
    return sorted([*kept, *renewed], key=lambda row: row.case_number)


def wrong_cases(desk: Desk) -> list[str]:
    """The cases of which the table says something else than is found out anew; nothing is written."""
    kept, _ = _kept_and_changed(desk)
    true = {row.case_number: row for row in _found_out(desk, [row.case_number for row in kept])}
    readable = (row for row in kept if row.case_number in true)
    return sorted(row.case_number for row in readable if _said(row) != _said(true[row.case_number]))


def _said(row: Due) -> Due:
    """What the row says, whatever day it was written on."""
    return replace(row, last_day=NO_DAY)


def _kept_and_changed(desk: Desk) -> tuple[list[Due], list[str]]:
    """The rows that still hold, and the cases that have none."""
    heads = desk.cases.heads()
    kept = holding(desk.due.rows(), heads, register_marks(desk), desk.clock.today())
    return list(kept.values()), sorted(number for number in heads if number not in kept)


def _found_out(desk: Desk, numbers: Iterable[str]) -> list[Due]:
    """What is due for some cases. One that cannot be read stops no other, and stays among those that have changed."""
    marks, found = register_marks(desk), []
    for number in numbers:
        with suppress(SamkorningError):
            found.append(_due_of(desk, desk.cases.case(number), marks))
    return found


def _due_of(desk: Desk, case: Case, marks: Mapping[str, str]) -> Due:
    """A case that has not delivered has nothing due by itself: its first delivery is a person's act."""
    registers, today = registers_of(case), desk.clock.today()
    due = _what_is_due(desk, case, ledger_rows(desk, case)) if case.of(EventKind.DELIVERED) else []
    due = [] if blocked(case, due) else due
    repeats = [row for row in due if comes_by_repeats(case, row)]
    first_day = next_repeat(case)
    waits = first_day is not None and today < first_day
    waits_to_go = bool(names_not_sent(desk, case))
    last_day = today if waits_to_go else last_day_of(case, today)
    return Due(
        case_number=case.number,
        events=len(case.events),
        mac=case.events[-1].mac,
        registers=",".join(registers),
        registers_mark=mark_of(registers, marks),
        last_day=min(last_day, first_day - DAY) if first_day is not None and waits else last_day,
        late=digest_of(row for row in due if row not in repeats and not row.goes_again),
        repeat="" if waits else digest_of(repeats),
        disposal=next_disposal(desk, case) or NO_DAY,
        completion=next_completion(case) or NO_DAY,
        late_history=_late_history(case),
        reminder=today if waits_to_go else next_reminder(case) or NO_DAY,
        hand_over=_to_hand_over(case),
    )


def _to_hand_over(case: Case) -> str:
    waiting = not_handed_over(case)
    days = [event.at.date() for event in case.of(EventKind.DELIVERED) if event.detail["delivery"] in waiting]
    return f"{max(days)}:{','.join(waiting)}" if waiting else ""


def _late_history(case: Case) -> str:
    first, history = next(iter(case.of(EventKind.DELIVERED)), None), last_received(case, NUMBER_HISTORY)
    if first is None or history is None or history.number < first.number:
        return ""
    return f"{history.at.date()}:{history.detail['sha256']}"


def _what_is_due(desk: Desk, case: Case, rows: list[LedgerRow]) -> list[LedgerRow]:
    """What is in place and may leave: nothing where a person has to act first."""
    try:
        may_be_delivered(case, program_of(desk, case), rows)
    except SamkorningError:
        return []
    return [row for row in rows if row.is_due]
