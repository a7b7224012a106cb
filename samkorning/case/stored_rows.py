"""Reading the case register's database: rows by plain SQL, of SQLite and of PostgreSQL alike.

What belongs here: connections that read, and the error that a damaged file is. What must not: writing and making tables
(tables, revisions), or whether an event is as it was recorded (``proof``). SQLite is read by the standard library,
PostgreSQL by its driver: a command that shows a case does not wait for the library that writes.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from samkorning.case.proof import RESTORE_REGISTER
from samkorning.errors import HomeRefused, VaultDamaged

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

SQLITE = "sqlite:///"
VERSION_TABLE = "case_register_revision"
"""A name of its own: another program's revisions may lie in the same database."""
REVISIONS = ("0001", "0002")
HEAD = REVISIONS[-1]
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_ERROR", "SQLITE_MISMATCH")
BUSY_SECONDS = 10
NO_ANSWER = "the database of the case register does not answer; start it, or put its connection string right; repeat"


class Rows(Protocol):
    """What reads a database."""

    def read(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query; a value stands in place of each question mark.

        :raises VaultDamaged: when the database is damaged.
        :raises HomeRefused: when its server does not answer.
        """
        ...

    def close(self) -> None:
        """Gives up the connections."""
        ...


class SqliteRows:
    """The rows of an SQLite file. A connection serves one query at a time, and is kept for the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []

    def read(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """As ``Rows.read``."""
        try:
            return self._read(statement, values)
        except sqlite3.DatabaseError as error:
            if not getattr(error, "sqlite_errorname", "").startswith(DAMAGED):
                raise
        raise damaged()

    def is_present(self) -> bool:
        """Whether the tables are there, and of the present revision."""
        if not self._path.is_file():
            return False
        try:
            return self._read(f"SELECT version_num FROM {VERSION_TABLE}", ()) == [(HEAD,)]  # noqa: S608
        except sqlite3.DatabaseError:
            return False

    def close(self) -> None:
        """As ``Rows.close``."""
        while self._idle:
            self._idle.pop().close()

    def _read(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            connection = self._idle.pop()
        except IndexError:  # another thread has it, or none was opened yet
            connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with closing(connection.execute(statement, values)) as cursor:
                found = cursor.fetchall()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return found


class ServerRows:
    """The rows of a PostgreSQL database, by its driver alone. What a server has given up is opened anew."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: list[Any] = []

    def read(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """As ``Rows.read``."""
        from psycopg2 import InterfaceError, OperationalError

        for is_kept in (True, False):
            try:
                return self._read(statement, values, is_kept)
            except (InterfaceError, OperationalError):
                self.close()
        raise HomeRefused(NO_ANSWER)

    def is_present(self) -> bool:
        """Whether the tables are there, and of the present revision.

        :raises HomeRefused: when the server does not answer.
        """
        from psycopg2 import DatabaseError

        try:
            return self.read(f"SELECT version_num FROM {VERSION_TABLE}") == [(HEAD,)]  # noqa: S608
        except DatabaseError:
            return False

    def close(self) -> None:
        """As ``Rows.close``."""
        while self._idle:
            self._idle.pop().close()

    def _read(self, statement: str, values: tuple[object, ...], is_kept: bool) -> list[tuple[Any, ...]]:
        connection = self._kept() if is_kept else self._connected()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement.replace("?", "%s"), values)
                found = list(map(tuple, cursor.fetchall()))
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return found

    def _kept(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:  # another thread has it, or none was opened yet
            return self._connected()

    def _connected(self) -> Any:
        import psycopg2

        connection = psycopg2.connect(self._dsn)
        connection.autocommit = True
        return connection


@dataclass(frozen=True)
class ServerAddress:
    """A PostgreSQL database: as its driver takes it, and as SQLAlchemy does where something is written."""

    dsn: str = field(repr=False)
    url: "Callable[[], URL]" = field(repr=False)


def open_rows(address: str | ServerAddress) -> tuple[Rows, bool]:
    """What reads a case register's database, and whether its events are of before they proved themselves; an SQLite
    database is made or upgraded.

    :raises VaultDamaged: when the file is no database, or not this one.
    :raises HomeRefused: when a PostgreSQL database is not there, or has no tables or older ones; when either is newer.
    """
    if isinstance(address, ServerAddress):
        server = ServerRows(address.dsn)
        if not server.is_present():
            _opened(address.url()).dispose()  # which says what is wrong with it
        return server, False
    rows = SqliteRows(Path(address.removeprefix(SQLITE)))
    if not rows.is_present():
        _opened(address).dispose()
        return rows, not rows.is_present()
    return rows, False


def damaged() -> VaultDamaged:
    """The error that a damaged database is."""
    return VaultDamaged(f"the case register is not a whole database of this service; {RESTORE_REGISTER}")


def _opened(url: "str | URL") -> "Engine":
    from samkorning.case.revisions import open_database  # and SQLAlchemy with it

    return open_database(url)
