"""Events prove themselves, and are held against the audit log and the vault: told from values, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from samkorning.audit import AuditLog
from samkorning.audit.index import Trail
from samkorning.audit.records import Head
from samkorning.case.anchor import CaseAnchor, anchor_file, move_anchor, read_anchor, require_anchored
from samkorning.case.proof import StoredEvent, event_mac, proven_events, require_counted, stored_event
from samkorning.case.witnesses import Witnesses
from samkorning.errors import VaultDamaged
from tests.factories import a_case, approved

CASE, SECRET, NEWER = "36759-2021", b"1" * 32, b"2" * 32
EVENTS = a_case(*approved()).events[:4]


def chained(secrets: Sequence[bytes] = (SECRET,) * 4, person: str | None = None) -> list[StoredEvent]:
    """Four events as they are stored, each under its secret; from the second on by another person if one is named."""
    found: list[StoredEvent] = []
    for event, secret in zip(EVENTS, secrets, strict=True):
        actor = person if person and event.number > 1 else event.person
        stored = stored_event(CASE, replace(event, person=actor), Head(10 * event.number, "b" * 64))
        found.append(replace(stored, mac=event_mac(secret, stored, found[-1].mac if found else "")))
    return found


def trail_of(stored: Sequence[StoredEvent], confirmed: int, *intents: Head) -> Trail:
    return Trail(confirmed, stored[confirmed - 1].mac if confirmed else "", intents=intents)


OTHER = {
    "case_number": "10001-2026",
    "kind": "code_reviewed",
    "at": "2031-01-01 00:00:00.000000",
    "person": "Nobody",
    "detail": "{}",
    "audit_number": 7,
    "audit_authenticator": "",
    "mac": "c" * 64,
}


def test_events_that_are_as_they_were_recorded_are_read() -> None:
    proven = proven_events(CASE, chained(), [SECRET])
    assert [(event.number, event.person) for event in proven] == [(event.number, event.person) for event in EVENTS]
    renewed = chained((SECRET, SECRET, NEWER, NEWER))
    assert len(proven_events(CASE, renewed, [SECRET, NEWER])) == 4


@pytest.mark.parametrize("column", OTHER)
@pytest.mark.parametrize("place", [0, 3])
def test_an_event_of_which_anything_is_another_is_refused(column: str, place: int) -> None:
    stored = chained()
    stored[place] = replace(stored[place], **{column: OTHER[column]})
    with pytest.raises(VaultDamaged, match=rf"event {place + 1} is not as it was recorded"):
        proven_events(CASE, stored, [SECRET])


def test_an_event_of_another_history_is_refused_in_its_place() -> None:
    """Both histories are the service's own, as after a restored backup; an event of one was put into the other."""
    here, there = chained(), chained(person="Somebody else")
    with pytest.raises(VaultDamaged, match="event 4 is not as it was recorded"):
        proven_events(CASE, [*there[:3], here[3]], [SECRET])
    with pytest.raises(VaultDamaged, match="event 3 is missing or not in its place"):
        proven_events(CASE, [*here[:2], here[3]], [SECRET])


def test_a_secret_that_was_replaced_writes_no_event_any_more() -> None:
    with pytest.raises(VaultDamaged, match="event 4 is not as it was recorded"):
        proven_events(CASE, chained((SECRET, SECRET, NEWER, SECRET)), [SECRET, NEWER])


def test_the_log_misses_what_the_register_has_lost() -> None:
    stored = chained()
    require_counted(CASE, stored, trail_of(stored, 4), trail_of(stored, 4))
    with pytest.raises(VaultDamaged, match="ends at event 3, the audit log knows 4 events"):
        require_counted(CASE, stored[:3], trail_of(stored, 4), trail_of(stored, 4))


def test_an_event_that_was_recorded_anew_is_not_the_one_in_the_log() -> None:
    here, there = chained(), chained(person="Somebody else")
    with pytest.raises(VaultDamaged, match="event 4 is not the one in the audit log"):
        require_counted(CASE, there, trail_of(here, 4), trail_of(here, 4))


def test_of_events_that_nobody_confirmed_one_may_be_what_a_crash_left() -> None:
    stored = chained()
    crashed = trail_of(stored, 3, Head(39, "b" * 64), stored[3].head)
    require_counted(CASE, stored, crashed, crashed)
    without_intent, older = trail_of(stored, 3), trail_of(stored, 2, stored[2].head, stored[3].head)
    for trail, number in ((without_intent, 4), (older, 3)):
        with pytest.raises(VaultDamaged, match=f"does not have event {number}: it is older than the case register"):
            require_counted(CASE, stored, trail, trail)


def test_the_vault_knows_how_far_events_and_log_have_come() -> None:
    stored = chained()
    anchor = CaseAnchor(4, stored[3].mac, stored[3].at)
    for known in (None, anchor):
        require_anchored(CASE, stored, known, trail_of(stored, 4))
    for older in (stored[:3], [*chained(person="Somebody else")]):
        with pytest.raises(VaultDamaged, match="both are older than the vault"):
            require_anchored(CASE, older, anchor, trail_of(stored, 3))
    with pytest.raises(VaultDamaged, match="the log is older than the vault"):
        require_anchored(CASE, stored, anchor, trail_of(stored, 3))


def test_an_anchor_is_believed_where_the_service_wrote_it_for_this_case(tmp_path: Path) -> None:
    stored = chained()[3]
    move_anchor(tmp_path, stored, SECRET)
    assert read_anchor(tmp_path, CASE, [NEWER, SECRET]) == CaseAnchor(4, stored.mac, stored.at)
    path = anchor_file(tmp_path, CASE)
    content = path.read_bytes()
    other = anchor_file(tmp_path, "10001-2026")
    other.parent.mkdir()
    other.write_bytes(content)
    with pytest.raises(VaultDamaged, match=r"10001-2026: anchor.json in the vault was changed"):
        read_anchor(tmp_path, "10001-2026", [SECRET])
    for changed in (content.replace(b'"event": 4', b'"event": 3'), content[:-9], b""):
        path.write_bytes(changed)
        with pytest.raises(VaultDamaged, match=r"anchor.json in the vault was changed"):
            read_anchor(tmp_path, CASE, [SECRET])
    path.unlink()
    assert read_anchor(tmp_path, CASE, [SECRET]) is None


def test_log_and_vault_are_told_of_an_event_that_is_committed(tmp_path: Path) -> None:
    log, stored = AuditLog(tmp_path / "audit.log", SECRET), chained()[0]
    witnesses = Witnesses(lambda: [SECRET], lambda: log, log.path, tmp_path / "vault")
    witnesses.confirm(stored)
    seen = witnesses.seen(CASE)
    assert (seen.trail.confirmed, seen.trail.mac) == (1, stored.mac)
    assert seen.anchor == CaseAnchor(1, stored.mac, stored.at)
