"""The case register (diarium för ärenden): events of all cases in one database, append-only.

What belongs here: storing and reading events, and case numbers. What must not: what an event means. The database
itself refuses to change or delete an event.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from samkorning.audit.records import START, Head
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.states import state_after, state_of
from samkorning.case_number import LARGEST_RUNNING_NUMBER, is_case_number, require_case_number
from samkorning.clock_order import in_order
from samkorning.errors import CaseBusy, NotFound, RuleRefused

FIRST_RUNNING_NUMBER = 10_001

metadata = MetaData()
events = Table(
    "case_event",
    metadata,
    Column("case_number", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("at", DateTime(timezone=False), nullable=False),
    Column("person", String(200), nullable=False),
    Column("detail", Text, nullable=False),
)

anchors = Table(
    "audit_anchor",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("authenticator", String(64), primary_key=True),
)

APPEND_ONLY = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {name}_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'events of a case are never changed'); END"
    for verb in ("UPDATE", "DELETE")
    for name, table in (("no", events.name), ("no_anchor", anchors.name))
)


class CaseRegister:
    """The case register at a database URL, such as ``sqlite:////home/register.sqlite``.

    Opening creates the tables where they are missing. Times are stored as UTC. ``audit_head`` tells how far the audit
    log has come: every event anchors it, so that records cut off its end are missed.
    """

    def __init__(self, url: str, audit_head: Callable[[], Head] = lambda: START) -> None:
        self._engine: Engine = create_engine(url)
        self._audit_head = audit_head
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _set_up_sqlite)
        with self._engine.begin() as connection:
            metadata.create_all(connection)
            if self._engine.dialect.name == "sqlite":
                for statement in APPEND_ONLY:
                    connection.execute(text(statement))

    def close(self) -> None:
        """Gives up the connections."""
        self._engine.dispose()

    def next_number(self, year: int) -> str:
        """The next free case number of a year, such as ``10001-2026``.

        :raises RuleRefused: when the running numbers of the year are used up.
        """
        with self._reading() as connection:
            rows = connection.execute(
                select(events.c.case_number).where(events.c.case_number.like(f"%-{year}")).distinct()
            )
            taken = [int(number.split("-")[0]) for (number,) in rows if is_case_number(number)]
        running = max(taken, default=FIRST_RUNNING_NUMBER - 1) + 1
        if running > LARGEST_RUNNING_NUMBER:
            raise RuleRefused("R01", f"the case numbers of {year} are used up", "name a free one with --case")
        return f"{running}-{year}"

    def numbers(self) -> list[str]:
        """All case numbers, in the order they were opened (R02)."""
        opened = select(events.c.case_number).where(events.c.number == 1).order_by(events.c.at, events.c.case_number)
        with self._reading() as connection:
            return [number for (number,) in connection.execute(opened)]

    def event_counts(self) -> dict[str, int]:
        """How many events each case has: what changes with every act."""
        counted = select(events.c.case_number, func.max(events.c.number)).group_by(events.c.case_number)
        with self._reading() as connection:
            return {number: int(count) for number, count in connection.execute(counted)}

    def case(self, number: str) -> Case:
        """The case with all its events.

        :raises NotFound: when no such case is open.
        """
        found = select(events).where(events.c.case_number == number).order_by(events.c.number)
        with self._reading() as connection:
            rows = connection.execute(found).all()
        if not rows:
            raise NotFound(f"no case {require_case_number(number)}; `samkorning case list` shows the open ones")
        return Case(number, tuple(_event(row) for row in rows))

    def open(self, number: str, at: datetime, person: str, detail: Mapping[str, Any]) -> Case:
        """Opens a case with its order (R01).

        :raises NotFound: when that is no case number.
        :raises RuleRefused: when the case number is taken.
        """
        require_case_number(number)
        try:
            self._append(number, 1, EventKind.OPENED, at, person, detail)
        except CaseBusy:
            taken = True
        else:
            taken = False
        if taken:
            raise RuleRefused("R01", f"case {number} is open already", "choose another number")
        return self.case(number)

    def record(self, case: Case, kind: EventKind, at: datetime, person: str, detail: Mapping[str, Any]) -> Case:
        """Adds one event to a case, seen as the caller saw it.

        :raises RuleRefused: when the state of the case has no place for it.
        :raises CaseBusy: when somebody else has added an event since the caller read the case.
        """
        state_after(state_of(case.events), kind)
        at = in_order(at, case.events[-1].at)
        self._append(case.number, len(case.events) + 1, kind, at, person, detail)
        return self.case(case.number)

    def audit_anchors(self) -> list[Head]:
        """How far the audit log had come at every event: a log that has lost any of these was cut or replaced."""
        with self._reading() as connection:
            rows = connection.execute(select(anchors).order_by(anchors.c.number)).all()
        return [Head(row.number, row.authenticator) for row in rows]

    def count(self) -> int:
        """How many events there are in all."""
        with self._reading() as connection:
            return int(connection.execute(select(func.count()).select_from(events)).scalar_one())

    def _append(
        self, case_number: str, number: int, kind: EventKind, at: datetime, person: str, detail: Mapping[str, Any]
    ) -> None:
        row = {
            "case_number": case_number,
            "number": number,
            "kind": kind.value,
            "at": at.astimezone(UTC).replace(tzinfo=None),
            "person": person,
            "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
        }
        head, collided = self._audit_head(), False
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(events).values(row))
                _anchor(connection, head)
        except IntegrityError:
            collided = True
        if collided:
            raise CaseBusy(f"case {case_number} changed meanwhile; look at it again and repeat")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection


def _anchor(connection: Connection, head: Head) -> None:
    """Keeps a head of the audit log that is not kept yet."""
    same = (anchors.c.number == head.number) & (anchors.c.authenticator == head.authenticator)
    if head != START and connection.execute(select(anchors).where(same)).first() is None:
        connection.execute(insert(anchors).values(number=head.number, authenticator=head.authenticator))


def _event(row: Any) -> Event:
    return Event(row.number, EventKind(row.kind), row.at.replace(tzinfo=UTC), row.person, json.loads(row.detail))


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log so that readers never wait; every commit reaches the disk."""
    try:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()  # SQLAlchemy does not know it yet
        raise
