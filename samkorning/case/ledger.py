"""The ledger (leveranslista): every unit of a case, holder × source × period, and what has become of it.

What belongs here: what is awaited, received, due and delivered, computed from the events. A unit is what is delivered
at once and delivered again when it changes: a source's file, or one year of an own register. What must not: reading
files or registers; their present hashes are arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.holder_releases import what_is_not_covered
from samkorning.case.inputs import (
    Inputs,
    Unit,
    change_is_decided,
    inputs_of,
    is_entry_of,
    is_repeat,
    settled_inputs,
)
from samkorning.case.second_files import waiting_files, what_waits
from samkorning.order.drawn_files import OWN_HOLDER


class UnitStatus(StrEnum):
    """What has become of a unit."""

    AWAITED = "awaited"
    RECEIVED = "received"
    """Lies in quarantine: it came before the decision (R10)."""
    REFUSED = "refused"
    TWO_FILES = "two_files"
    """A second file came before the first was delivered: a person decides which counts (R13)."""
    AWAITS_RELEASE = "awaits_release"
    ACCEPTED = "accepted"
    LATE = "late"
    """Accepted after the first delivery: it leaves in a supplement."""
    DELIVERED = "delivered"
    CHANGED = "changed"
    """Delivered, and its inputs are others since: it waits for a person, who replaces it or lets it stand."""
    REPLACEMENT = "replacement"
    """Delivered, changed since, and to be delivered again by a person's act or by what was decided before."""
    WITHDRAWN = "withdrawn"
    DISPOSED = "disposed"
    """Delivered, its received file disposed of: what would make it due again cannot be linked any more."""


IN_PLACE = (UnitStatus.ACCEPTED, UnitStatus.LATE, UnitStatus.REPLACEMENT)
"""Has not left as it now is, and may."""
NOT_IN_PLACE = (UnitStatus.AWAITED, UnitStatus.RECEIVED, UnitStatus.REFUSED)
"""Nothing of it can be linked yet."""
WAITING = (*NOT_IN_PLACE, UnitStatus.TWO_FILES, UnitStatus.AWAITS_RELEASE)
"""Nothing of it leaves before somebody else has done something."""


@dataclass(frozen=True)
class LedgerRow:
    """One unit of the case: whose it is, where it stands, and the deliveries it went out in."""

    unit: Unit
    holder: str
    status: UnitStatus
    input_sha256: str | None
    deliveries: tuple[str, ...]
    why: str = ""
    """What its holder's release does not cover, where it awaits one; what differs, where a register year changed; of
    which files a person has to choose."""
    goes_again: bool = False
    """Delivered as it is, and sent once more with a repeat that holds everything."""

    @property
    def is_due(self) -> bool:
        """Whether it is in place, may leave and has not left as it now is."""
        return self.goes_again or self.status in IN_PLACE

    @property
    def is_open(self) -> bool:
        """Whether it is due, or has changed and nobody has decided what becomes of it."""
        return self.is_due or self.status is UnitStatus.CHANGED


def ledger(case: Case, own_register_hashes: Mapping[Unit, str], today: date) -> list[LedgerRow]:
    """The ledger as it stands.

    :param own_register_hashes: present content hash of each register year in the register store.
    :param today: decides whether the code key is still kept, which repeat deliveries need (R18).
    """
    rows = [_row(case, unit, holder, content, today) for unit, holder, content in _received_units(case)]
    own = _own_units(case, own_register_hashes, today)
    return rows + [_row(case, unit, OWN_HOLDER, content, today) for unit, content in own]


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
    return gone > max((event.number for event in case.received_files(source)), default=0)


def _received_units(case: Case) -> list[tuple[Unit, str, str | None]]:
    sources = case.specification.all_sources
    return [(Unit(source.name), source.holder, case.received_sha256(source.name)) for source in sources]


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


def years_without_key(case: Case, hashes: Mapping[Unit, str], today: date) -> list[Unit]:
    """R18: the new years that were ordered as repeats, are there, and are not due only because no code key is kept."""
    if not case.of(EventKind.DELIVERED) or may_repeat(case, today):
        return []
    return [
        Unit(own.name, year)
        for own in case.specification.own_registers
        for year in range(own.to_year + 1, (own.repeats_until or own.to_year) + 1)
        if Unit(own.name, year) in hashes
    ]


def may_repeat(case: Case, today: date) -> bool:
    """R18: repeat deliveries need a kept code key, and follow a first delivery."""
    kept_until = case.kept_until()
    return kept_until is not None and today <= kept_until and bool(case.of(EventKind.DELIVERED))


def _row(case: Case, unit: Unit, holder: str, content: str | None, today: date) -> LedgerRow:
    inputs = inputs_of(case, unit, content) if content else None
    deliveries = tuple(
        event.detail["delivery"]
        for event in case.of(EventKind.DELIVERED)
        if any(is_entry_of(entry, unit) for entry in event.detail["units"])
    )
    status, why = _status(case, unit, inputs, bool(deliveries)), ""
    if status in IN_PLACE:
        why = _not_covered(case, unit, today)
    status = UnitStatus.AWAITS_RELEASE if why else status
    if status is UnitStatus.TWO_FILES:
        why = what_waits(case, unit.source)
    return LedgerRow(unit, holder, status, inputs.sha256() if inputs else None, deliveries, why)


def _status(case: Case, unit: Unit, inputs: Inputs | None, delivered: bool) -> UnitStatus:
    """Where a unit stands, but for its holder's release."""
    if unit.source in case.withdrawn_sources:
        return UnitStatus.WITHDRAWN
    if inputs is None:
        return _what_came(case, unit)
    if waiting_files(case, unit.source):
        return UnitStatus.TWO_FILES
    if inputs.sha256() in settled_inputs(case, unit):
        return UnitStatus.DELIVERED
    if material_is_disposed(case, unit.source):
        return UnitStatus.DISPOSED
    if not delivered:
        is_late = bool(case.of(EventKind.DELIVERED)) and not is_repeat(case, unit)
        return UnitStatus.LATE if is_late else UnitStatus.ACCEPTED
    return UnitStatus.REPLACEMENT if change_is_decided(case, unit, inputs) else UnitStatus.CHANGED


def _what_came(case: Case, unit: Unit) -> UnitStatus:
    """Where a unit stands of which nothing was accepted."""
    if any(event.detail["source"] == unit.source for event in case.held_files()):
        return UnitStatus.RECEIVED
    refused = any(event.detail["source"] == unit.source for event in case.of(EventKind.FILE_REFUSED))
    return UnitStatus.REFUSED if refused else UnitStatus.AWAITED


def _not_covered(case: Case, unit: Unit, today: date) -> str:
    """What the holder's release does not cover of a unit that would leave (R04); own registers need none."""
    source = case.specification.source(unit.source)
    return (what_is_not_covered(case, source, today) or "") if source is not None else ""
