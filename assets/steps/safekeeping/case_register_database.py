"""The case register's database as a whole: which it is, its revision, and moving it to a server.

What belongs here: looking, upgrading, copying. What must not: what a revision changes (samkorning.case.revisions), or
any one event.
"""

from dataclasses import dataclass

from sqlalchemy import func, insert, select

from resources.desk import Desk
from samkorning.case.revisions import make_present, open_database, revision_of
from samkorning.case.stored_rows import HEAD
from samkorning.case.tables import database_errors_as_damage, engine_of, events
from samkorning.errors import HomeRefused


@dataclass(frozen=True)
class DatabaseState:
    """Which database it is, what it says it is of, the newest revision, and its events where it has tables."""

    database: str
    revision: str | None
    newest: str
    events: int | None


def state_of_database(desk: Desk) -> DatabaseState:
    """How the database stands; nothing is made or changed."""
    engine = engine_of(desk.case_register_address)
    try:
        with database_errors_as_damage(), engine.connect() as connection:
            revision = revision_of(connection)
            count = None
            if engine.dialect.has_table(connection, events.name):
                count = connection.execute(select(func.count()).select_from(events)).scalar()
    finally:
        engine.dispose()
    return DatabaseState({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine.dialect.name], revision, HEAD, count)


def upgrade_database(desk: Desk) -> tuple[str | None, str | None]:
    """Makes or upgrades the tables; the revision before and now.

    :raises HomeRefused: when the database is newer.
    """
    engine = engine_of(desk.case_register_address)
    try:
        before = make_present(engine)
        with database_errors_as_damage(), engine.connect() as connection:
            return before, revision_of(connection)
    finally:
        engine.dispose()


def copy_into_postgresql(desk: Desk) -> int:
    """Copies every event of the home's SQLite database into the empty one of the settings, and proves all cases there.

    The proofs of events do not depend on where they lie. How many there were.

    :raises HomeRefused: when the settings name no database, or it holds events already.
    :raises VaultDamaged: when a case does not prove itself.
    """
    if desk.settings.case_register_database_file is None or not desk.home.case_register.is_file():
        problem = "name the database in `case_register_database_file`, in a home that has an SQLite case register"
        raise HomeRefused(f"there is nothing to copy, or nowhere to: {problem}")
    source, target = open_database(f"sqlite:///{desk.home.case_register}"), open_database(desk.case_register_address)
    try:
        with database_errors_as_damage(), source.connect() as there, target.begin() as here:
            if here.execute(select(func.count()).select_from(events)).scalar():
                raise HomeRefused("the PostgreSQL database holds events already; name an empty one")
            rows = [dict(row) for row in there.execute(select(events)).mappings()]
            if rows:
                here.execute(insert(events), rows)
    finally:
        source.dispose()
        target.dispose()
    for number in desk.cases.numbers():
        desk.cases.case(number)
    return len(rows)
