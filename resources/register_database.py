"""A year of an own register from a table of a PostgreSQL database, batch by batch (ADBC, adbc-driver-postgresql).

What belongs here: asking the database. What must not: what a value may be (samkorning.own_registers).

The statement names the columns of the catalogue and no others, and runs read only. The connection string is read from a
file: on a command line other accounts could read it. An error of the driver quotes statements and could quote values:
none is shown.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import polars as pl

from samkorning.errors import FileRefused, HomeRefused, NotFound
from samkorning.machine.progress import UNWATCHED, Progress, Work
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.loading import ExactRows
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.text_identities import ISSUER

Result = TypeVar("Result")
TABLE = r"([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}"
"""A table or view, perhaps with its schema."""
CASTS = {b"bpchar": "::varchar", b"numeric": "::text"}
"""Blanks that fill a value up are no part of it; an exact decimal keeps its digits as text."""


class OwnRegisterTable:
    """A table or view that holds one year of one register. Its rows are read once, in bounded memory."""

    def __init__(self, connection_file: Path | None, table: str, register: CatalogueRegister, year: int) -> None:
        """:raises HomeRefused: when no file holds the connection string, or the driver is not installed.
        :raises NotFound: for a name that is none of a table.
        """
        if re.fullmatch(TABLE, table) is None:
            raise NotFound("that is no name of a table; write table or schema.table")
        self._dsn, self._driver = _connection_string(connection_file), _driver()
        self._table = ".".join(f'"{name}"' for name in table.split("."))
        self._register, self._name = register, f"table {table}"
        self._rows = ExactRows(register, year, self._name)

    def batches(self, progress: Progress = UNWATCHED) -> Iterator[pl.DataFrame]:
        """Its rows as ``ExactRows`` types them; at least one batch.

        :raises FileRefused: as there, and when the database does not answer or has no such table.
        """
        return self._rows.typed(self._read(progress))

    def _read(self, progress: Progress) -> Iterator[pl.DataFrame]:
        connection = self._asked(lambda: self._driver.connect(self._dsn), "the database does not answer")
        try:
            cursor = connection.cursor()
            self._asked(lambda: cursor.execute("SET TRANSACTION READ ONLY"), "the database does not answer")
            columns = self._columns(cursor)
            [rows] = self._ask(cursor, f"SELECT count(*) FROM {self._table}").fetchone()  # noqa: S608  a name of known form
            statement = f"SELECT {', '.join(columns)} FROM {self._table}"  # noqa: S608
            reader = self._ask(cursor, statement).fetch_record_batch()
            yield pl.DataFrame(pl.from_arrow(reader.schema.empty_table()))  # a table without rows has columns too
            with progress.of(Work.READING, rows) as advance:
                while (batch := self._asked(lambda: next(reader, None), "the database broke off")) is not None:
                    yield pl.DataFrame(pl.from_arrow(batch))
                    advance(batch.num_rows)
        finally:
            connection.close()

    def _columns(self, cursor: Any) -> list[str]:
        """What is selected: each wanted column, whatever case its name is written in, under the catalogue's name."""
        fields = self._ask(cursor, f"SELECT * FROM {self._table} LIMIT 0").fetch_arrow_table().schema  # noqa: S608
        wanted = {name.casefold(): name for name in (NUMBER, ISSUER, *(each.name for each in self._register.variables))}
        found = [field for field in fields if field.name.casefold() in wanted]
        if len({field.name.casefold() for field in found}) < len(found):
            raise FileRefused(
                self._name, "has two columns whose names differ in case alone", "name a view with one of them"
            )
        names = {field.name: wanted[field.name.casefold()] for field in found}
        self._rows.require_columns(names.values())
        casts = {field.name: CASTS.get((field.metadata or {}).get(b"POSTGRESQL:type", b""), "") for field in found}
        return [f'{_quoted(own)}{casts[own]} AS "{name}"' for own, name in names.items()]

    def _ask(self, cursor: Any, statement: str) -> Any:
        """The cursor behind a statement that names the table."""
        self._asked(lambda: cursor.execute(statement), "cannot be read")
        return cursor

    def _asked(self, ask: Callable[[], Result], problem: str) -> Result:
        """What the database answers; an error of the driver without its text."""
        try:
            return ask()
        except (self._driver.Error, OSError):
            pass
        raise FileRefused(self._name, problem, "look at the database, its rights and the connection string; repeat")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _connection_string(path: Path | None) -> str:
    if path is None or not path.is_file():
        raise HomeRefused("name the file that holds the connection string as `postgresql_file` in config.yaml")
    if path.stat().st_mode & 0o077:
        raise HomeRefused("`postgresql_file`: others may read the connection string; chmod 600")
    return path.read_text(encoding="utf-8").strip()


def _driver() -> ModuleType:
    try:
        import adbc_driver_postgresql.dbapi as driver
    except ImportError:
        driver = None
    if driver is None:
        raise HomeRefused(
            "reading from PostgreSQL needs the package adbc-driver-postgresql: pip install samkorning[postgresql]"
        )
    return driver
