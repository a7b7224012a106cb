"""What lists, reports and the page say of a case: a row of its derived table.

What belongs here: the line, the summary and the standing that a row holds. What must not: the table (derived), or
finding out what a row says (the steps).
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from samkorning.case.derived import Derived
from samkorning.case.reports.summary import CaseSummary, from_fields

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
    letters_not_sent: tuple[str, ...] = ()
    """The letters that should have gone by themselves."""


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
class OverviewRow(Derived):
    """What was found of a case."""

    FORM: ClassVar[int] = 4
    """Counts up with what a row says."""

    line_text: str
    summary_text: str
    standing_text: str
    """As they are kept; each is read when it is asked for, since a list of all cases needs one of them."""

    @cached_property
    def line(self) -> CaseLine:
        """Its line of the work list."""
        said = json.loads(self.line_text)
        due = said["due"] and date.fromisoformat(said["due"])
        read = {"opened": date.fromisoformat(said["opened"]), "due": due}
        listed = {name: tuple(said[name]) for name in ("waits_for", "letters_not_sent")}
        return CaseLine(**{**said, **read, **listed})

    @cached_property
    def summary(self) -> CaseSummary:
        """What reports need of it."""
        return from_fields(json.loads(self.summary_text))

    @cached_property
    def standing(self) -> CaseStanding:
        """What the page tells of it."""
        said = json.loads(self.standing_text)
        return CaseStanding(**{**said, **{name: tuple(map(tuple, said[name])) for name in ("clocks", "awaited")}})

    def says_as(self, other: "OverviewRow") -> bool:
        """Whether it says the same, whatever day either was found out on."""
        return all(getattr(self, name) == getattr(other, name) for name in TEXTS)


def as_text(part: CaseLine | CaseSummary | CaseStanding) -> str:
    """A part of a row as it is kept."""
    return json.dumps(asdict(part), default=str, ensure_ascii=False)
