"""Taking over a case register of before events proved themselves: every event is authenticated as it stands.

What belongs here: the change of the table. What must not: whether it may be taken over, or the record of it
(assets.steps.safekeeping.taking_over). It is one transaction: after a crash the register is as before, or taken over.
"""

import hashlib
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, select, text, update

from samkorning.audit.records import Head
from samkorning.case.proof import StoredEvent, event_mac
from samkorning.case.revisions.fence import put_up_fence
from samkorning.case.tables import ADDED, database_errors_as_damage, events, is_from_before

BEFORE = ("case_number", "number", "kind", "at", "person", "detail")
OLD_TRIGGERS = ("no_update", "no_delete", "no_anchor_update", "no_anchor_delete")


def events_from_before(engine: Engine) -> dict[str, list[StoredEvent]]:
    """The events of every case as they stand, oldest first; none where the register proves itself already."""
    with database_errors_as_damage(), engine.connect() as connection:
        return _events(connection) if is_from_before(connection) else {}


def heads_from_before(engine: Engine) -> list[Head]:
    """The heads of the audit log that such a register kept in a table of their own."""
    with database_errors_as_damage(), engine.connect() as connection:
        if not is_from_before(connection):
            return []
        rows = connection.execute(text("SELECT number, authenticator FROM audit_anchor ORDER BY number")).all()
        return [Head(row.number, row.authenticator) for row in rows]


def digest_of(stored: list[StoredEvent]) -> str:
    """SHA-256 of a case's events as they stand, for the audit log."""
    rows = [[getattr(each, name) for name in BEFORE] for each in stored]
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()


def take_over(engine: Engine, secret: bytes, head: Head) -> None:
    """Authenticate every event, each behind the one before in its case; ``head`` is where the log records it."""
    with database_errors_as_damage(), engine.connect() as connection:
        connection.execute(text("BEGIN IMMEDIATE"))
        before = _events(connection)
        for name in OLD_TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        for name in ADDED:
            kind = "INTEGER NOT NULL DEFAULT 0" if name == "audit_number" else "VARCHAR(64) NOT NULL DEFAULT ''"
            connection.execute(text(f"ALTER TABLE {events.name} ADD COLUMN {name} {kind}"))
        for stored in before.values():
            _authenticate(connection, stored, secret, head)
        connection.execute(text("DROP TABLE IF EXISTS audit_anchor"))
        put_up_fence(connection)
        connection.commit()


def _authenticate(connection: Connection, stored: list[StoredEvent], secret: bytes, head: Head) -> None:
    previous = ""
    for each in stored:
        anchored = replace(each, audit_number=head.number, audit_authenticator=head.authenticator)
        previous = event_mac(secret, anchored, previous)
        values: dict[str, Any] = {name: getattr(anchored, name) for name in ADDED}
        this = (events.c.case_number == each.case_number) & (events.c.number == each.number)
        connection.execute(update(events).where(this).values({**values, "mac": previous}))


def _events(connection: Connection) -> dict[str, list[StoredEvent]]:
    columns = [events.c[name] for name in BEFORE]
    found: dict[str, list[StoredEvent]] = {}
    for row in connection.execute(select(*columns).order_by(events.c.case_number, events.c.number)):
        stored = StoredEvent(**row._mapping, audit_number=0, audit_authenticator="")
        found.setdefault(str(row[0]), []).append(stored)
    return found
