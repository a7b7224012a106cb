"""Dagster's storage, with number-shaped text redacted before an event is stored.

What belongs here: the last net under everything that reaches Dagster's event log. What must not: reliance on it; the
guard on every asset keeps values from coming here at all.
"""

from typing import Any

from dagster import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from dagster._serdes import ConfigurableClassData, deserialize_value, serialize_value

from samkorning.leak_scan import redact_numbers


class RedactingEventLogStorage(SqliteEventLogStorage):
    """Event log on SQLite that stores no text shaped like an identity number."""

    def store_event(self, event: EventLogEntry) -> None:
        """Stores the event, redacted."""
        super().store_event(redacted(event))


class RedactingStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage with the redacting event log; named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = RedactingEventLogStorage(_event_logs_directory(base_dir))

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


def redacted(event: EventLogEntry) -> EventLogEntry:
    """The same event, without text shaped like an identity number."""
    stored = serialize_value(event)
    clean = redact_numbers(stored)
    return event if clean == stored else deserialize_value(clean, EventLogEntry)
