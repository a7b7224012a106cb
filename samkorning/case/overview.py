"""One line a case for lists, its summary for reports and its standing for the page, kept so that a look at all cases
opens only those that have changed.

What belongs here: the table and when a row of it no longer holds. What must not: finding out what a row says (the
steps), or an act that goes by it. The table is derived from the case register and may be deleted: people read it, and
whoever acts looks at the case itself.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

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
    select,
)

from samkorning.case.due import may_be_lost
from samkorning.case.reports.summary import CaseSummary, from_fields

metadata = MetaData()
overview_table = Table(
    "overview_of_cases",
    metadata,
    Column("case_number", String(32), primary_key=True),
    Column("form", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("mac", String(64), nullable=False),
    Column("registers", Text, nullable=False),
    Column("registers_mark", String(64), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("line_text", Text, nullable=False),
    Column("summary_text", Text, nullable=False),
    Column("standing_text", Text, nullable=False),
)
FORM = 2
"""Of what a row says: rows of another form are found out anew."""
TEXTS = ("line_text", "summary_text", "standing_text")


@dataclass(frozen=True)
class CaseLine:
    """One line of the work list: where a case stands, the next act as `case show` has it, whose it is, by when."""

    case: str
    title: str
    state: str
    queue: str
    officer: str
    opened: date
    what: str
    whose: str
    due: date | None
    waits_for: tuple[str, ...]
    """The holders whose files are awaited."""


@dataclass(frozen=True)
class CaseStanding:
    """What the page tells of a case among others. ``digest`` differs whenever its own page should."""

    clocks: tuple[tuple[str, str, str], ...]
    """Day, what is due, and the rule it comes from."""
    awaited: tuple[tuple[str, str, str], ...]
    """The day for which its holder has announced it or nothing, the unit, and the holder."""
    held: int
    stopped_by: str
    digest: str


@dataclass(frozen=True)
class OverviewRow:
    """What was found of a case when its newest event was this one and its registers stood so, and how long it holds."""

    case_number: str
    events: int
    mac: str
    registers: str
    registers_mark: str
    last_day: date
    line_text: str
    summary_text: str
    standing_text: str
    """As they are kept; each is read when it is asked for, since a list of all cases needs one of them."""

    @cached_property
    def line(self) -> CaseLine:
        """Its line of the work list."""
        said = json.loads(self.line_text)
        due = said["due"] and date.fromisoformat(said["due"])
        read = {"opened": date.fromisoformat(said["opened"]), "due": due, "waits_for": tuple(said["waits_for"])}
        return CaseLine(**{**said, **read})

    @cached_property
    def summary(self) -> CaseSummary:
        """What reports need of it."""
        return from_fields(json.loads(self.summary_text))

    @cached_property
    def standing(self) -> CaseStanding:
        """What the page tells of it."""
        said = json.loads(self.standing_text)
        return CaseStanding(**{**said, **{name: tuple(map(tuple, said[name])) for name in ("clocks", "awaited")}})

    def still_holds(self, head: tuple[int, str] | None, registers_mark: str, today: date) -> bool:
        """Whether nothing it depends on has changed."""
        return (self.events, self.mac) == head and self.registers_mark == registers_mark and today <= self.last_day

    def says_as(self, other: "OverviewRow") -> bool:
        """Whether it says the same, whatever day either was found out on."""
        return all(getattr(self, name) == getattr(other, name) for name in TEXTS)


class OverviewTable:
    """The table at a database URL; made where it is missing."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", may_be_lost)
        metadata.create_all(self._engine)

    def rows(self, only: str | None = None) -> dict[str, OverviewRow]:
        """Every row by case number, or that of one case."""
        columns = [column for column in overview_table.c if column.name != "form"]
        wanted = select(*columns).where(overview_table.c.form == FORM)
        wanted = wanted.where(overview_table.c.case_number == only) if only is not None else wanted
        with self._engine.connect() as connection:
            found = connection.execute(wanted).all()
        return {row[0]: OverviewRow(**row._mapping) for row in found}

    def keep(self, rows: Collection[OverviewRow]) -> None:
        """Puts rows in the place of those of the same cases."""
        if not rows:
            return
        with self._engine.begin() as connection:
            numbers = [row.case_number for row in rows]
            for start in range(0, len(numbers), 500):
                some = numbers[start : start + 500]
                connection.execute(delete(overview_table).where(overview_table.c.case_number.in_(some)))
            connection.execute(insert(overview_table), [_fields(row) for row in rows])

    def close(self) -> None:
        """Gives up the connections."""
        self._engine.dispose()


def as_text(part: CaseLine | CaseSummary | CaseStanding) -> str:
    """A part of a row as it is kept."""
    return json.dumps(asdict(part), default=str, ensure_ascii=False)


def _fields(row: OverviewRow) -> dict[str, Any]:
    return {**{each.name: getattr(row, each.name) for each in fields(row)}, "form": FORM}
