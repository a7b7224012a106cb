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
    events = (event for event in case.of(*OUTCOMES) if event.detail["source"] == unit.source)
    return [_came_in(case, event) for event in events]


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
