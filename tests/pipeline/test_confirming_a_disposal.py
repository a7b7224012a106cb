"""What is decided about a case while its disposal is being confirmed counts: nothing is destroyed then."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assets.steps import stores
from assets.steps.retention.disposing import dispose
from resources.clock import Clock
from resources.desk import Desk
from samkorning.audit.log import AuditLog
from samkorning.case import EventKind, acts
from samkorning.case.clocks import months_after
from samkorning.errors import CaseBusy
from tests.office import MANAGER, OFFICER
from tests.small_office import CASE, SmallOffice, prepare


@pytest.mark.parametrize("at_once", [False, True], ids=["each by a call of its own", "both in one call"])
def test_a_decision_that_comes_while_a_disposal_is_confirmed_forbids_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """The code key is kept by a decision between the look at what is due and the confirmation."""
    office = SmallOffice(tmp_path)
    prepare(office, "delivered")
    day = months_after(office.desk.clock.today(), 3) + timedelta(days=1)
    desk = Desk(office.desk.home, office.desk.settings, Clock(day))
    before, append = desk.vault.stores(CASE), AuditLog.append
    if not at_once:
        assert [done.phase for done in dispose(desk, CASE, OFFICER)] == ["ordered"]

    def decided_meanwhile(log: AuditLog, act: str, *more: Any, **facts: Any) -> Any:
        head = append(log, act, *more, **facts)
        if act == "confirm disposal":
            kept = acts.keep_code_key(desk.case(CASE), day + timedelta(days=900), day, "a question has come up")
            desk.cases.record(desk.case(CASE), kept.kind, desk.clock.now(), OFFICER, kept.detail)
        return head

    monkeypatch.setattr(AuditLog, "append", decided_meanwhile)
    with pytest.raises(CaseBusy, match="code key kept by"):
        dispose(desk, CASE, *((OFFICER, MANAGER) if at_once else (MANAGER,)))
    monkeypatch.undo()
    case = desk.case(CASE)
    assert len(case.of(EventKind.DISPOSAL_ORDERED)) == 1 and not case.of(EventKind.DISPOSAL_CONFIRMED)
    assert desk.vault.stores(CASE) == before
    assert stores.code_key_rows(desk, case).collect().height > 0
    desk.cases.close()
