"""A case that was dismissed, rejected or closed: it takes nothing in, and what it held goes three months later."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.steps.case_account import case_account
from assets.steps.intake.receiving import receive_file
from assets.steps.retention.disposing import dispose
from assets.steps.safekeeping.fitting import case_misfits
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import State, state_of
from samkorning.case.clocks import months_after
from samkorning.case.endings import Outcome, end
from samkorning.errors import RuleRefused
from tests.office import OFFICER
from tests.small_office import CASE, SmallOffice, copied, prepare


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """A decided case that had its files taken in, and then ended."""
    office = SmallOffice(tmp_path_factory.mktemp("ended"))
    prepare(office, "decided")
    office.act(CASE, OFFICER, lambda case: end(case, Outcome.CLOSED, "the orderer takes it back", date.today()))
    return office


def on_day(office: SmallOffice, day: date) -> Desk:
    """The desk of the same home, on a later day."""
    return Desk(office.desk.home, office.desk.settings, Clock(day))


def test_a_file_that_comes_after_the_end_is_refused_and_nothing_of_it_kept(office: SmallOffice) -> None:
    before = (len(office.desk.case(CASE).events), office.desk.vault.stores(CASE))
    with pytest.raises(RuleRefused, match=r"R02: .*a new order"):
        receive_file(office.desk, office.desk.case(CASE), "diabetes", office.visits("later", 2219), OFFICER)
    assert (len(office.desk.case(CASE).events), office.desk.vault.stores(CASE)) == before
    assert list(case_misfits(office.desk, office.desk.case(CASE))) == []


def test_a_sealed_file_that_a_crash_left_goes_at_once(office: SmallOffice, tmp_path: Path) -> None:
    """No delivery of an ended case will replace it; what else the case had stays for its three months."""
    own = copied(office, tmp_path / "own")
    left = own.desk.home.outbox(CASE) / "L001" / f"{CASE}_L001.tar.age"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"sealed, and stopped before its ledger row")
    held = own.desk.vault.stores(CASE)
    [done] = dispose(own.desk, CASE, "Olle", second="Mia")
    assert done.detail is not None and [file["path"] for file in done.detail["files"]] == [
        str(left.relative_to(own.desk.home.root))
    ]
    assert not left.exists() and own.desk.vault.stores(CASE) == held
    own.desk.cases.close()


def test_what_it_held_goes_three_months_after_its_end(office: SmallOffice) -> None:
    today = office.desk.clock.today()
    last = months_after(today, 3)
    account = case_account(office.desk, office.desk.case(CASE))
    assert (account.code_key.state, account.code_key.until) == ("ended", last)
    assert account.next_act.whose == "nobody"
    [nothing] = dispose(on_day(office, last), CASE, "Olle", second="Mia")
    assert nothing.phase == "nothing"
    [done] = dispose(on_day(office, last + timedelta(days=1)), CASE, "Olle", second="Mia")
    assert done.phase == "disposed"
    desk = on_day(office, last + timedelta(days=2))
    assert desk.vault.stores(CASE) == []
    assert state_of(desk.case(CASE).events) is State.DISPOSED
