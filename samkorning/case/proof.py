"""How an event proves itself: its authenticator, the chain of its case, and how far others have seen the case come.

What belongs here: whether events are as they were recorded, judged from values. What must not: where they are stored
(register) or where a log or an anchor lies. An event's authenticator (HMAC-SHA256 under a secret that is not in the
database) covers all of it, how far the audit log had come, and the authenticator of the event before in its case.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samkorning.audit.index import Trail
from samkorning.audit.records import Head
from samkorning.case.events import Event, EventKind
from samkorning.encryption.primitives import derive, mac, same
from samkorning.errors import VaultDamaged

EVENT_FORMAT = "samkorning-event-1"
RESTORE_REGISTER = "stop and restore the case register from backup"
RESTORE_LOG = "stop and restore the newer audit log"


@dataclass(frozen=True)
class StoredEvent:
    """An event as it is stored: every value as the database has it; ``mac`` is empty until it is authenticated."""

    case_number: str
    number: int
    kind: str
    at: str
    person: str
    detail: str
    audit_number: int
    audit_authenticator: str
    mac: str = ""

    @property
    def head(self) -> Head:
        """How far the audit log had come: the intent of this event."""
        return Head(self.audit_number, self.audit_authenticator)

    def event(self) -> Event:
        """What it says, once it is proven."""
        at = datetime.fromisoformat(self.at).replace(tzinfo=UTC)
        return Event(self.number, EventKind(self.kind), at, self.person, json.loads(self.detail), self.mac)


def stored_event(case_number: str, event: Event, head: Head) -> StoredEvent:
    """An event in the form in which it is stored: its time in UTC, its detail in one form."""
    return StoredEvent(
        case_number,
        event.number,
        event.kind.value,
        event.at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds"),
        event.person,
        detail_text(event.detail),
        head.number,
        head.authenticator,
    )


def detail_text(detail: Mapping[str, Any]) -> str:
    """An event's particulars as they are stored."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def event_mac(secret: bytes, stored: StoredEvent, previous: str) -> str:
    """The authenticator of an event behind another (empty for the first of its case)."""
    fields = {**stored.__dict__, "mac": None, "format": EVENT_FORMAT, "previous": previous}
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), default=repr)  # a foreign type fits nothing
    return mac(derive(secret, "event"), body.encode("utf-8", "surrogatepass")).hex()


def proven_events(case: str, stored: Sequence[StoredEvent], secrets: Sequence[bytes]) -> tuple[Event, ...]:
    """The events of a case, oldest first.

    :raises VaultDamaged: naming the first that is not as it was recorded, or not in its place.
    """
    previous, newest = "", 0
    for expected, each in enumerate(stored, start=1):
        if each.number != expected:
            raise VaultDamaged(f"case {case}: event {expected} is missing or not in its place; {RESTORE_REGISTER}")
        secret = _secret_of(each, previous, secrets)
        if secret is None or secret < newest:
            raise VaultDamaged(f"case {case}: event {expected} is not as it was recorded; {RESTORE_REGISTER}")
        previous, newest = each.mac, secret
    return tuple(each.event() for each in stored)


def require_counted(case: str, stored: Sequence[StoredEvent], before: Trail, after: Trail) -> None:
    """Hold a case's proven events against the audit log, read before and after them: others may write meanwhile.

    The log confirms every event once it is committed; a crash between the two leaves the newest without, and its
    intent is there then.

    :raises VaultDamaged: when the case register has fewer events than the log confirms, or more than it knows.
    """
    count = len(stored)
    if before.confirmed > count:
        problem = f"{_ends_at(count)}, the audit log knows {before.confirmed} events"
        raise VaultDamaged(f"case {case}: {problem}; {RESTORE_REGISTER}")
    if 0 < after.confirmed <= count and stored[after.confirmed - 1].mac != after.mac:
        number = after.confirmed
        raise VaultDamaged(f"case {case}: event {number} is not the one in the audit log; {RESTORE_REGISTER}")
    unconfirmed = count - after.confirmed
    if unconfirmed > 1 or (unconfirmed == 1 and stored[-1].head not in after.intents):
        raise VaultDamaged(
            f"case {case}: the audit log does not have event {after.confirmed + 1}: "
            f"it is older than the case register; {RESTORE_LOG}"
        )


def _ends_at(count: int) -> str:
    return f"the case register ends at event {count}" if count else "it is not in the case register"


def _secret_of(stored: StoredEvent, previous: str, secrets: Sequence[bytes]) -> int | None:
    """Which secret authenticated an event, counted from 0; none if none did."""
    given = str(stored.mac).encode("utf-8", "surrogatepass")
    for number, secret in enumerate(secrets):
        if same(given, event_mac(secret, stored, previous).encode()):
            return number
    return None
