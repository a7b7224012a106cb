"""What is made from what: how far a case's stores and the own registers have come, when a unit is linked or delivered.

What belongs here: finding that out. What must not: how it is remembered (samkorning.case.made_from), or making anything
again (delivery.rebuilding).
"""

from collections.abc import Iterable
from typing import Any

from assets.steps import stores
from assets.steps.case_view import program_of
from assets.steps.persons.register_frames import register_that
from assets.steps.persons.study import registers_read
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.case.made_from import MADE_FROM, MadeFrom, Standing
from samkorning.case.plan import PlannedFile
from samkorning.delivery import DeliveryDescription, SealedPackage
from samkorning.order import OwnRegister
from samkorning.own_registers.catalogue import Holds
from samkorning.program_hash import program_hash


def standing(desk: Desk, case: Case, registers: Iterable[str]) -> Standing:
    """How far the stores have come that the case is made from, and all years of some registers."""
    return Standing(_generations(desk, case), desk.registers.numbers(set(registers)))


def registers_of_events(desk: Desk, case: Case, own: OwnRegister | None) -> set[str]:
    """The registers that the event group of an extract is found in; none where it takes all rows of its persons.

    Its own year needs no mention: the hash of its inputs has its content.
    """
    if own is None or own.events is None:
        return set()
    population = (register_that(desk, holds) for holds in (Holds.PERSONS, Holds.RESIDENCE))
    return {name.lower() for name in [*registers_read(case), *(each.name for each in population if each)]}


def extract_of(case: Case, unit: Unit) -> OwnRegister | None:
    """The extract from an own register that a unit is a year of; nothing for a source."""
    return next((own for own in case.specification.own_registers if own.name == unit.source), None)


def delivery_made_from(
    desk: Desk, case: Case, files: Iterable[PlannedFile], description: DeliveryDescription, package: SealedPackage
) -> MadeFrom:
    """What a sealed delivery was made from."""
    owns = case.specification.own_registers
    now = standing(
        desk, case, {own.name for own in owns}.union(*(registers_of_events(desk, case, own) for own in owns))
    )
    units = {str(unit.unit): _of_unit(desk, case, unit.unit, now) for file in files for unit in file.units}
    return MadeFrom(
        events=len(case.events),
        day=description.date.isoformat(),
        program=program_hash(),
        extraction=program_of(desk, case),
        stores=now.stores,
        registers=now.registers,
        units={name: found for name, found in units.items() if found},
        documents={document.name: document.sha256 for document in package.manifest.documents},
        manifest=package.receipt.manifest_sha256,
    )


def _of_unit(desk: Desk, case: Case, unit: Unit, now: Standing) -> dict[str, Any]:
    """What was otherwise when a unit was linked than it is now."""
    text = stores.latest_facts(stores.linked(desk, case, unit)).get(MADE_FROM)
    if text is None:  # linked before that was kept
        return {}
    registers = registers_of_events(desk, case, extract_of(case, unit))
    years = {year: number for year, number in now.registers.items() if year.rpartition(" ")[0] in registers}
    return Standing.read(str(text)).beside(Standing(now.stores, years))


def _generations(desk: Desk, case: Case) -> dict[str, int]:
    names = [name for name in desk.vault.stores(case.number, stores.CODE_KEY) if _is_known_by_generation(name)]
    found = {name: desk.vault.open_store(case.number, stores.CODE_KEY, name).latest() for name in names}
    return {name: latest.number if latest else 0 for name, latest in found.items()}


def _is_known_by_generation(name: str) -> bool:
    keeping = stores.keeping_of(name)
    return keeping is not None and not keeping.by_number
