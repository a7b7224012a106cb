"""The case register's database: its table, the fence around it, and the error that a damaged file is.

What belongs here: SQLAlchemy and SQLite. What must not: whether an event is as it was recorded (``proof``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError

from samkorning.case.proof import RESTORE_REGISTER
from samkorning.errors import VaultDamaged

metadata = MetaData()
events = Table(
    "case_event",
    metadata,
    Column("case_number", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("person", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("audit_number", Integer, nullable=False, server_default="0"),
    Column("audit_authenticator", String(64), nullable=False, server_default=""),
    Column("mac", String(64), nullable=False, server_default=""),
)
ADDED = ("audit_number", "audit_authenticator", "mac")
"""What a register of before events proved themselves lacks."""

FENCE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS no_{verb.lower()} BEFORE {verb} ON {events.name} "
    "BEGIN SELECT RAISE(ABORT, 'events of a case are never changed'); END"
    for verb in ("UPDATE", "DELETE")
)
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_ERROR", "SQLITE_MISMATCH")


def open_database(url: str) -> Engine:
    """The engine of a case register; its table is made if it is missing. Every commit reaches the disk.

    :raises VaultDamaged: when the file is no database, or not this one.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    with database_errors_as_damage(), engine.begin() as connection:
        if is_from_before(connection) and connection.execute(select(func.count()).select_from(events)).scalar() == 0:
            connection.execute(text(f"DROP TABLE {events.name}"))
        metadata.create_all(connection)
        if not is_from_before(connection):
            put_up_fence(connection)
    return engine


def is_from_before(connection: Connection) -> bool:
    """Whether the table is of before events proved themselves."""
    found = inspect(connection)
    if not found.has_table(events.name):
        return False
    return {column["name"] for column in found.get_columns(events.name)}.isdisjoint(ADDED)


def put_up_fence(connection: Connection) -> None:
    """Lets the database itself refuse to change or delete an event: against mistakes, not against intent."""
    if connection.dialect.name == "sqlite":
        for statement in FENCE:
            connection.execute(text(statement))


@contextmanager
def database_errors_as_damage() -> Iterator[None]:
    """Raises what a damaged database file makes the library raise as what it is, without the library's text."""
    try:
        yield
    except DatabaseError as error:
        if not getattr(error.orig, "sqlite_errorname", "").startswith(DAMAGED):
            raise
    else:
        return
    raise VaultDamaged(f"the case register is not a whole database of this service; {RESTORE_REGISTER}")


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log so that readers never wait; every commit reaches the disk."""
    try:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()  # SQLAlchemy does not know it yet
        raise
