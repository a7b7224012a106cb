"""Remembers in the case that a check has stopped its delivery, so that a person takes it up and nobody asks again.

What belongs here: the one event. What must not: the checks.
"""

from collections.abc import Mapping

from assets.steps.case_view import ledger_rows
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.blocking import blocked, digest_of
from samkorning.case.roles import SERVICE


def note_blocked(desk: Desk, case: Case, check: str, found: Mapping[str, int | float]) -> None:
    """Records what a check found, once for what is due.

    :param found: counts, by names that hold no value.
    """
    case = desk.case(case.number)
    rows = ledger_rows(desk, case)
    already = blocked(case, rows)
    if already is not None and already.detail["check"] == check:
        return
    detail = {"check": check, "found": dict(found), "wanted": digest_of(row for row in rows if row.is_due)}
    desk.cases.record(case, EventKind.DELIVERY_BLOCKED, desk.clock.now(), SERVICE, detail)
