"""Upgrading a database by Alembic, within the transaction of whoever asks.

What belongs here: the library. What must not: whether a database is upgraded (revisions).
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, unsaid: str | None) -> None:
    """Brings the tables to the newest revision.

    :param unsaid: the revision that a database is of which does not say it.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    if unsaid is not None:
        command.stamp(config, unsaid)
    command.upgrade(config, "head")
