"""How each case stood when it was looked at last, kept so that an overview of all cases reads none that rests.

What belongs here: the table. What must not: finding out how a case stands, or showing it. The table is derived from the
case register and may be deleted; nothing is decided by it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
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
from sqlalchemy.engine import Engine

from samkorning.case.due import FoundOut, may_be_lost

metadata = MetaData()
standing_table = Table(
    "standing",
    metadata,
    Column("case_number", String(32), primary_key=True),
    Column("events", Integer, nullable=False),
    Column("registers", Text, nullable=False),
    Column("registers_mark", String(64), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("said", Text, nullable=False),
)


@dataclass(frozen=True)
class Standing(FoundOut):
    """How a case stood; ``said`` is that in names, days and counts, as JSON holds them."""

    said: Mapping[str, Any]


class StandingTable:
    """The table at a database URL; made where it is missing."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", may_be_lost)
        metadata.create_all(self._engine)

    def rows(self) -> dict[str, Standing]:
        """Every row by case number."""
        with self._engine.connect() as connection:
            found = connection.execute(select(standing_table)).all()
        return {row.case_number: Standing(**{**row._mapping, "said": json.loads(row.said)}) for row in found}

    def keep(self, rows: Collection[Standing]) -> None:
        """Puts rows in the place of those of the same cases."""
        if not rows:
            return
        values = [{**row.__dict__, "said": json.dumps(row.said, ensure_ascii=False)} for row in rows]
        with self._engine.begin() as connection:
            for row in rows:
                connection.execute(delete(standing_table).where(standing_table.c.case_number == row.case_number))
            connection.execute(insert(standing_table), values)

    def close(self) -> None:
        """Gives up the connections."""
        self._engine.dispose()
