"""Keyword factories: a valid order, and a case in any state, with defaults for all that a test does not speak of.

What belongs here: making things for tests. What must not: expectations.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from resources.catalogue import CatalogueFolder
from samkorning.case import Case, Event, EventKind
from samkorning.case.act import Act
from samkorning.case.holder_releases import asked_of
from samkorning.order import Order, read_order
from samkorning.order.fingerprint import fingerprint
from samkorning.own_registers.program import program_sha256

PROJECT = Path(__file__).resolve().parent.parent
SAMPLE = PROJECT / "data" / "sample"
SAMPLE_ORDER = (SAMPLE / "order.yaml").read_text(encoding="utf-8")
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

CATALOGUE = CatalogueFolder(PROJECT / "data" / "registers", PROJECT / "data" / "registers" / "none")

Step = tuple[EventKind, str, Mapping[str, Any]]


def an_order(*changes: tuple[str, str]) -> str:
    """The sample order's text, with each (old, new) replaced; the old text must be there."""
    text = SAMPLE_ORDER
    for old, new in changes:
        assert old in text, f"the sample order has no {old!r}"
        text = text.replace(old, new, 1)
    return text


def read(*changes: tuple[str, str]) -> Order:
    """The sample order with changes, read."""
    return order_of(an_order(*changes))


@cache
def order_of(text: str) -> Order:
    """An order's text, read once: a case of one has many events that are bound to it."""
    return read_order(text, "order.yaml")


@cache
def _program_of(order: str) -> str:
    return program_sha256(order_of(order).specification, CATALOGUE)


def on(day: int, act: Act, person: str = "Olle") -> Event:
    """An act as an event so many days after the case was opened; a case numbers it."""
    return Event(0, act.kind, AT + timedelta(days=day), person, act.detail)


def then(case: Case, *later: Event) -> Case:
    """A case with these events behind what it has."""
    events = list(case.events)
    for event in later:
        events.append(replace(event, number=len(events) + 1))
    return Case(case.number, tuple(events))


def a_case(*steps: Step, order: str = SAMPLE_ORDER, number: str = "36759-2021") -> Case:
    """A case opened by Erik, with these events behind it."""
    opened: Step = (EventKind.OPENED, "Erik", {"order": order, "file": "order.yaml", "sha256": "0"})
    events = [Event(n, kind, AT, person, detail) for n, (kind, person, detail) in enumerate([opened, *steps], start=1)]
    return Case(number, tuple(events))


def approved(order: str = SAMPLE_ORDER) -> list[Step]:
    """The events from the orderer's approval to the approved decision."""
    said = order_of(order)
    covered = {"recipient": fingerprint(said.recipient.sealed_for)}
    return [
        (EventKind.SPECIFICATION_APPROVED, "Olle", {"specification_sha256": said.specification.sha256}),
        (EventKind.DECISION_ENDORSED, "Olle", {"role": "case_officer", **covered}),
        (EventKind.DECISION_ENDORSED, "Mia", {"role": "manager", **covered}),
        (EventKind.DECISION_ENDORSED, "Lisa", {"role": "lawyer", **covered}),
    ]


def reviewed(order: str = SAMPLE_ORDER) -> Step:
    """A code review of the program as the order gives it."""
    specification = order_of(order).specification
    bound = {"specification_sha256": specification.sha256, "program_sha256": _program_of(order)}
    return EventKind.CODE_REVIEWED, "Rut", bound


def released(order: str = SAMPLE_ORDER, *, standing: bool = False) -> Step:
    """The release of the next delivery, or of all."""
    specification = order_of(order).specification
    return EventKind.DELIVERY_RELEASED, "Olle", {"standing": standing, "specification_sha256": specification.sha256}


def received(source: str, sha256: str = "a" * 64) -> Step:
    """A file of a source that was taken in."""
    return EventKind.FILE_RECEIVED, "Erik", {"source": source, "file": f"{source}.csv", "sha256": sha256, "rows": 1}


def holder_released(holder: str, order: str = SAMPLE_ORDER) -> Step:
    """A register holder's release decision, for what the order asks of it."""
    return EventKind.HOLDER_RELEASED, "Olle", {"holder": holder, **asked_of(a_case(order=order), holder)}


def delivered(number: str = "L001", *units: Mapping[str, Any]) -> Step:
    """A delivery with these units."""
    detail = {"delivery": number, "kind": "first", "units": list(units), "files": [], "persons_in_code_key": 1}
    return EventKind.DELIVERED, "samkorning", detail


def a_unit(
    source: str, period: int | None = None, input_sha256: str = "i", content_digest: str = "c"
) -> dict[str, Any]:
    """A unit as a delivery's ledger entry holds it."""
    return {
        "source": source,
        "period": period,
        "input_sha256": input_sha256,
        "content_digest": content_digest,
        "rows": 1,
    }
