"""The audit log: every act is in it, and none can be changed, removed, swapped or cut off unseen."""

import fcntl
import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from samkorning.audit import START, AuditLog, Head
from samkorning.audit.locked_file import LockedFile
from samkorning.encryption.primitives import derive, mac
from samkorning.errors import ClockWentBack, RuleRefused, VaultDamaged
from samkorning.machine.clock_order import TOLERANCE

SECRET = b"s" * 32
NOON = datetime(2221, 12, 31, 12, tzinfo=UTC)
CASE = "36759-2021"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log" / "audit.jsonl"


def log_of(path: Path, acts: int = 0) -> AuditLog:
    log = AuditLog(path, SECRET)
    for number in range(acts):
        log.append(f"act {number}", "anna", CASE, NOON + timedelta(minutes=number), rows=number)
    return log


def test_records_come_back_in_order_with_everything_in_them(path: Path) -> None:
    log = log_of(path)
    log.append("deliver", "anna", CASE, NOON, delivery="L001", rows=3)
    log.append("up", "bo", None, NOON)
    first, second = AuditLog(path, SECRET).records()
    assert (first.number, first.act, first.person, first.case, first.at) == (1, "deliver", "anna", CASE, NOON)
    assert dict(first.facts) == {"delivery": "L001", "rows": 3}
    assert (second.number, second.case, dict(second.facts)) == (2, None, {})


def test_an_untouched_log_has_no_problems_and_an_empty_one_has_no_records(path: Path) -> None:
    assert log_of(path).verify() == []
    assert log_of(path).records() == []
    assert log_of(path).head() == START
    assert log_of(path, 5).verify() == []


def test_two_writers_take_turns_in_one_chain(path: Path) -> None:
    one, other = log_of(path), log_of(path)
    for _ in range(3):
        one.append("one", "anna", CASE, NOON)
        head = other.append("other", "bo", CASE, NOON)
    assert [record.number for record in one.records()] == [1, 2, 3, 4, 5, 6]
    assert one.head() == other.head() == head


def test_the_time_is_kept_in_utc_and_needs_a_zone(path: Path) -> None:
    log = log_of(path)
    log.append("act", "anna", CASE, NOON.astimezone(timezone(timedelta(hours=2))))
    assert log.records()[0].at == NOON
    assert "12:00:00+00:00" in path.read_text()
    with pytest.raises(ValueError, match="zone"):
        log.append("act", "anna", CASE, NOON.replace(tzinfo=None))


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    log_of(path, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def changed(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b'"anna"', b'"bert"'), *lines[3:]]


def recomputed_under_another_secret(lines: list[bytes]) -> list[bytes]:
    fields = json.loads(lines[2])
    body = {name: value for name, value in fields.items() if name != "mac"} | {"person": "bert"}
    content = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    authenticator = mac(derive(b"x" * 32, "audit"), content).hex()
    return [*lines[:2], content[:-1] + f',"mac":"{authenticator}"}}\n'.encode(), *lines[3:]]


ATTACKS: list[tuple[str, Callable[[list[bytes]], list[bytes]], int]] = [
    ("a changed record", changed, 3),
    ("a record written under another secret", recomputed_under_another_secret, 3),
    ("a removed record", lambda lines: [*lines[:2], *lines[3:]], 3),
    ("a removed first record", lambda lines: lines[1:], 1),
    ("two swapped records", lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
    ("a repeated record", lambda lines: [*lines, lines[-1]], 6),
    ("an inserted line", lambda lines: [*lines[:1], b"{}\n", *lines[1:]], 2),
    ("a line that is no JSON", lambda lines: [*lines[:1], b"[" * 5000 + b"\n", *lines[1:]], 2),
    ("white space", lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]], 1),
]


@pytest.mark.parametrize(("attack", "act", "line"), ATTACKS, ids=[name for name, _, _ in ATTACKS])
def test_is_found_at_its_line(path: Path, attack: str, act: Callable[[list[bytes]], list[bytes]], line: int) -> None:
    log = log_of(path, 5)
    path.write_bytes(b"".join(act(lines_of(path))))
    problems = AuditLog(path, SECRET).verify()
    assert problems[0].line == line
    assert str(problems[0]).startswith(f"line {line}: ")
    with pytest.raises(VaultDamaged):
        log.records()


