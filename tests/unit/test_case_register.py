"""The case register: events are added and never changed, each on the case as its actor saw it, and reach the disk."""

import sqlite3
from collections.abc import Iterator

import pytest

from samkorning.case import CaseRegister, EventKind
from samkorning.errors import CaseBusy, RuleRefused
from tests.factories import AT, SAMPLE_ORDER, approved
from tests.office import Office

NUMBER = "36759-2021"


@pytest.fixture
def register(office: Office) -> Iterator[CaseRegister]:
    """A register with one opened case."""
    register = office.desk.cases
    register.open(NUMBER, AT, "Erik", {"order": SAMPLE_ORDER, "file": "order.yaml", "sha256": "0"})
    yield register
    register.close()


@pytest.mark.parametrize("statement", ["UPDATE case_event SET person = 'Nobody'", "DELETE FROM case_event"])
def test_the_database_refuses_to_change_or_remove_what_happened(
    register: CaseRegister, office: Office, statement: str
) -> None:
    connection = sqlite3.connect(office.desk.home.case_register)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        connection.execute(statement)
    connection.close()
    assert register.case(NUMBER).events[0].person == "Erik"


def test_an_act_on_a_case_that_has_changed_since_is_refused(register: CaseRegister) -> None:
    seen = register.case(NUMBER)
    kind, person, detail = approved()[0]
    register.record(seen, kind, AT, person, detail)
    with pytest.raises(CaseBusy, match="changed meanwhile"):
        register.record(seen, kind, AT, "Somebody else", detail)
    assert [event.person for event in register.case(NUMBER).events] == ["Erik", "Olle"]


def test_an_event_that_the_state_has_no_place_for_is_not_recorded(register: CaseRegister) -> None:
    with pytest.raises(RuleRefused, match=r"^R09:"):
        register.record(register.case(NUMBER), EventKind.DELIVERED, AT, "samkorning", {"delivery": "L001"})
    assert register.counts() == {NUMBER: 1}


def test_a_case_is_opened_once(register: CaseRegister) -> None:
    with pytest.raises(RuleRefused, match=r"^R01:"):
        register.open(NUMBER, AT, "Erik", {"order": SAMPLE_ORDER, "file": "order.yaml", "sha256": "0"})


def test_every_commit_reaches_the_disk(register: CaseRegister) -> None:
    """SQLite's own answer: FULL is 2, and syncs the write-ahead log at every commit, where NORMAL does not."""
    with register._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
