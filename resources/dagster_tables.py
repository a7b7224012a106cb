"""The tables of Dagster's SQLite databases, made in a new one and recognised in one that is there.

What belongs here: making tables as Dagster makes them. What must not: what is stored in them (the modules beside).

Dagster reads all of its migrations for each database it makes, twice, and for each it opens, though only their newest
name is wanted: of a database that is made, and never of one that is there, as a newer Dagster carries an older home's
databases over by its own command. They are read once here, by the process that makes a home's databases.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.sql import get_alembic_config
from sqlalchemy import Engine, MetaData, NullPool, create_engine, text

SQLITE = "sqlite:///"
NAME = "SELECT version_num FROM alembic_version"


def has_tables(database: Path) -> bool:
    """Whether a database is there and says which migration it stands at, as all do that were made whole."""
    if not database.is_file():
        return False
    try:
        with closing(sqlite3.connect(database)) as connection:
            return connection.execute(NAME).fetchone() is not None
    except sqlite3.OperationalError:  # it has no such table
        return False


def require_tables(database: Path, tables: MetaData) -> bool:
    """Makes the tables of a database that has none; whether it did."""
    if has_tables(database):
        return False
    database.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"{SQLITE}{database}", poolclass=NullPool)
    make_tables(engine, tables)
    engine.dispose()
    return True


def make_tables(engine: Engine, tables: MetaData) -> None:
    """Makes tables at the newest migration; those that an interrupted making has left are made whole."""
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
        tables.create_all(connection)
        MigrationContext.configure(connection).stamp(_migrations(), "head")
        connection.commit()


@cache
def _migrations() -> ScriptDirectory:
    """All that this version of Dagster has; the same for each of its storages."""
    return ScriptDirectory.from_config(get_alembic_config(sqlite_run_storage.__file__))