def test_every_flipped_bit_is_found(path: Path) -> None:
    log_of(path, 2)
    content = path.read_bytes()
    anchor = Head(2, json.loads(lines_of(path)[1])["mac"])
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        assert AuditLog(path, SECRET).verify(anchor), place


def test_a_log_cut_off_at_the_end_is_found_by_the_anchored_head(path: Path) -> None:
    anchor = log_of(path, 5).head()
    path.write_bytes(b"".join(lines_of(path)[:3]))
    log = AuditLog(path, SECRET)
    assert log.verify() == []
    assert str(log.verify(anchor)[0]) == "2 records are missing at the end, up to the anchored number 5"


def test_a_log_rewritten_from_the_start_is_found_by_the_anchored_head(path: Path) -> None:
    anchor = log_of(path, 3).head()
    path.unlink()
    log = AuditLog(path, SECRET)
    for _ in range(4):
        log.append("other", "bert", CASE, NOON)
    assert log.verify() == []
    assert log.verify(anchor)[0].line == 3


def test_an_anchor_stays_good_as_the_log_grows(path: Path) -> None:
    anchor = log_of(path, 3).head()
    log_of(path, 2)
    assert log_of(path).verify(anchor) == []
    assert log_of(path).verify(START) == []


@pytest.mark.parametrize("torn", [b"{", b'{"act":"half', b"\xff" * 100_000])
def test_a_line_cut_by_a_crash_goes_with_the_next_append(path: Path, torn: bytes) -> None:
    log_of(path, 2)
    with path.open("ab") as stream:
        stream.write(torn)
    log = log_of(path)
    assert log.verify() == []
    log.append("next", "anna", CASE, NOON)
    assert [record.number for record in log.records()] == [1, 2, 3]


def test_nothing_is_appended_to_a_log_whose_last_record_was_changed(path: Path) -> None:
    log_of(path, 2)
    path.write_bytes(path.read_bytes().replace(b"act 1", b"act 9"))
    with pytest.raises(VaultDamaged):
        log_of(path).append("next", "anna", CASE, NOON)


@pytest.mark.parametrize("text", ["212001010012", "21200101-0012", "200101-0012", "about 2001010012", "19280118123X"])
def test_a_text_that_reads_as_an_identity_number_is_refused_and_not_quoted(path: Path, text: str) -> None:
    log = log_of(path)
    for act, person, purpose in (("look-up", "anna", text), ("look-up", text, "why"), (text, "anna", "why")):
        with pytest.raises(RuleRefused) as caught:
            log.append(act, person, CASE, NOON, purpose=purpose)
        assert text not in str(caught.value)
    assert log.records() == []


@pytest.mark.parametrize(
    "text", ["36759-2021", "L001", "a" * 64, "0" * 64, "12345678-1234-4123-8123-123456789012", "2221-12-31T12:00:00"]
)
def test_case_numbers_hashes_run_identifiers_and_times_are_not_taken_for_identity_numbers(
    path: Path, text: str
) -> None:
    log = log_of(path)
    log.append("act", "anna", CASE, NOON, fact=text, size=2_001_010_012)
    assert len(log.records()) == 1


def test_a_renewed_secret_goes_on_in_the_same_chain_and_the_old_one_writes_no_more(path: Path) -> None:
    old, new = b"o" * 32, b"n" * 32
    AuditLog(path, old).append("before", "anna", CASE, NOON)
    log = AuditLog(path, new, earlier=[old])
    log.append("after", "anna", CASE, NOON)
    assert [record.act for record in log.records()] == ["before", "after"]
    AuditLog(path, old, earlier=[new]).append("with the old one", "bert", CASE, NOON)
    assert [str(problem) for problem in AuditLog(path, new, earlier=[old]).verify()] == [
        "line 3: was written under a secret that had been replaced"
    ]


