"""Dagster's storage, with number-shaped text redacted before an event is stored, and what the page types looked at.

What belongs here: the last net under everything that reaches Dagster's event log, and the entrance of partitions,
launch configurations and tags. What must not: reliance on the net; the guard on every asset keeps values from it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import DagsterRun, EventLogEntry
from dagster._core.execution.backfill import PartitionBackfill
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData, deserialize_value, serialize_value
from sqlalchemy import Connection

from resources.kept_connections import KeptEngines
from samkorning.case_number import require_case_number
from samkorning.durable import file_lock
from samkorning.identity.free_text import require_no_numbers_within
from samkorning.identity.redaction import redact_numbers

DAGSTERS_OWN = ".dagster/"
"""Tags that Dagster writes for itself; no person types them."""


class RedactingEventLogStorage(SqliteEventLogStorage):
    """Event log on SQLite that stores no text shaped like an identity number, and no partition but case numbers."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept = KeptEngines()
        super().__init__(base_dir, inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Stores the event, redacted."""
        super().store_event(redacted(event))
        os.utime(self.path_for_shard(event.run_id))  # the page watches this file; the event stands in the log beside it

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """As Dagster's own, on a connection that stays open."""
        with self._db_lock:
            address = self.conn_string_for_shard(shard)
            if shard not in self._initialized_dbs:
                self._initdb(self._kept.engine(address))
                self._initialized_dbs.add(shard)
            with self._kept.connection(address) as connection:
                yield connection

    def dispose(self) -> None:
        """Closes what is open."""
        super().dispose()
        self._kept.close()

    def add_dynamic_partitions(self, partitions_def_name: str, partition_keys: Sequence[str]) -> None:
        """Adds partitions that are case numbers.

        :raises NotFound: when one is none.
        """
        for partition_key in partition_keys:
            require_case_number(partition_key)
        super().add_dynamic_partitions(partitions_def_name, partition_keys)


class LookingRunStorage(SqliteRunStorage):
    """Runs on SQLite, whose launch configuration, tags and titles are free text and looked at as such.

    :raises RuleRefused: where one of them reads as an identity number.
    """

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(conn_string, inst_data)
        self._kept = KeptEngines()

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """As Dagster's own, on a connection that stays open."""
        with self._kept.connection(self._conn_string) as connection:
            yield connection

    def dispose(self) -> None:
        """Closes what is open."""
        super().dispose()
        self._kept.close()

    def add_run(self, dagster_run: DagsterRun) -> DagsterRun:
        """Stores a run."""
        require_no_numbers_within(
            {"the launch configuration": [str(dagster_run.run_config)], **_typed(dagster_run.tags)}
        )
        return super().add_run(dagster_run)

    def add_run_tags(self, run_id: str, new_tags: Mapping[str, str]) -> None:
        """Stores tags of a run."""
        require_no_numbers_within(_typed(new_tags))
        super().add_run_tags(run_id, new_tags)

    def add_backfill(self, partition_backfill: PartitionBackfill) -> None:
        """Stores a backfill."""
        titles = {"the title": partition_backfill.title, "the description": partition_backfill.description}
        require_no_numbers_within({**titles, **_typed(partition_backfill.tags)})
        super().add_backfill(partition_backfill)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "LookingRunStorage":
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
            self._schedule_storage = SqliteScheduleStorage.from_local(_schedule_directory(base_dir))
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


def _typed(tags: Mapping[str, str]) -> dict[str, Any]:
    """Names and values of tags, but for those that no person types; a name is as free as a value."""
    typed = [(name, value) for name, value in tags.items() if not name.startswith(DAGSTERS_OWN)]
    return {"a tag": [*(name for name, _ in typed), *(value for _, value in typed)]}


def redacted(event: EventLogEntry) -> EventLogEntry:
    """The same event, without text shaped like an identity number."""
    stored = serialize_value(event)
    clean = redact_numbers(stored)
    return event if clean == stored else deserialize_value(clean, EventLogEntry)
