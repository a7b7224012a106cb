"""PostgreSQL: the connection strings of the installation's own databases.

What belongs here: reading such a string and giving it the forms in which its driver and SQLAlchemy take it. What must
not: what is stored in a database; the database of own registers, which another authority may run
(resources.register_database).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from samkorning.case.stored_rows import ServerAddress
from samkorning.errors import HomeRefused

if TYPE_CHECKING:
    from sqlalchemy import URL

DRIVER = "postgresql+psycopg2"


def server_address(file: Path) -> ServerAddress:
    """A database for its driver, and for SQLAlchemy where something is written.

    :raises HomeRefused: as ``database_url``.
    """
    parts = _parts(file)
    from psycopg2.extensions import make_dsn  # which is there then

    return ServerAddress(make_dsn(**parts), lambda: database_url(file))


def database_url(file: Path) -> "URL":
    """The address of a database, from a file with a connection string in either of libpq's two forms.

    :raises HomeRefused: when the file is not there, the driver is not installed, or what is written is no such string.
    """
    from sqlalchemy import URL

    parts = _parts(file)
    named = {name: parts.pop(name, None) for name in ("user", "password", "host", "port", "dbname")}
    if (named["host"] or "").startswith("/"):
        parts["host"] = named.pop("host")
    return URL.create(
        DRIVER,
        username=named["user"],
        password=named["password"],
        host=named.get("host"),
        port=int(named["port"]) if named["port"] else None,
        database=named["dbname"],
        query=parts,
    )


def _parts(file: Path) -> dict[str, Any]:
    """What the connection string says, by libpq's words."""
    try:
        from psycopg2 import ProgrammingError
        from psycopg2.extensions import parse_dsn
    except ImportError:
        raise HomeRefused("PostgreSQL needs its driver: `pip install 'samkorning[postgresql]'`") from None
    try:
        return dict(parse_dsn(file.read_text(encoding="utf-8").strip()))
    except (OSError, UnicodeDecodeError):
        raise HomeRefused(f"{file} with the connection string of a database cannot be read") from None
    except ProgrammingError:
        raise HomeRefused(f"{file} holds no connection string, such as `host=/run/postgresql dbname=…`") from None
