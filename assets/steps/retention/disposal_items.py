"""What a case has that will go: every store, sealed delivery and refused file, each with its clock.

What belongs here: finding them in vault, outbox and inbox, and which clock each follows. What must not: the clocks
themselves (samkorning.retention), or destroying anything (disposing).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from assets.steps import stores
from assets.steps.case_view import ledger_rows
from assets.steps.delivery.passphrases import PREFIX as PASSPHRASE
from assets.steps.intake.passwords import store_name
from resources.desk import Desk
from resources.home import REFUSED
from samkorning.case import Case, EventKind
from samkorning.case.hand_overs import STORE, hand_overs, has_ended
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow
from samkorning.case.plan import file_name
from samkorning.delivery.package.names import SEALED_ENDINGS
from samkorning.durable import PARTIAL_ENDING
from samkorning.keystore import RetentionClass
from samkorning.retention import (
    DisposalClock,
    code_key_clock,
    delivery_clock,
    held_file_clock,
    refused_file_clock,
    temporary_file_clock,
    transit_clock,
    unit_clock,
)


@dataclass(frozen=True)
class StoreItem:
    """A store; ``held`` is the event by which a file waits in it, if one does."""

    name: str
    retention_class: RetentionClass
    clock: DisposalClock
    held: int | None = None


@dataclass(frozen=True)
class FileItem:
    """A file outside the vault: ``name`` is its place below the working home."""

    name: str
    path: Path
    clock: DisposalClock


Item = StoreItem | FileItem


def items(desk: Desk, case: Case) -> list[Item]:
    """Everything of a case that will go, in order of name within its kind."""
    code_key = _code_key(desk, case)
    recorded = [*_sealed_deliveries(desk, case, code_key), *_transit_files(desk, case, code_key)]
    outside = [*recorded, *_refused_files(desk, case)]
    return [*store_items(desk, case), *outside]


def recorded_items(desk: Desk, case: Case) -> list[Item]:
    """Those of them whose clock follows from the events of the case: all but files that were refused or broken off."""
    code_key = _code_key(desk, case)
    sealed = _sealed_deliveries(desk, case, code_key)
    whole = (item for item in sealed if not item.name.endswith(PARTIAL_ENDING))
    return [*store_items(desk, case), *whole, *_transit_files(desk, case, code_key)]


def store_items(desk: Desk, case: Case) -> list[StoreItem]:
    """The stores of a case with their clocks."""
    rows = ledger_rows(desk, case)
    code_key = code_key_clock(case, rows)
    held = {f"held.{event.detail['source']}.{event.detail['sha256'][:16]}": event for event in case.held_files()}
    material = _material_clocks(case, rows, code_key)
    transit = _transit_clocks(case, code_key)
    found = [
        StoreItem(name, stores.CODE_KEY, transit(name) if name.startswith(STORE) else code_key)
        for name in desk.vault.stores(case.number, stores.CODE_KEY)
    ]
    for name in desk.vault.stores(case.number, stores.MATERIAL):
        if name in held:
            clock = held_file_clock(case, held[name])
            found.append(StoreItem(name, stores.MATERIAL, clock, held[name].number))
        else:
            found.append(StoreItem(name, stores.MATERIAL, material.get(name, code_key)))
    return found


def _material_clocks(case: Case, rows: Sequence[LedgerRow], code_key: DisposalClock) -> dict[str, DisposalClock]:
    """The clock of each store of material: those of its unit, and for a delivered file the last of its units'."""
    units = {row.unit for row in rows} | {Unit(entry["source"], entry["period"]) for entry in case.delivered_units()}
    clocks: dict[str, DisposalClock] = {}
    for unit in sorted(units, key=lambda unit: (unit.source, unit.period or 0)):
        clock = unit_clock(case, unit, rows, code_key)
        contents = f"contents.{file_name(case.number, unit.source)}"
        clocks[stores.linked_name(unit)] = clock
        clocks[contents] = _later(clocks.get(contents, clock), clock)
        if unit.period is None:
            clocks[f"received.{unit.source}"] = clocks[store_name(unit.source)] = clock
    for event in case.of(EventKind.DELIVERED):
        clocks[PASSPHRASE + event.detail["delivery"]] = delivery_clock(case, event.detail["delivery"], code_key)
    return clocks


def _later(one: DisposalClock, other: DisposalClock) -> DisposalClock:
    if one.first_day is None or other.first_day is None:
        return one if one.first_day is None else other
    return one if one.first_day >= other.first_day else other


def _code_key(desk: Desk, case: Case) -> DisposalClock:
    return code_key_clock(case, ledger_rows(desk, case))


def _sealed_deliveries(desk: Desk, case: Case, code_key: DisposalClock) -> Iterator[FileItem]:
    """Sealed files in the outbox, and unfinished ones; their receipts stay."""
    outbox = desk.home.outbox(case.number)
    for path in sorted(path for ending in SEALED_ENDINGS for path in outbox.glob(f"L*/*{ending}")):
        yield FileItem(_place(desk, path), path, delivery_clock(case, path.parent.name, code_key))

    for path in sorted(desk.home.outbox(case.number).glob(f"*/*{PARTIAL_ENDING}")):
        yield FileItem(_place(desk, path), path, temporary_file_clock(_entered(path)))


def _transit_clocks(case: Case, code_key: DisposalClock) -> Callable[[str], DisposalClock]:
    """The clock of each store of transit identifiers."""
    last_days = {each.store: each.until for each in hand_overs(case) if not has_ended(case, each)}
    known_on = case.events[-1].at.date()
    return lambda name: transit_clock(last_days.get(name), code_key, known_on)


def _transit_files(desk: Desk, case: Case, code_key: DisposalClock) -> Iterator[FileItem]:
    """Sealed transit files; receipts stay."""
    last_days = {each.name: each.until for each in hand_overs(case) if not has_ended(case, each)}
    made = {e.detail["path"]: last_days.get(e.detail["hand_over"]) for e in case.of(EventKind.TRANSIT_MADE)}
    for path in sorted(desk.home.transit(case.number).glob("*.age")):
        yield FileItem(_place(desk, path), path, transit_clock(made.get(_place(desk, path)), code_key, _entered(path)))


def _refused_files(desk: Desk, case: Case) -> Iterator[FileItem]:
    """Files set aside in the inbox."""
    for path in sorted((desk.home.root / "inbox" / case.number).glob(f"*/{REFUSED}/*")):
        yield FileItem(_place(desk, path), path, refused_file_clock(_entered(path)))


def _entered(path: Path) -> date:
    """The day on which a file came to lie where it does, by the last change of its entry."""
    return datetime.fromtimestamp(path.stat().st_ctime, UTC).date()


def _place(desk: Desk, path: Path) -> str:
    return str(path.relative_to(desk.home.root))
