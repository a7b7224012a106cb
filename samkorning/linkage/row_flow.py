"""Row flow (radflöde): how many rows came, linked and were dropped, why, and how many persons were behind them.

What belongs here: the counts and the sums they must keep. What must not: row numbers or values.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LINKED = "linked"
UNKNOWN_PERSON = "unknown_person"
NOT_IN_POPULATION, NOT_IN_EVENT_GROUP = "not_in_population", "not_in_event_group"


@dataclass(frozen=True)
class LostPersons:
    """The persons behind dropped rows, in all and by reason; one who was dropped for two reasons is one in all.

    A reason whose rows have no readable number has no persons here: these are counted as rows alone.
    """

    in_all: int = 0
    by_reason: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RowFlow:
    """The rows of one source: those that came, that linked, and that were dropped by reason.

    ``blanks`` counts, per further identifier column, the linked rows that have no serial number there, by reason.
    ``readings`` counts, per identifier column, the numbers whose century was a guess (``guessed_century``) or that were
    repaired, by repair. ``duplicates`` counts linked rows that are equal to one before; they are delivered and only
    told about. They are counted when the rows are in order, for a delivery. ``lost`` are the persons behind dropped
    rows; nothing where they were not counted: in register years, which hold the whole country, and in linkages of
    before they were.
    """

    source: str
    rows_in: int
    linked: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    blanks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    duplicates: int = 0
    readings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    persons: int | None = None
    persons_without_rows: int | None = None
    lost: LostPersons | None = None

    @property
    def unexplained(self) -> int:
        """Rows that were neither linked nor dropped for a named reason; 0 in a row flow that adds up."""
        return self.rows_in - self.linked - sum(self.dropped.values())

    @property
    def dropped_without_number(self) -> int | None:
        """Dropped rows whose number cannot be read, so that nobody knows whom they are about; as ``lost``."""
        if self.lost is None:
            return None
        return sum(rows for reason, rows in self.dropped.items() if reason not in self.lost.by_reason)

    @property
    def linked_share(self) -> float:
        """Share of rows that linked; 1 for a file without rows."""
        return self.linked / self.rows_in if self.rows_in else 1.0

    def facts(self) -> dict[str, int | str]:
        """The flow as flat counts, for a manifest."""
        flat: dict[str, int | str] = {
            "source": self.source,
            "rows_in": self.rows_in,
            "linked": self.linked,
        }
        flat |= {f"dropped.{reason}": rows for reason, rows in sorted(self.dropped.items())}
        if self.lost is not None:
            flat["lost"] = self.lost.in_all
            flat |= {f"lost.{reason}": persons for reason, persons in sorted(self.lost.by_reason.items())}
        for kind, columns in (("blank", self.blanks), ("reading", self.readings)):
            for column, counts in sorted(columns.items()):
                flat |= {f"{kind}.{column}.{name}": rows for name, rows in sorted(counts.items())}
        return flat

    @classmethod
    def of_all(cls, flows: Sequence["RowFlow"]) -> "RowFlow":
        """The flow of a source whose rows came through in some parts, at least one: every count of rows added up.

        Persons do not add up: one may have rows in several parts.
        """
        dropped = _added(flow.dropped for flow in flows)
        columns = [
            {
                name: _added(each.get(name, {}) for each in kind)
                for name in sorted({name for each in kind for name in each})
            }
            for kind in ([flow.blanks for flow in flows], [flow.readings for flow in flows])
        ]
        rows, linked = sum(flow.rows_in for flow in flows), sum(flow.linked for flow in flows)
        return cls(flows[0].source, rows, linked, dropped, columns[0], readings=columns[1])

    @classmethod
    def from_facts(cls, facts: Mapping[str, int | str]) -> "RowFlow":
        """The flow that a manifest states."""
        by_reason: dict[str, dict[str, int]] = {"dropped": {}, "lost": {}}
        columns: dict[str, dict[str, dict[str, int]]] = {"blank": {}, "reading": {}}
        for name, value in facts.items():
            kind, _, rest = name.partition(".")
            if kind in by_reason and rest:
                by_reason[kind][rest] = int(value)
            elif kind in columns:
                column, counted = rest.rsplit(".", 1)
                columns[kind].setdefault(column, {})[counted] = int(value)
        flow = (str(facts["source"]), int(facts["rows_in"]), int(facts["linked"]), by_reason["dropped"])
        lost = LostPersons(int(facts["lost"]), by_reason["lost"]) if "lost" in facts else None
        return cls(*flow, columns["blank"], readings=columns["reading"], lost=lost)


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    every: Counter[str] = Counter()
    for each in counts:
        every.update(each)
    return dict(sorted(every.items()))
