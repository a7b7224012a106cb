"""Row flow (radflöde): how many rows came, linked and were dropped, and why.

What belongs here: the counts and the sums they must keep. What must not: row numbers or values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

LINKED = "linked"
UNKNOWN_PERSON = "unknown_person"


@dataclass(frozen=True)
class RowFlow:
    """The rows of one source: those that came, that linked, and that were dropped by reason.

    ``blanks`` counts, per further identifier column, the linked rows that have no serial number there, by reason.
    ``duplicates`` counts linked rows that are equal to another one; they are delivered and only told about.
    """

    source: str
    rows_in: int
    linked: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    blanks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    duplicates: int = 0

    @property
    def unexplained(self) -> int:
        """Rows that were neither linked nor dropped for a named reason; 0 in a row flow that adds up."""
        return self.rows_in - self.linked - sum(self.dropped.values())

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
            "duplicates": self.duplicates,
        }
        flat |= {f"dropped.{reason}": rows for reason, rows in sorted(self.dropped.items())}
        for column, reasons in sorted(self.blanks.items()):
            flat |= {f"blank.{column}.{reason}": rows for reason, rows in sorted(reasons.items())}
        return flat

    @classmethod
    def from_facts(cls, facts: Mapping[str, int | str]) -> "RowFlow":
        """The flow that a manifest tells of."""
        dropped: dict[str, int] = {}
        blanks: dict[str, dict[str, int]] = {}
        for name, value in facts.items():
            if name.startswith("dropped."):
                dropped[name.removeprefix("dropped.")] = int(value)
            elif name.startswith("blank."):
                column, reason = name.removeprefix("blank.").rsplit(".", 1)
                blanks.setdefault(column, {})[reason] = int(value)
        rows_in, linked, duplicates = (int(facts[name]) for name in ("rows_in", "linked", "duplicates"))
        return cls(str(facts["source"]), rows_in, linked, dropped, blanks, duplicates)
