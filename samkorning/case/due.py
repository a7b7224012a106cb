"""What is due for each case, kept so that a look at all cases costs nothing for those that rest.

What belongs here: the table of what was found due, and when a row of it no longer holds. What must not: finding out
what is due (ledger, rules), or acting on it. The table is derived from the case register and may be deleted; nothing is
decided or delivered by it alone: whoever is sent to a case looks at the case itself.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import (
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import Engine

from samkorning.case.events import Case

NO_DAY = date.max
"""For what no later day changes."""

metadata = MetaData()
due_table = Table(
    "due",
    metadata,
    Column("case_number", String(32), primary_key=True),
    Column("events", Integer, nullable=False),
    Column("registers", Text, nullable=False),
    Column("registers_mark", String(64), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("late", Text, nullable=False),
    Column("repeat", Text, nullable=False),
    Column("disposal", Date, nullable=False),
    Column("completion", Date, nullable=False),
    Column("late_history", Text, nullable=False),
    Column("reminder", Date, nullable=False),
)


@dataclass(frozen=True)
class Due:
    """What was found due for a case when it had so many events.

    ``late`` and ``repeat`` are digests of what is due by itself and as a repeat delivery (R18), '' for nothing.
    ``registers`` are the own registers it depends on, comma between, and ``registers_mark`` how they stood.
    ``last_day`` is the last day on which time alone changes nothing.
    ``disposal`` is the first day on which something may be disposed of, by a person's order; ``completion`` the first
    on which a disposal that was confirmed goes on by itself. All three are NO_DAY where no day is known.
    ``reminder`` is the first day on which the orderer or a holder is to be reminded of something.
    ``late_history`` is the day and hash of a number history that came after the first delivery; '' where none did.
    """

    case_number: str
    events: int
    registers: str
    registers_mark: str
    last_day: date
    late: str
    repeat: str
    disposal: date = NO_DAY
    completion: date = NO_DAY
    late_history: str = ""
    reminder: date = NO_DAY

    def still_holds(self, events: int, registers_mark: str, today: date) -> bool:
        """Whether nothing it depends on has changed."""
        return (self.events, self.registers_mark) == (events, registers_mark) and today <= self.last_day


class DueTable:
    """The table at a database URL; made where it is missing."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", may_be_lost)
        self._drop_another_form()
        metadata.create_all(self._engine)

    def rows(self) -> dict[str, Due]:
        """Every row by case number."""
        with self._engine.connect() as connection:
            return {row.case_number: Due(**row._mapping) for row in connection.execute(select(due_table))}

    def keep(self, rows: Collection[Due]) -> None:
        """Puts rows in the place of those of the same cases."""
        if not rows:
            return
        values = [{field.name: getattr(row, field.name) for field in fields(row)} for row in rows]
        with self._engine.begin() as connection:
            connection.execute(delete(due_table).where(due_table.c.case_number.in_([row.case_number for row in rows])))
            connection.execute(insert(due_table), values)

    def _drop_another_form(self) -> None:
        """A table of a version with other columns is found out anew."""
        known = inspect(self._engine)
        if known.has_table(due_table.name):
            columns = {column["name"] for column in known.get_columns(due_table.name)}
            if columns != {column.name for column in due_table.c}:
                due_table.drop(self._engine)

    def forget(self) -> None:
        """Empties the table: everything is found out anew."""
        with self._engine.begin() as connection:
            connection.execute(delete(due_table))

    def close(self) -> None:
        """Gives up the connections."""
        self._engine.dispose()


def last_day_of(case: Case, today: date) -> date:
    """The last day on which time alone changes nothing for a case: the next end of anything that its events limit."""
    ends = (date.fromisoformat(str(event.detail["until"])) for event in case.events if event.detail.get("until"))
    return min((end for end in ends if end >= today), default=NO_DAY)


def mark_of(registers: Iterable[str], marks: Mapping[str, str]) -> str:
    """How some own registers stand, as one digest; a register without any year counts too."""
    return hashlib.sha256("\n".join(marks.get(name, "") for name in registers).encode()).hexdigest()


def may_be_lost(connection: object, _record: object) -> None:
    """A table here is derived: a crash may lose its last rows, and looking never waits for the disk."""
    for setting in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {setting}")  # type: ignore[attr-defined]
