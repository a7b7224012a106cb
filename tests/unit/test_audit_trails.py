"""What the log says of cases: read off its records, from an index where there is one, and never from a false one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samkorning.audit import AuditLog, Trail, trails
from samkorning.errors import VaultDamaged

SECRET, OTHER = b"s" * 32, b"o" * 32
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CASE = "36759-2021"


def record(log: AuditLog, number: int, case: str = CASE, kind: str = "file_received") -> None:
    """The two records of one event."""
    log.append(kind, "anna", case, NOON, event=number)
    log.append("recorded", "anna", case, NOON, event=number, kind=kind, mac=f"{number:064x}")
    log.keep_index()


def filled(path: Path, events: int) -> AuditLog:
    log = AuditLog(path, SECRET)
    for number in range(1, events + 1):
        record(log, number)
        record(log, number, "10001-2026")
    return log


def test_a_case_that_the_log_does_not_know_has_no_trail(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.log", SECRET)
    assert log.trails.of(CASE) == Trail()
    assert log.trails.all() == {}


def test_an_intent_counts_until_its_event_is_confirmed(tmp_path: Path) -> None:
    log = filled(tmp_path / "audit.log", 2)
    first = log.append("approve", "anna", CASE, NOON, event=3)
    again = log.append("approve", "olle", CASE, NOON, event=3)
    assert log.trails.of(CASE).intents == (first, again)
    log.append("recorded", "anna", CASE, NOON, event=3, kind="approve", mac="a" * 64)
    assert (log.trails.of(CASE).confirmed, log.trails.of(CASE).intents) == (3, ())


def test_a_late_confirmation_takes_nothing_back(tmp_path: Path) -> None:
    log = filled(tmp_path / "audit.log", 3)
    log.append("recorded", "anna", CASE, NOON, event=2, kind="approve", mac=f"{2:064x}")
    assert (log.trails.of(CASE).confirmed, log.trails.of(CASE).mac) == (3, f"{3:064x}")


def test_a_delivery_is_under_way_until_it_is_made_or_given_up(tmp_path: Path) -> None:
    log = filled(tmp_path / "audit.log", 1)
    log.append("deliver", "samkorning", CASE, NOON, delivery="L001")
    record(log, 2, kind="decision_dispatched")
    assert log.trails.of(CASE).delivering == "L001"
    record(log, 3, kind="delivered")
    assert log.trails.of(CASE).delivering == ""
    log.append("deliver", "samkorning", CASE, NOON, delivery="L002")
    log.append("delivery broke off", "samkorning", CASE, NOON, delivery="L002")
    assert log.trails.of(CASE).delivering == ""


def test_other_processes_records_are_seen(tmp_path: Path) -> None:
    log = filled(tmp_path / "audit.log", 2)
    assert log.trails.of(CASE).confirmed == 2
    record(AuditLog(tmp_path / "audit.log", SECRET), 3)
    assert log.trails.of(CASE).confirmed == 3


def test_a_line_that_is_not_ended_is_left_for_the_next_time(tmp_path: Path) -> None:
    log = filled(tmp_path / "audit.log", 2)
    with log.path.open("ab") as file:
        file.write(b'{"half')
    assert AuditLog(log.path, SECRET).trails.of(CASE).confirmed == 2
    record(log, 3)
    assert AuditLog(log.path, SECRET).trails.of(CASE).confirmed == 3


@pytest.fixture
def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuditLog:
    """A log of 24 records whose index lies some records behind."""
    monkeypatch.setattr(trails, "FAR", 10)
    return filled(tmp_path / "audit.log", 6)


def index_of(log: AuditLog) -> Path:
    return log.path.with_name("audit.log.index")


def test_a_new_process_starts_from_the_index(indexed: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    follow = trails.Trails._follow
    monkeypatch.setattr(trails.Trails, "_follow", lambda self, *line: (read.append(1), follow(self, *line))[1])
    log = AuditLog(indexed.path, SECRET)
    assert log.trails.all() == indexed.trails.all()
    assert len(read) < 7


def test_a_missing_or_changed_index_is_made_anew(indexed: AuditLog) -> None:
    expected = indexed.trails.all()
    content = index_of(indexed).read_bytes()
    forged = json.loads(json.loads(content)["index"])
    forged["trails"][CASE][0] = 1
    for changed in (
        None,
        b"",
        b"{}",
        content[:-9],
        content.replace(b"36759", b"36758"),
        json.dumps({"index": json.dumps(forged), "mac": json.loads(content)["mac"]}).encode(),
    ):
        index_of(indexed).unlink(missing_ok=True)
        if changed is not None:
            index_of(indexed).write_bytes(changed)
        log = AuditLog(indexed.path, SECRET)
        assert log.trails.all() == expected
        log.require_whole()


def test_the_index_of_another_log_is_left_aside(indexed: AuditLog, tmp_path: Path) -> None:
    other = filled(tmp_path / "other.log", 5)
    other.path.with_name("other.log.index").replace(index_of(indexed))
    assert AuditLog(indexed.path, SECRET).trails.of(CASE).confirmed == 6
    foreign = AuditLog(tmp_path / "foreign.log", OTHER)
    for number in range(1, 9):
        record(foreign, number)
    (tmp_path / "foreign.log.index").replace(index_of(indexed))
    assert AuditLog(indexed.path, SECRET).trails.of(CASE).confirmed == 6


def test_a_byte_changed_before_the_index_is_no_whole_log(indexed: AuditLog) -> None:
    AuditLog(indexed.path, SECRET).require_whole()
    content = bytearray(indexed.path.read_bytes())
    content[40] ^= 1
    indexed.path.write_bytes(content)
    with pytest.raises(VaultDamaged, match="line 1: was changed"):
        AuditLog(indexed.path, SECRET).require_whole()


@pytest.mark.parametrize("line", [-1, -2])
def test_a_record_changed_after_the_index_is_not_read_over(indexed: AuditLog, line: int) -> None:
    lines = indexed.path.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"anna", b"olle")
    indexed.path.write_bytes(b"".join(lines))
    with pytest.raises(VaultDamaged, match="was changed, removed or inserted"):
        AuditLog(indexed.path, SECRET).trails.of(CASE)


@pytest.mark.parametrize("change", [lambda lines: lines[:2] + lines[3:], lambda lines: lines[:3] + lines[2:]])
def test_a_record_that_was_removed_or_stands_twice_is_not_read_over(
    tmp_path: Path, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    log = filled(tmp_path / "audit.log", 3)
    log.path.write_bytes(b"".join(change(log.path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(VaultDamaged, match="was changed, removed or inserted"):
        AuditLog(log.path, SECRET).trails.all()


def test_a_log_that_became_older_is_read_as_what_it_is(indexed: AuditLog) -> None:
    lines = indexed.path.read_bytes().splitlines(keepends=True)
    indexed.path.write_bytes(b"".join(lines[:8]))
    assert indexed.trails.of(CASE).confirmed == 2
    assert AuditLog(indexed.path, SECRET).trails.of(CASE).confirmed == 2


def test_records_under_a_replaced_secret_follow_none_of_the_new_one(tmp_path: Path) -> None:
    record(AuditLog(tmp_path / "audit.log", OTHER), 1)
    log = AuditLog(tmp_path / "audit.log", SECRET, [OTHER])
    record(log, 2)
    assert log.trails.of(CASE).confirmed == 2
    AuditLog(tmp_path / "audit.log", OTHER, [SECRET]).append("approve", "anna", CASE, NOON, event=3)
    with pytest.raises(VaultDamaged):
        AuditLog(tmp_path / "audit.log", SECRET, [OTHER]).trails.of(CASE)
