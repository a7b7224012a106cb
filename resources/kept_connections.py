"""Connections to Dagster's SQLite databases that stay open.

What belongs here: the few engines that a process keeps. What must not: what is stored.

Dagster opens a database anew for each statement. The last connection that is closed copies the log into the database,
syncs both and deletes the log: a run of twelve assets did so six hundred times, and a case waited for the disk longer
than for its own work. The databases say what happened and decide nothing (the ledger does), so a commit need not be on
the disk before the next: after a power failure the last events may be missing, and the databases are whole.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine, event

MOST_KEPT = 4
"""The index, the runs' own list, and the runs that are under way."""


class KeptEngines:
    """The engines that were used last, each with its connection open; the caller sees to it that threads take turns."""

    def __init__(self) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()

    def engine(self, address: str) -> Engine:
        """The engine of a database."""
        if address not in self._engines:
            self._engines[address] = _engine(address)
        self._engines.move_to_end(address)
        while len(self._engines) > MOST_KEPT:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[address]

    @contextmanager
    def connection(self, address: str) -> Iterator[Connection]:
        """A transaction in a database."""
        with self.engine(address).begin() as connection:
            yield connection

    def let_go(self, address: str) -> None:
        """Closes one, before its database is removed."""
        if address in self._engines:
            self._engines.pop(address).dispose()

    def close(self) -> None:
        """Closes all; what is used afterwards is opened again."""
        while self._engines:
            self._engines.popitem()[1].dispose()


def _engine(address: str) -> Engine:
    engine = create_engine(address, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _write_ahead)
    return engine


def _write_ahead(connection: Any, record: object) -> None:
    """Commits go into the log, and both are synced when it is full or closed; a new database's tables too."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
