"""Tables of what was found out about each case, kept so that a look at all cases opens only those that have changed.

What belongs here: such a table, when a row of it no longer holds, and what it depends on. What must not: what a row
says (due, overview), finding it out (the steps), or an act that goes by it. A table is derived from the case register
and may be deleted: whoever acts looks at the case itself.

It is plain SQLite: a list of all cases waits for no library.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

NO_DAY = date.max
"""For what no later day changes."""


@dataclass(frozen=True)
class Derived:
    """What was found out about a case when its newest event was this one, and how long it holds.

    ``registers`` are the own registers it depends on, comma between, and ``registers_mark`` how they stood.
    ``last_day`` is the last day on which time alone changes nothing.
    """

    FORM: ClassVar[int]
    """Of what a row says: a table of another form is found out anew."""

    case_number: str
    events: int
    mac: str
    registers: str
    registers_mark: str
    last_day: date

    def still_holds(self, head: tuple[int, str] | None, registers_mark: str, today: date) -> bool:
        """Whether nothing it depends on has changed."""
        return (self.events, self.mac) == head and self.registers_mark == registers_mark and today <= self.last_day


Row = TypeVar("Row", bound=Derived)


def holding(
    rows: Mapping[str, Row], heads: Mapping[str, tuple[int, str]], marks: Mapping[str, str], today: date
) -> dict[str, Row]:
    """The rows that still hold, by case number.

    :param heads: the number and authenticator of each case's newest event.
    :param marks: how each own register stands.
    """
    stand = {registers: mark_of(registers.split(","), marks) for registers in {row.registers for row in rows.values()}}
    return {
        number: row for number, row in rows.items() if row.still_holds(heads.get(number), stand[row.registers], today)
    }


class DerivedTable(Generic[Row]):
    """The table of one kind of rows in a file of its own; made where it is missing."""

    def __init__(self, path: Path, kind: type[Row]) -> None:
        self._path, self._kind = path, kind
        self._names = [each.name for each in fields(kind)]
        self._days = {place for place, each in enumerate(fields(kind)) if each.type is date}

    def rows(self, only: str | None = None) -> dict[str, Row]:
        """Every row by case number, or that of one case."""
        wanted, values = ("", ()) if only is None else (" WHERE case_number = ?", (only,))
        with self._opened() as connection:
            found = connection.execute(f"SELECT * FROM derived{wanted}", values).fetchall()  # noqa: S608
        return {row[0]: self._kind(*self._read(row)) for row in found}

    def keep(self, rows: Collection[Row]) -> None:
        """Puts rows in the place of those of the same cases."""
        if not rows:
            return
        values = [[_written(getattr(row, name)) for name in self._names] for row in rows]
        places = ", ".join("?" * len(self._names))
        with self._opened() as connection:
            connection.executemany(f"INSERT OR REPLACE INTO derived VALUES ({places})", values)  # noqa: S608

    def forget(self) -> None:
        """Empties the table: everything is found out anew."""
        with self._opened() as connection:
            connection.execute("DELETE FROM derived")

    def _read(self, row: Sequence[Any]) -> Iterator[Any]:
        return (date.fromisoformat(each) if place in self._days else each for place, each in enumerate(row))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are all kept, or none. The file may have been deleted since the last one."""
        with closing(sqlite3.connect(self._path)) as connection:
            may_be_lost(connection)
            with connection:
                if not self._is_present(connection):
                    self._make(connection)
            with connection:
                yield connection

    def _is_present(self, connection: sqlite3.Connection) -> bool:
        return bool(connection.execute("PRAGMA user_version").fetchone() == (self._kind.FORM,))

    def _make(self, connection: sqlite3.Connection) -> None:
        """The table as it is now in the place of whatever another version has left."""
        connection.execute("BEGIN IMMEDIATE")
        if self._is_present(connection):  # another process has made it meanwhile
            return
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            connection.execute(f'DROP TABLE "{name}"')
        connection.execute(f"CREATE TABLE derived ({', '.join(self._names)}, PRIMARY KEY (case_number))")
        connection.execute(f"PRAGMA user_version = {self._kind.FORM}")


def mark_of(registers: Iterable[str], marks: Mapping[str, str]) -> str:
    """How some own registers stand, as one digest; a register without any year counts too."""
    return hashlib.sha256("\n".join(marks.get(name, "") for name in registers).encode()).hexdigest()


def may_be_lost(connection: sqlite3.Connection) -> None:
    """A crash may lose the last rows of such a table, and looking never waits for the disk."""
    for setting in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {setting}")


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
