"""The ledger (leveranslista): every unit of a case, holder × source × period, and what has become of it.

What belongs here: what is awaited, received, due and delivered, computed from the events. A unit is what is delivered
at once and delivered again when it changes: a source's file, or one year of an own register. What must not: reading
files or registers; their present hashes are arguments.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samkorning.case.events import Case, Event, EventKind

OWN_HOLDER = "own register"


class UnitStatus(StrEnum):
    """What has become of a unit."""

    AWAITED = "awaited"
    REFUSED = "refused"
    AWAITS_RELEASE = "awaits_release"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    DISPOSED = "disposed"
    """Delivered, its received file disposed of: what would make it due again cannot be linked any more."""


@dataclass(frozen=True, order=True)
class Unit:
    """A source, and for own registers the year."""

    source: str
    period: int | None = None


@dataclass(frozen=True)
class LedgerRow:
    """One unit of the case: whose it is, where it stands, and the deliveries it went out in."""

    unit: Unit
    holder: str
    status: UnitStatus
    input_sha256: str | None
    deliveries: tuple[str, ...]

    @property
    def is_due(self) -> bool:
        """Whether it is in place and has not left as it now is."""
        return self.status in (UnitStatus.ACCEPTED, UnitStatus.CHANGED)


def ledger(case: Case, own_register_hashes: Mapping[Unit, str], today: date) -> list[LedgerRow]:
    """The ledger as it stands.

    :param own_register_hashes: present content hash of each register year in the register store.
    :param today: decides whether the code key is still kept, which repeat deliveries need (R18).
    """
    common = _common_inputs(case)
    rows = [_row(case, unit, holder, content, common) for unit, holder, content in _received_units(case)]
    own = _own_units(case, own_register_hashes, today)
    return rows + [_row(case, unit, OWN_HOLDER, content, common) for unit, content in own]


def input_sha256(parts: list[str]) -> str:
    """Hash of everything that a unit is made from."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def received_sha256(case: Case, source: str) -> str | None:
    """Hash of the file that counts for a source: the newest one received."""
    event = last_received(case, source)
    return event.detail["sha256"] if event else None


def last_received(case: Case, source: str) -> Event | None:
    """The event of the file that counts for a source."""
    came = (event for event in reversed(case.of(EventKind.FILE_RECEIVED)) if event.detail["source"] == source)
    return next(came, None)


def material_is_disposed(case: Case, source: str) -> bool:
    """Whether the newest file received from a source is disposed of (R16)."""
    gone = 0
    for event in case.of(EventKind.DISPOSED):
        if any(store["store"] == f"received.{source}" for store in event.detail["stores"]):
            gone = event.number
    came = (event.number for event in case.of(EventKind.FILE_RECEIVED) if event.detail["source"] == source)
    return gone > max(came, default=0)


def _common_inputs(case: Case) -> list[str]:
    """The population and the number history decide on every unit: a new one makes all of them due."""
    return [received_sha256(case, "population") or "", received_sha256(case, "number_history") or ""]


def _received_units(case: Case) -> list[tuple[Unit, str, str | None]]:
    return [
        (Unit(source.name), source.holder, received_sha256(case, source.name)) for source in case.specification.sources
    ]


def _own_units(case: Case, hashes: Mapping[Unit, str], today: date) -> list[tuple[Unit, str | None]]:
    """Register years of the period, and years after it once they exist and a decision keeps the code key."""
    units: list[tuple[Unit, str | None]] = []
    for own in case.specification.own_registers:
        repeats = range(own.to_year + 1, (own.repeats_until or own.to_year) + 1)
        units += [
            (Unit(own.name, year), hashes.get(Unit(own.name, year))) for year in range(own.from_year, own.to_year + 1)
        ]
        units += [
            (Unit(own.name, year), hashes[Unit(own.name, year)])
            for year in repeats
            if Unit(own.name, year) in hashes and may_repeat(case, today)
        ]
    return units


def may_repeat(case: Case, today: date) -> bool:
    """R18: repeat deliveries need a kept code key, and follow a first delivery."""
    kept_until = case.kept_until()
    return kept_until is not None and today <= kept_until and bool(case.of(EventKind.DELIVERED))


def _row(case: Case, unit: Unit, holder: str, content: str | None, common: list[str]) -> LedgerRow:
    present = input_sha256([content, *common, _agreed(case, unit)]) if content else None
    deliveries = tuple(
        event.detail["delivery"]
        for event in case.of(EventKind.DELIVERED)
        if any(_is(entry, unit) for entry in event.detail["units"])
    )
    status = _status(case, unit, holder, present, bool(deliveries))
    return LedgerRow(unit, holder, status, present, deliveries)


def _status(case: Case, unit: Unit, holder: str, present: str | None, delivered: bool) -> UnitStatus:
    if unit.source in case.withdrawn_sources:
        return UnitStatus.WITHDRAWN
    if present is None:
        refused = any(event.detail["source"] == unit.source for event in case.of(EventKind.FILE_REFUSED))
        return UnitStatus.REFUSED if refused else UnitStatus.AWAITED
    if present == _accounted_for(case, unit):
        return UnitStatus.DELIVERED
    if material_is_disposed(case, unit.source):
        return UnitStatus.DISPOSED
    if holder != OWN_HOLDER and holder not in case.released_holders():
        return UnitStatus.AWAITS_RELEASE
    return UnitStatus.CHANGED if delivered else UnitStatus.ACCEPTED


def _accounted_for(case: Case, unit: Unit) -> str | None:
    """The inputs of the unit when it was last delivered, or found to give the same content again."""
    for event in reversed(case.of(EventKind.DELIVERED, EventKind.FOUND_UNCHANGED)):
        for entry in event.detail["units"]:
            if _is(entry, unit):
                return str(entry["input_sha256"])
    return None


def _agreed(case: Case, unit: Unit) -> str:
    """What the specification says of the unit's source, except how far repeats go."""
    source = case.specification.source(unit.source)
    if source is not None:
        return source.model_dump_json(exclude_defaults=True)
    own = next(own for own in case.specification.own_registers if own.name == unit.source)
    return own.model_dump_json(exclude_defaults=True, exclude={"from_year", "to_year", "repeats_until"})


def _is(entry: Mapping[str, object], unit: Unit) -> bool:
    return (entry["source"], entry["period"]) == (unit.source, unit.period)
