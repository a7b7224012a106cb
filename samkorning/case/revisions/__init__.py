"""Revisions of the case register's database (Alembic): which there are, and opening a database that has one.

What belongs here: what is decided when a database is opened. What must not: what a revision changes (versions), or the
library, which is loaded only where a revision differs (upgrading).

An SQLite database in the home is made and upgraded where it is opened: one process serves it, or a few of one version.
A PostgreSQL database serves several machines, and is made and upgraded by an act of its own. None is taken back, and
one of a newer version is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Column, Connection, Engine, MetaData, String, Table, func, insert, select, text
from sqlalchemy import inspect as look_at

from samkorning.case.revisions.fence import put_up_fence
from samkorning.case.stored_rows import HEAD, REVISIONS, VERSION_TABLE
from samkorning.case.tables import database_errors_as_damage, engine_of, events, is_from_before, metadata
from samkorning.errors import HomeRefused

UPGRADE = "`samkorning case-register upgrade`"
_revision = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), primary_key=True))
_LOCK = 7_220_110_001
"""Of a PostgreSQL server: who holds it may change the tables."""


def open_database(url: str | URL) -> Engine:
    """The engine of a case register whose database is of the present revision; an SQLite one is made or upgraded.

    :raises VaultDamaged: when the file is no database, or not this one.
    :raises HomeRefused: when a PostgreSQL database is not there, or has no tables or older ones; when either is newer.
    """
    engine = engine_of(url)
    with database_errors_as_damage(), engine.connect() as connection:
        found = revision_of(connection)
    if found == HEAD:
        return engine
    if found is not None and found not in REVISIONS:
        raise HomeRefused(
            f"the case register's database is of revision {found}, which a newer version has made; use that version"
        )
    if engine.dialect.name != "sqlite":
        what = "of an older revision" if found else "without its tables"
        raise HomeRefused(f"the case register's database is {what}; {UPGRADE} makes the present ones")
    make_present(engine)
    return engine


def make_present(engine: Engine) -> str | None:
    """Makes the tables, or upgrades them, and gives the revision that was there; two at once wait for each other.

    :raises HomeRefused: when the database is newer.
    """
    with database_errors_as_damage(), _alone(engine) as connection:
        found = revision_of(connection)
        if found is None and (not look_at(connection).has_table(events.name) or _is_empty_from_before(connection)):
            _make(connection)
        elif found is None and is_from_before(connection):
            return None  # it is taken over first: `audit take-over`
        elif found != HEAD:
            from samkorning.case.revisions.upgrading import upgrade  # Alembic takes its time to load

            upgrade(connection, REVISIONS[0] if found is None else None)
        return found


def revision_of(connection: Connection) -> str | None:
    """The revision that a database says it is of; nothing where it says none."""
    if not look_at(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(select(_revision.c.version_num)).scalar()
    return None if found is None else str(found)


def _make(connection: Connection) -> None:
    """The tables as the newest revision has them; a test holds that all revisions in turn give the same."""
    metadata.create_all(connection)
    put_up_fence(connection)
    _revision.create(connection, checkfirst=True)
    connection.execute(insert(_revision).values(version_num=HEAD))


def _is_empty_from_before(connection: Connection) -> bool:
    """Whether it was of before events proved themselves and holds none; then it is no more."""
    if not is_from_before(connection) or connection.execute(select(func.count()).select_from(events)).scalar():
        return False
    connection.execute(text(f"DROP TABLE {events.name}"))
    return True


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no other process changes the tables."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        yield connection
        connection.commit()
