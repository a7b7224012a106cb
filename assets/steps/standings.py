"""How a case stands among others, for the page: its clocks, what it awaits, what stops it.

What belongs here: reckoning that of one case. What must not: keeping it (overview), or the account of all
(desk_account).
"""

import hashlib
from collections.abc import Iterator, Sequence

from assets.steps.case_account import next_act_of
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.announcements import announcement
from samkorning.case.blocking import blocked
from samkorning.case.clocks import Clock, clocks
from samkorning.case.ledger import NOT_IN_PLACE, LedgerRow
from samkorning.case.overview import CaseStanding
from samkorning.retention.standing import code_key_standing


def standing_of(desk: Desk, case: Case, rows: Sequence[LedgerRow]) -> CaseStanding:
    """How a case stands today."""
    running, stopped = clocks(case, rows, desk.clock.today()), blocked(case, rows)
    return CaseStanding(
        clocks=tuple((each.due.isoformat(), each.what, each.rule) for each in running),
        awaited=tuple(_awaited(case, rows)),
        held=len(case.held_files()),
        stopped_by=str(stopped.detail["check"]) if stopped else "",
        digest=_digest(desk, case, rows, running),
    )


def _awaited(case: Case, rows: Sequence[LedgerRow]) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        if row.status in NOT_IN_PLACE:
            said = announcement(case, row.unit.source)
            day = str(said.detail.get("expected") or "") if said is not None else ""
            yield day, str(row.unit), row.holder


def _digest(desk: Desk, case: Case, rows: Sequence[LedgerRow], running: Sequence[Clock]) -> str:
    """Of everything that the page of a case shows: its events, its ledger, and what the day makes of them."""
    today = desk.clock.today()
    over = [clock.what for clock in running if clock.due < today]
    key = code_key_standing(case, rows, today)
    facts = (case.events[-1].mac, rows, running, over, key, next_act_of(desk, case, rows))
    return hashlib.sha256(repr(facts).encode()).hexdigest()
