"""A home of before events proved themselves: refused as it is, taken over by a recorded act, never by stealth."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.persons.same_code_key import CODE_KEYS
from assets.steps.safekeeping.doctor import examine
from assets.steps.safekeeping.taking_over import take_over
from assets.steps.safekeeping.verifying import audit_misfits
from resources.desk import Desk
from samkorning.case import Case, EventKind, acts
from samkorning.case.proof import detail_text
from samkorning.errors import HomeRefused, SamkorningError, VaultDamaged
from samkorning.keystore import RetentionClass
from tests.commands import program
from tests.factories import Step, a_case, an_order, approved, delivered, received
from tests.moments import small_office

BEFORE = """
CREATE TABLE case_event (
    case_number VARCHAR(32) NOT NULL, number INTEGER NOT NULL, kind VARCHAR(40) NOT NULL, at DATETIME NOT NULL,
    person VARCHAR(200) NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (case_number, number));
CREATE TABLE audit_anchor (
    number INTEGER NOT NULL, authenticator VARCHAR(64) NOT NULL, PRIMARY KEY (number, authenticator));
CREATE TRIGGER no_update BEFORE UPDATE ON case_event BEGIN SELECT RAISE(ABORT, 'never'); END;
CREATE TRIGGER no_anchor_update BEFORE UPDATE ON audit_anchor BEGIN SELECT RAISE(ABORT, 'never'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'never'); END;
CREATE TRIGGER no_anchor_delete BEFORE DELETE ON audit_anchor BEGIN SELECT RAISE(ABORT, 'never'); END;
"""
"""The tables of the first version, as it made them."""

FIRST, SECOND = "10001-2026", "10002-2026"


def home_from_before(folder: Path) -> Path:
    """Two cases as the first version left them; the first has delivered."""
    root = small_office(folder).desk.home.root
    (root / "keystore" / "secrets" / "case-events.json").unlink()
    desk = Desk.at(root)
    with closing(sqlite3.connect(root / "case_register.sqlite")) as connection:
        connection.executescript(BEFORE)
        _enter(desk, connection, a_case(*approved(), received("population"), _left(), number=FIRST))
        _enter(desk, connection, a_case(number=SECOND))
        connection.commit()
    key = desk.vault.create_store(FIRST, RetentionClass.CODE_KEY, "code_key.person")
    rows = {"number": [212001010000], "serial_number": [100000001], "generation": [1]}
    key.append(pl.DataFrame(rows, schema=stores.SCHEMA))
    return root


def _left() -> Step:
    kind, person, detail = delivered()
    return kind, person, {**detail, "path": f"outbox/{FIRST}/L001/{FIRST}_L001.tar.age", "sealed_sha256": "0" * 64}


def _enter(desk: Desk, connection: sqlite3.Connection, case: Case) -> None:
    for event in case.events:
        head = desk.audit.append(event.kind.value, event.person, case.number, event.at, event=event.number)
        at = event.at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
        row = (case.number, event.number, event.kind.value, at, event.person, detail_text(event.detail))
        connection.execute("INSERT INTO case_event VALUES (?, ?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO audit_anchor VALUES (?, ?)", (head.number, head.authenticator))


def events_of(root: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(root / "case_register.sqlite")) as connection:
        columns = "case_number, number, kind, at, person, detail"
        return list(connection.execute(f"SELECT {columns} FROM case_event WHERE kind != 'taken_over' ORDER BY 1, 2"))


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return home_from_before(tmp_path)


def test_it_is_refused_as_it_is_and_told_how_it_is_taken_over(before: Path) -> None:
    desk = Desk.at(before)
    for number in (FIRST, SECOND):
        with pytest.raises(HomeRefused, match="audit take-over"):
            desk.case(number)
    assert not examine(desk).ok
    assert any("audit take-over" in misfit.problem for misfit in examine(desk).misfits)


def test_a_recorded_act_takes_it_over_as_it_stands(before: Path) -> None:
    stands, desk = events_of(before), Desk.at(before)
    done = take_over(desk, "Olle")
    assert [(each.case, each.events) for each in done] == [(FIRST, 7), (SECOND, 1)]
    assert events_of(before) == stands
    said = [(record.act, record.case, record.person) for record in desk.audit.records() if record.act == "take over"]
    assert said == [("take over", FIRST, "Olle"), ("take over", SECOND, "Olle")]
    marks = desk.case(FIRST).of(EventKind.TAKEN_OVER)[-1].detail[CODE_KEYS]
    assert (marks["code_key.person"]["rows"], marks["code_key.person"]["generation"]) == (1, 1)
    assert not desk.case(SECOND).of(EventKind.TAKEN_OVER)
    desk.cases.record(desk.case(SECOND), EventKind.SPECIFICATION_APPROVED, desk.clock.now(), "Olle", _approval(desk))
    assert len(Desk.at(before).case(SECOND).events) == 2


def _approval(desk: Desk) -> dict[str, object]:
    return dict(acts.approve_specification(desk.case(SECOND)).detail)


def test_it_is_done_once(before: Path) -> None:
    take_over(Desk.at(before), "Olle")
    records = len(Desk.at(before).audit.records())
    assert take_over(Desk.at(before), "Olle") == []
    assert len(Desk.at(before).audit.records()) == records


@pytest.mark.parametrize("stopped_at", ["keep_secret", "take_over", "confirm_taken_over", "record"])
def test_what_a_crash_breaks_off_is_completed(before: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: str) -> None:
    desk = Desk.at(before)
    target = desk.keystore if stopped_at == "keep_secret" else desk.cases
    with monkeypatch.context() as patched:
        patched.setattr(target, stopped_at, _dies)
        with pytest.raises(KeyboardInterrupt):
            take_over(desk, "Olle")
    desk.cases.close()
    again = Desk.at(before)
    take_over(again, "Olle")
    assert [len(again.case(number).events) for number in (FIRST, SECOND)] == [8, 1]
    assert take_over(again, "Olle") == []


def _dies(*arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_register_that_changed_meanwhile_is_not_taken_over(before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk.at(before)
    with monkeypatch.context() as patched:
        patched.setattr(desk.cases, "take_over", _dies)
        with pytest.raises(KeyboardInterrupt):
            take_over(desk, "Olle")
    desk.cases.close()
    change(before, "UPDATE case_event SET person = 'Somebody Else' WHERE number = 2")
    with pytest.raises(VaultDamaged, match="is of before events proved themselves"):
        take_over(Desk.at(before), "Olle")


def change(root: Path, statement: str) -> None:
    with closing(sqlite3.connect(root / "case_register.sqlite")) as connection:
        connection.execute("DROP TRIGGER IF EXISTS no_update")
        connection.execute(statement)
        connection.commit()


def test_a_cut_log_is_not_taken_over(before: Path) -> None:
    log = before / "audit.log"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(VaultDamaged, match="missing at the end"):
        take_over(Desk.at(before), "Olle")


def test_a_home_that_proved_itself_is_never_taken_over_again(before: Path) -> None:
    """Taking the proofs away and asking for a take-over would make any event true."""
    take_over(Desk.at(before), "Olle")
    for column in ("mac", "audit_number", "audit_authenticator"):
        change(before, f"ALTER TABLE case_event DROP COLUMN {column}")
    change(before, "UPDATE case_event SET person = 'Somebody Else' WHERE number = 2")
    with pytest.raises(VaultDamaged, match="they are older than the audit log"):
        take_over(Desk.at(before), "Olle")


def test_an_older_log_is_not_confirmed_by_a_take_over(tmp_path: Path) -> None:
    office = small_office(tmp_path)
    office.open_case(number=FIRST)
    older = office.desk.home.audit.read_bytes()
    office.open_case(number=SECOND)
    office.desk.cases.close()
    office.desk.home.audit.write_bytes(older)
    with pytest.raises(VaultDamaged, match="it is older than the case register"):
        take_over(Desk.at(office.desk.home.root), "Olle")


def test_the_command_tells_what_was_taken_over(before: Path) -> None:
    refused = program(before, "case", "show", SECOND)
    assert refused.returncode == 1 and "audit take-over" in refused.stderr
    done = program(before, "audit", "take-over", "--as", "Olle", "--json")
    assert json.loads(done.stdout) == {"cases": [{"case": FIRST, "events": 7}, {"case": SECOND, "events": 1}]}
    assert program(before, "case", "show", SECOND).returncode == 0


def test_what_it_leaves_fits(tmp_path: Path) -> None:
    """But for the delivery that this home only tells of, nothing is missed afterwards."""
    desk = Desk.at(home_from_before(tmp_path))
    take_over(desk, "Olle")
    said = [str(misfit) for misfit in audit_misfits(desk)]
    assert all("L001" in problem for problem in said), said


def test_an_empty_home_of_before_is_taken_over_too(tmp_path: Path) -> None:
    root = small_office(tmp_path).desk.home.root
    (root / "keystore" / "secrets" / "case-events.json").unlink()
    desk = Desk.at(root)
    with pytest.raises(SamkorningError, match="audit take-over"):
        desk.cases.open(FIRST, desk.clock.now(), "Erik", {"order": an_order(), "file": "order.yaml"})
    assert take_over(desk, "Olle") == []
    assert Desk.at(root).keystore.has_secret("case-events")