def test_a_log_that_was_moved_away_is_begun_anew_at_its_path(path: Path) -> None:
    log = log_of(path, 2)
    path.rename(path.with_name("moved"))
    log.append("next", "anna", CASE, NOON)
    assert [record.act for record in log.records()] == ["next"]


def test_a_log_restored_from_backup_goes_on_from_there(path: Path) -> None:
    log = log_of(path, 2)
    backup = path.read_bytes()
    log.append("lost", "anna", CASE, NOON)
    path.unlink()
    path.write_bytes(backup)
    log.append("next", "anna", CASE, NOON)
    assert [record.act for record in log.records()] == ["act 0", "act 1", "next"]


def test_a_record_is_on_the_disk_before_its_act(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, fsync = log_of(path, 1), os.fsync
    synced: list[int] = []

    def watched(descriptor: int) -> None:
        fsync(descriptor)
        synced.append(path.read_bytes().count(b"\n"))

    monkeypatch.setattr(os, "fsync", watched)
    log.append("deliver", "anna", CASE, NOON)
    assert synced == [2]


def test_the_log_is_held_against_everybody_else_while_a_record_is_written(path: Path) -> None:
    log_of(path, 1)
    with LockedFile(path), path.open("rb") as another, pytest.raises(BlockingIOError):
        fcntl.flock(another, fcntl.LOCK_SH | fcntl.LOCK_NB)


def append_many(log: AuditLog, count: int) -> None:
    for number in range(count):
        log.append(f"act {number}", "anna", CASE, NOON)


def test_a_forked_child_and_threads_append_to_one_chain(path: Path) -> None:
    log = log_of(path, 1)
    child = os.fork()
    if child == 0:
        append_many(log, 50)
        os._exit(0)
    many = partial(append_many, log, 25)
    writing = [threading.Thread(target=many) for _ in range(2)]
    for thread in writing:
        thread.start()
    for thread in writing:
        thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [record.number for record in AuditLog(path, SECRET).records()] == list(range(1, 102))


def never_back(path: Path) -> AuditLog:
    return AuditLog(path, SECRET, may_go_back=lambda: False)


@pytest.mark.parametrize(
    ("after_noon", "recorded"),
    [
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(0), timedelta(0)),
        (-timedelta(seconds=1), timedelta(0)),
        (-TOLERANCE, timedelta(0)),
    ],
)
def test_a_clock_set_back_by_a_moment_leaves_the_records_in_order(
    path: Path, after_noon: timedelta, recorded: timedelta
) -> None:
    log_of(path, 1)
    log = never_back(path)
    log.append("next", "anna", CASE, NOON + after_noon)
    assert log.records()[-1].at == NOON + recorded


def test_a_clock_that_went_back_records_nothing_until_a_person_accepts_it(path: Path) -> None:
    log_of(path, 2)
    before, yesterday = path.read_bytes(), NOON - timedelta(days=1)
    log = never_back(path)
    for _ in range(2):
        with pytest.raises(ClockWentBack, match=r"2221-12-31 12:01.*2221-12-30 12:00.*accept-clock") as refused:
            log.append("late", "anna", CASE, yesterday)
        assert path.read_bytes() == before
    assert refused.value.exit_code == 3
    log.accept_clock("olle", yesterday)
    log.append("late", "anna", CASE, yesterday)
    assert [record.act for record in log.records()][2:] == ["accept clock", "late"]
    assert log.records()[2].facts == {"seconds_back": 24 * 3600 + 60}
    assert log.verify() == []


def test_another_writers_record_counts_as_the_newest(path: Path) -> None:
    log = never_back(path)
    log.append("one", "anna", CASE, NOON)
    log_of(path).append("other", "bo", CASE, NOON + timedelta(days=2))
    with pytest.raises(ClockWentBack):
        log.append("two", "anna", CASE, NOON + timedelta(days=1))


def test_a_day_that_is_set_may_go_back(path: Path) -> None:
    log = log_of(path, 1)
    log.append("earlier", "anna", CASE, NOON - timedelta(days=400))
    assert log.records()[-1].at == NOON - timedelta(days=400)
