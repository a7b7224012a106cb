"""What the ledger tells of one unit beside where it stands: its files as they came, and its deliveries as they hold.

What belongs here: reading it from the events, for whoever looks at a case. What must not: where the unit stands
(ledger), which is asked of many cases at once.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.inputs import Unit, is_entry_of
from samkorning.order.models import FOLDER

DOCUMENTED, LOST = "documented", "lost"
"""What a delivery's event remembers of its documents; the persons whom sources lost, as these told."""
OUTCOMES = {
    EventKind.FILE_RECEIVED: "accepted",
    EventKind.FILE_REFUSED: "refused",
    EventKind.FILE_QUARANTINED: "received",
}


@dataclass(frozen=True)
class CameIn:
    """One file of a source: when it came, by whom it was taken in, its SHA-256, what became of it, and its rows."""

    on: date
    person: str
    sha256: str
    outcome: str
    rows: int | None
    refused_rows: int | None
    announced_rows: int | None


@dataclass(frozen=True)
class WentOut:
    """One delivery of a unit: ``delivered``, or ``replaced`` by a later one; ``inputs`` and ``content`` are digests."""

    delivery: str
    kind: str
    on: date
    state: str
    replaced_by: str | None
    rows: int
    persons: int | None
    inputs: str
    content: str


def files_of(case: Case, unit: Unit) -> list[CameIn]:
    """Every file that has come for a source, oldest first; none for an own register."""
    once = (each for each in case.of(*OUTCOMES) if each.kind is not EventKind.FILE_QUARANTINED or is_new(each))
    events = (event for event in once if event.detail["source"] == unit.source)
    return [_came_in(case, event) for event in events]


def is_new(held: Event) -> bool:
    """Whether a held file came then; else it was held before, and waits for something else since."""
    return "quarantined" not in held.detail


@dataclass(frozen=True)
class Counting:
    """The file that counts for a source: its rows and day, and of another that it took the place of."""

    on: date
    rows: int | None
    before_on: date | None
    before_rows: int | None

    def __str__(self) -> str:
        before = f", in place of {_rows(self.before_rows)} of {self.before_on}" if self.before_on else ""
        return f"{_rows(self.rows)} of {self.on}{before}"


def what_counts(case: Case, unit: Unit) -> Counting | None:
    """The file that counts for a source; none where none has come, and for an own register."""
    files = case.received_files(unit.source)
    if not files:
        return None
    others = [event for event in files if event.detail["sha256"] != files[-1].detail["sha256"]]
    before = others[-1] if others else None
    return Counting(
        files[-1].at.date(),
        files[-1].detail.get("rows"),
        before.at.date() if before else None,
        before.detail.get("rows") if before else None,
    )


def _rows(count: int | None) -> str:
    return f"{count} rows" if count is not None else "rows not counted"


def deliveries_of(case: Case, unit: Unit) -> list[WentOut]:
    """Every delivery that a unit was in, oldest first."""
    found = [
        (event, entry)
        for event in case.of(EventKind.DELIVERED)
        for entry in event.detail["units"]
        if is_entry_of(entry, unit)
    ]
    following = [*(event.detail["delivery"] for event, _ in found[1:]), None]
    return [_went_out(event, entry, later) for (event, entry), later in zip(found, following, strict=False)]


def _came_in(case: Case, event: Event) -> CameIn:
    detail = event.detail
    outcome = OUTCOMES[event.kind]
    return CameIn(
        event.at.date(),
        event.person,
        str(detail["sha256"]),
        outcome,
        detail.get("rows"),
        detail.get("refused_rows"),
        detail.get("announced_rows"),
    )


def _went_out(event: Event, entry: dict[str, Any], later: str | None) -> WentOut:
    return WentOut(
        str(event.detail["delivery"]),
        str(event.detail["kind"]),
        event.at.date(),
        "replaced" if later else "delivered",
        later,
        int(entry["rows"]),
        entry.get("persons"),
        str(entry["input_sha256"]),
        str(entry["content_digest"]),
    )


def not_handed_over(case: Case) -> list[str]:
    """The deliveries that are to be handed over and are not yet; those that were disposed of are not any more."""
    if case.order.recipient.deliver_to == FOLDER:
        return []
    done = {event.detail["delivery"] for event in case.of(EventKind.HANDED_OVER)}
    gone = {file["path"] for event in case.of(EventKind.DISPOSED) for file in event.detail["files"]}
    return [
        event.detail["delivery"]
        for event in case.of(EventKind.DELIVERED)
        if event.detail["delivery"] not in done and event.detail["path"] not in gone
    ]
