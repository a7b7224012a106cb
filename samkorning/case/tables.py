"""The case register's database: its table, how it is opened, and the error that a damaged or absent one is.

What belongs here: SQLAlchemy, with what SQLite and PostgreSQL each need. What must not: revisions of the table
(revisions), or whether an event is as it was recorded (``proof``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Column, Connection, Engine, Integer, MetaData, String, Table, Text, create_engine, event
from sqlalchemy import inspect as look_at
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from samkorning.case.stored_rows import DAMAGED, NO_ANSWER, damaged
from samkorning.errors import HomeRefused

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


def engine_of(url: str | URL) -> Engine:
    """The engine of a case register. Every commit reaches the disk."""
    engine = create_engine(url, pool_pre_ping=not str(url).startswith("sqlite"))
    event.listen(engine, "connect", _set_up_sqlite if engine.dialect.name == "sqlite" else _set_up_postgresql)
    return engine


def is_from_before(connection: Connection) -> bool:
    """Whether the table is of before events proved themselves."""
    found = look_at(connection)
    if not found.has_table(events.name):
        return False
    return {column["name"] for column in found.get_columns(events.name)}.isdisjoint(ADDED)


@contextmanager
def database_errors_as_damage() -> Iterator[None]:
    """Raises what a damaged file, or a server that does not answer, makes the library raise as what it is, without the
    library's text."""
    silent = False
    try:
        yield
    except DatabaseError as error:
        is_sqlite = hasattr(error.orig, "sqlite_errorname")
        silent = not is_sqlite and isinstance(error, OperationalError | InterfaceError)
        if not silent and not getattr(error.orig, "sqlite_errorname", "").startswith(DAMAGED):
            raise
    else:
        return
    if silent:
        raise HomeRefused(NO_ANSWER)
    raise damaged()


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead log so that readers never wait; every commit reaches the disk."""
    try:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()  # SQLAlchemy does not know it yet
        raise


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    """Every commit reaches the server's disk, whatever the server's settings say, and nobody waits for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on; SET lock_timeout = '10s'")
    connection.commit()
