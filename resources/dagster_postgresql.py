"""Dagster's storage on PostgreSQL, held to the rules of ``resources.dagster_rules``.

What belongs here: PostgreSQL. What must not: what may be stored; SQLite (``resources.dagster_storage``).
"""

from pathlib import Path
from typing import Any

from dagster import Field, StringSource
from dagster._config.config_schema import UserConfigSchema
from dagster._core.storage.base_storage import DagsterStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage, PostgresScheduleStorage

from resources.dagster_rules import LooksAtRuns, RedactsEvents, RedactsTicks
from resources.postgresql import database_url

FILE = "connection_file"
"""What dagster.yaml says: where the connection string lies, and never the string, which the page would show."""


class _Storage(ConfigurableClass):
    """What the classes below share: how Dagster builds them."""

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """One setting."""
        return {FILE: Field(StringSource)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Any:
        """Built by Dagster, here and in its other processes."""
        return cls(_address(config_value[FILE]), inst_data=inst_data)  # type: ignore[call-arg]


class EventLogOnPostgresql(RedactsEvents, _Storage, PostgresEventLogStorage):
    """The event log."""


class RunsOnPostgresql(LooksAtRuns, _Storage, PostgresRunStorage):
    """Runs and backfills."""


class SchedulesOnPostgresql(RedactsTicks, _Storage, PostgresScheduleStorage):
    """Sensors, schedules and their ticks."""


class StorageOnPostgresql(DagsterStorage, ConfigurableClass):
    """All three in one database; named in the dagster.yaml of a home whose settings say so."""

    def __init__(self, connection_file: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._file, self._inst_data = connection_file, inst_data
        address = _address(connection_file)
        self._run_storage = RunsOnPostgresql(address)
        self._event_log_storage = EventLogOnPostgresql(address)
        self._schedule_storage = SchedulesOnPostgresql(address)
        super().__init__()

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """What dagster.yaml says."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """One setting."""
        return {FILE: Field(StringSource)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "StorageOnPostgresql":
        """Built by Dagster from dagster.yaml."""
        return cls(config_value[FILE], inst_data)

    @property
    def event_log_storage(self) -> EventLogOnPostgresql:
        """The event log."""
        return self._event_log_storage

    @property
    def run_storage(self) -> RunsOnPostgresql:
        """Runs and backfills."""
        return self._run_storage

    @property
    def schedule_storage(self) -> SchedulesOnPostgresql:
        """Sensors and schedules."""
        return self._schedule_storage

    @property
    def event_storage_data(self) -> ConfigurableClassData:
        """Where other Dagster processes find the event log."""
        return self._found_as(EventLogOnPostgresql)

    @property
    def run_storage_data(self) -> ConfigurableClassData:
        """Where other Dagster processes find the runs."""
        return self._found_as(RunsOnPostgresql)

    @property
    def schedule_storage_data(self) -> ConfigurableClassData:
        """Where other Dagster processes find sensors and schedules."""
        return self._found_as(SchedulesOnPostgresql)

    def _found_as(self, stored: type) -> ConfigurableClassData:
        return ConfigurableClassData(__name__, stored.__name__, f"{FILE}: {self._file}\n")


def _address(connection_file: str) -> str:
    return database_url(Path(connection_file)).render_as_string(hide_password=False)
