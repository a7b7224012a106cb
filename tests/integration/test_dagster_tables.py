"""Dagster's SQLite databases as this service makes them: what Dagster itself makes, and its migrations read once."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from resources import dagster_tables
from resources.dagster_storage import RedactingStorage

DATABASES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


def made(kind: Any, folder: Path) -> None:
    """The storage of a folder, opened and closed."""
    folder.mkdir(exist_ok=True)
    storage = kind(str(folder))
    for part in (storage.event_log_storage, storage.run_storage, storage.schedule_storage):
        part.dispose()


def asked(database: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        return sorted(connection.execute(statement).fetchall(), key=str)


def whole(database: Path) -> list[Any]:
    """All tables and indexes, the migration it stands at, what is noted as made, and how its log is kept."""
    statements = ("SELECT name, sql FROM sqlite_master", "SELECT version_num FROM alembic_version")
    noted = "SELECT name, migration_completed IS NOT NULL FROM secondary_indexes"
    return [asked(database, each) for each in (*statements, noted, "PRAGMA journal_mode")]


@pytest.fixture(scope="module")
def by_dagster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dagster")
    made(DagsterSqliteStorage, folder)
    return folder


@pytest.mark.parametrize("name", DATABASES)
def test_a_new_database_is_what_dagster_makes(by_dagster: Path, tmp_path: Path, name: str) -> None:
    made(RedactingStorage, tmp_path / "ours")
    ours, dagsters = whole(tmp_path / "ours" / name), whole(by_dagster / name)
    assert ours == dagsters
    assert ours[1] and ours[2], "it says where it stands"


def test_migrations_are_read_for_a_new_home_once_and_for_one_that_is_there_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    original = dagster_tables.ScriptDirectory.from_config.__func__

    def counted(cls: Any, config: Any) -> Any:
        read.append("once")
        return original(cls, config)

    monkeypatch.setattr(dagster_tables.ScriptDirectory, "from_config", classmethod(counted))
    dagster_tables._migrations.cache_clear()
    made(RedactingStorage, tmp_path)
    assert read == ["once"]
    dagster_tables._migrations.cache_clear()
    made(RedactingStorage, tmp_path)
    assert read == ["once"]


def test_a_making_that_broke_off_is_made_whole(by_dagster: Path, tmp_path: Path) -> None:
    database = tmp_path / "history" / "runs.db"
    made(RedactingStorage, tmp_path)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("DELETE FROM alembic_version; DROP TABLE bulk_actions; DELETE FROM secondary_indexes")
    assert not dagster_tables.has_tables(database)
    made(RedactingStorage, tmp_path)
    assert whole(database) == whole(by_dagster / "history" / "runs.db")


def test_what_is_no_database_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "runs.db").write_bytes(b"something else " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        dagster_tables.has_tables(tmp_path / "runs.db")
