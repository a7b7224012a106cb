"""How every case stands: looked up in the table of standings, found out anew for those that have changed.

What belongs here: what is kept of a case for an overview, and keeping it. What must not: the overview
(desk_account), or the rules.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from assets.steps.case_account import CaseAccount, case_account
from assets.steps.case_view import ledger_rows
from assets.steps.found_out import kept_and_changed, register_marks, registers_of
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.announcements import announcement
from samkorning.case.blocking import blocked
from samkorning.case.due import last_day_of, mark_of
from samkorning.case.ledger import NOT_IN_PLACE
from samkorning.case.repeats import next_repeat
from samkorning.case.standings import Standing
from samkorning.errors import SamkorningError

DAY = timedelta(days=1)


def standings(desk: Desk, most: int | None = None, only: str | None = None) -> list[Standing]:
    """How every case stands, in order of case number; of those that have changed ``most`` are found out about.

    A case that cannot be read is left out, and stops no other.

    :param only: one case alone.
    """
    kept, changed = kept_and_changed(desk, desk.standings.rows())
    if only is not None:
        kept, changed = [row for row in kept if row.case_number == only], [each for each in changed if each == only]
    renewed = list(_found_out(desk, changed[:most]))
    desk.standings.keep(renewed)
    return sorted([*kept, *renewed], key=lambda row: row.case_number)


def _found_out(desk: Desk, numbers: Iterable[str]) -> Iterable[Standing]:
    marks = register_marks(desk)
    for number in numbers:
        with suppress(SamkorningError):
            case = desk.cases.case(number)
            registers = registers_of(case)
            account = case_account(desk, case)
            yield Standing(
                number,
                len(case.events),
                ",".join(registers),
                mark_of(registers, marks),
                _last_day(desk, case, account),
                _said(desk, case, account),
            )


def _last_day(desk: Desk, case: Case, account: CaseAccount) -> date:
    """The last day on which time alone changes nothing of what is said."""
    today = desk.clock.today()
    repeat = next_repeat(case)
    days = [clock.due for clock in account.clocks]
    days += [repeat - DAY] if repeat is not None else []
    days += [account.code_key.until] if account.code_key.until is not None else []
    return min([last_day_of(case, today), *(day for day in days if day >= today)])


def _said(desk: Desk, case: Case, account: CaseAccount) -> dict[str, Any]:
    act, stopped = account.next_act, blocked(case, ledger_rows(desk, case))
    first = next(iter(case.of(EventKind.DELIVERED)), None)
    return {
        "state": str(account.state),
        "opened": case.events[0].at.date().isoformat(),
        "first_delivery": first.at.date().isoformat() if first else None,
        "last_act": case.events[-1].at.date().isoformat(),
        "with_other_holders": bool(case.specification.sources),
        "next_act": {"what": act.what, "whose": act.whose, "due": act.due.isoformat() if act.due else None},
        "clocks": [{"what": each.what, "due": each.due.isoformat(), "rule": each.rule} for each in account.clocks],
        "awaited": _awaited(case, account),
        "over": [each.what for each in account.clocks if each.due < desk.clock.today()],
        "held": len(case.held_files()),
        "stopped_by": str(stopped.detail["check"]) if stopped else "",
        "code_key": str(account.code_key.state),
        "account": hashlib.sha256(repr(account).encode()).hexdigest(),
    }


def _awaited(case: Case, account: CaseAccount) -> list[dict[str, Any]]:
    """What has not come: its source, holder, and the day for which the holder has announced it."""
    found = []
    for entry in account.ledger:
        if entry.row.status in NOT_IN_PLACE:
            said = announcement(case, entry.row.unit.source)
            day = said.detail.get("expected") if said is not None else None
            found.append({"source": str(entry.row.unit), "holder": entry.row.holder, "expected": day})
    return found
