"""Dagster's storage on SQLite, the embedded default, held to the rules of ``resources.dagster_rules``.

What belongs here: SQLite. What must not: what may be stored; PostgreSQL (``resources.dagster_postgresql``).
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

import dagster
from dagster import EventLogEntry
from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.schema import RunStorageSqlMetadata
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.schema import ScheduleStorageSqlMetadata
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, MetaData, NullPool, create_engine, event

from resources.dagster_forgetting import remove_database
from resources.dagster_rules import LooksAtRuns, RedactsEvents, RedactsTicks
from resources.dagster_tables import SQLITE, make_tables, require_tables
from resources.kept_connections import KeptEngines
from samkorning.durable import file_lock, write_new

_Storage = TypeVar("_Storage", bound=SqliteRunStorage | SqliteScheduleStorage)
EMPTY = f"empty-{dagster.__version__}"
"""The log of a run that has no events yet, as this version of Dagster makes it."""


class RedactingEventLogStorage(RedactsEvents, SqliteEventLogStorage):
    """The event log on SQLite."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept = KeptEngines()
        self._known: set[str] = set()
        super().__init__(base_dir, inst_data)

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:
        """As Dagster's own, in a database that has no tables."""
        make_tables(engine, SqlEventLogStorageMetadata)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table. Dagster asks for each event and partition; a table that is there stays."""
        return self._is_known(f"table {table_name}", partial(super().has_table, table_name))

    def has_secondary_index(self, name: str) -> bool:
        """Whether something is noted as made; asked for each step, and it stays made."""
        return self._is_known(f"index {name}", partial(super().has_secondary_index, name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        """Whether the table of assets has a column; asked for each event of an asset, and it stays."""
        look = partial(super()._has_asset_key_col_on_connection, conn, column_name)
        return self._is_known(f"column {column_name}", look)

    def _is_known(self, what: str, look: Callable[[], bool]) -> bool:
        """Whether something is there that stays once it is."""
        if what not in self._known and look():
            self._known.add(what)
        return what in self._known

    def store_event(self, event: EventLogEntry) -> None:
        """Stores the event, redacted."""
        super().store_event(event)
        os.utime(self.path_for_shard(event.run_id))  # the page watches this file; the event stands in the log beside it

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """As Dagster's own, on a connection that stays open."""
        with self._db_lock:
            address = self.conn_string_for_shard(shard)
            if shard not in self._initialized_dbs:
                self._require_database(shard)
                self._initialized_dbs.add(shard)
            with self._kept.connection(address) as connection:
                yield connection

    def _require_database(self, shard: str) -> None:
        """Makes the log of a run from an empty one that lies ready: to make it from nothing reads all of Dagster's
        migrations, for each run and in each process anew, and takes four times the space.
        """
        path, empty = Path(self.path_for_shard(shard)), Path(self._base_dir) / EMPTY
        if not path.exists():
            if not empty.exists():
                self._make_empty(empty)
            with suppress(FileExistsError):  # another process has just made it
                write_new(path, empty.read_bytes())

    def _make_empty(self, empty: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self._base_dir) as folder:
            made = Path(folder) / "empty.db"
            engine = create_engine(f"sqlite:///{made}", poolclass=NullPool)
            event.listen(engine, "connect", _small_pages)
            self._initdb(engine)
            engine.dispose()
            made.replace(empty)

    def forget_shard(self, run_id: str) -> None:
        """Removes the log of one run, which is a file of its own."""
        with self._db_lock:
            self._kept.let_go(self.conn_string_for_shard(run_id))
            self._initialized_dbs.discard(run_id)
            remove_database(Path(self.path_for_shard(run_id)))

    def dispose(self) -> None:
        """Closes what is open."""
        super().dispose()
        self._kept.close()


class LookingRunStorage(LooksAtRuns, SqliteRunStorage):
    """Runs on SQLite."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(conn_string, inst_data)
        self._kept = KeptEngines()

    @classmethod
    def from_local(cls, base_dir: str, inst_data: ConfigurableClassData | None = None) -> Self:
        """Those of a folder; made if there are none."""
        return _opened(cls, Path(base_dir) / "runs.db", RunStorageSqlMetadata, inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """As Dagster's own, on a connection that stays open."""
        with self._kept.connection(self._conn_string) as connection:
            yield connection

    def dispose(self) -> None:
        """Closes what is open."""
        super().dispose()
        self._kept.close()

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "LookingRunStorage":
        """Built by Dagster in its other processes."""
        return cls.from_local(inst_data=inst_data, **config_value)


class RedactingScheduleStorage(RedactsTicks, SqliteScheduleStorage):
    """Sensors and schedules on SQLite."""

    @classmethod
    def from_local(cls, base_dir: str, inst_data: ConfigurableClassData | None = None) -> Self:
        """Those of a folder; made if there are none."""
        return _opened(cls, Path(base_dir) / "schedules.db", ScheduleStorageSqlMetadata, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Built by Dagster in its other processes."""
        return cls.from_local(inst_data=inst_data, **config_value)


class RedactingStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage with the redacting event log; named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super(DagsterSqliteStorage, self).__init__()  # what that class opens would be opened twice
        self.base_dir = base_dir
        with file_lock(Path(base_dir) / ".lock"):  # two that made the tables at once would stand in each other's way
            self._run_storage = LookingRunStorage.from_local(_runs_directory(base_dir))
            self._event_log_storage = RedactingEventLogStorage(_event_logs_directory(base_dir))
            self._schedule_storage = RedactingScheduleStorage.from_local(_schedule_directory(base_dir))
        self._inst_data = inst_data

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Any) -> "RedactingStorage":
        """Built by Dagster from dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)

    @property
    def event_storage_data(self) -> ConfigurableClassData:
        """Where other Dagster processes find the event log."""
        return ConfigurableClassData(
            __name__, RedactingEventLogStorage.__name__, f"base_dir: {_event_logs_directory(self.base_dir)}\n"
        )

    @property
    def run_storage_data(self) -> ConfigurableClassData:
        """Where other Dagster processes find the runs."""
        return ConfigurableClassData(
            __name__, LookingRunStorage.__name__, f"base_dir: {_runs_directory(self.base_dir)}\n"
        )

    @property
    def schedule_storage_data(self) -> ConfigurableClassData:
        """Where other Dagster processes find sensors and schedules."""
        return ConfigurableClassData(
            __name__, RedactingScheduleStorage.__name__, f"base_dir: {_schedule_directory(self.base_dir)}\n"
        )


def _opened(
    storage: Callable[..., _Storage], database: Path, tables: MetaData, inst_data: ConfigurableClassData | None
) -> _Storage:
    """A storage of one database; of a new one it is noted that its tables are of the present form."""
    is_new = require_tables(database, tables)
    opened = storage(f"{SQLITE}{database}", inst_data)
    if is_new:
        opened.migrate()
        opened.optimize()
    return opened


def _small_pages(connection: Any, record: object) -> None:
    """Each of some twenty tables and indexes takes a page at least, and most are empty in the log of one run."""
    connection.execute("PRAGMA page_size=1024")
