"""The disclosure preview of all files together: those of the next delivery, joined by serial number with each other and
with what was delivered before.

What belongs here: which linked rows are joined, and keeping what was found. What must not: reckoning
(samkorning.delivery.disclosure.together), or a file by itself (contents).

A unit that takes the place of a delivered one stands for both: what it replaces is to be put away.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from assets.steps import stores
from assets.steps.delivery.contents import MADE_OF, rendered_facts, serial_columns
from assets.steps.delivery.linked_then import linked_then
from assets.steps.delivery.persons_file import covered
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.case.plan import DeliveryPlan
from samkorning.delivery.disclosure import FileDisclosure, JoinedFile, alike_together, together_of
from samkorning.errors import CheckFailed
from samkorning.keystore import RetentionClass
from samkorning.machine.progress import Work
from samkorning.order import PERSON_SERIES
from samkorning.order.quasi_identifiers import QuasiIdentifiers
from samkorning.program_hash import program_hash
from samkorning.vault import Generation

STORE, FOUND = "disclosure", "found"


@dataclass(frozen=True)
class _Joined:
    """One unit that is joined: its linked rows, and the hash of what it holds."""

    unit: Unit
    linked: Generation
    is_earlier: bool


@dataclass(frozen=True)
class _Together:
    """What is joined: units by source, and the names of those that cannot be."""

    units: tuple[_Joined, ...]
    unseen: tuple[str, ...]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The units of earlier deliveries."""
        return tuple(str(each.unit) for each in self.units if each.is_earlier)

    @property
    def says_more(self) -> bool:
        """Whether more is joined, or should be, than one file of the delivery."""
        return bool(self.earlier or self.unseen or len({each.unit.source for each in self.units}) > 1)


def reckon_together(desk: Desk, case: Case, plan: DeliveryPlan) -> None:
    """Keeps the figures of all files together, where they say more than those of one file and are not kept yet.

    :raises GuardedFailure: where linked rows cannot be read.
    """
    joined = _joined(desk, case, plan)
    if joined is None or _kept(desk, case, joined) is not None:
        return
    files = [_file(desk, case, named, joined) for named in case.specification.quasi_identifiers]
    read = [file for file in files if file.units]
    latest = stores.code_key(desk, case).latest()
    with desk.progress.of(Work.COMPARING, None) as advance:  # how often rows are read is a matter of memory
        found = alike_together(read, latest.rows if latest else 0, desk.settings.memory, advance)
    kept = pl.DataFrame({FOUND: [json.dumps(found)]})
    stores.contents(desk, case, STORE).replace(kept, {MADE_OF: _made_of(case, joined)})


def disclosure_together(desk: Desk, case: Case, plan: DeliveryPlan) -> FileDisclosure | None:
    """The figures of all files together; nothing where one file is all there is.

    :raises CheckFailed: when they are of other rows than would be delivered now.
    """
    joined = _joined(desk, case, plan)
    if joined is None:
        return None
    found = _kept(desk, case, joined)
    if found is None:
        raise CheckFailed(f"case {case.number}: what is to be delivered has changed since it was compared; run again")
    contents = _contents(desk, case, plan, joined)
    return together_of(found, contents, joined.earlier, joined.unseen)


def _joined(desk: Desk, case: Case, plan: DeliveryPlan) -> _Together | None:
    """What is joined, where a planned file has quasi-identifiers and is not alone."""
    named = {each.source: each for each in case.specification.quasi_identifiers}
    planned = [unit for file in plan.files if file.source in named for unit in file.units]
    if not planned:
        return None
    units, unseen = [], []
    for unit, made in sorted(covered(case, planned).items(), key=lambda found: str(found[0])):
        if unit.source in named:
            linked = _linked(desk, case, unit, made, named[unit.source])
            if linked is None:
                unseen.append(str(unit))
            else:
                units.append(_Joined(unit, linked, unit not in {each.unit for each in planned}))
    together = _Together(tuple(units), tuple(unseen))
    return together if together.units and together.says_more else None


def _linked(desk: Desk, case: Case, unit: Unit, made: Mapping[str, Any], named: QuasiIdentifiers) -> Generation | None:
    """The rows of a unit as they were delivered, where they are kept, are about persons, and have what is named."""
    serial, series = serial_columns(desk, case, unit.source)[0]
    linked = linked_then(desk, case, unit, made)
    if linked is None or series != PERSON_SERIES:
        return None
    held = stores.linked(desk, case, unit).scan(linked.number).collect_schema().names()
    return linked if {serial, *(each.column for each in named.columns)} <= set(held) else None


def _file(desk: Desk, case: Case, named: QuasiIdentifiers, joined: _Together) -> JoinedFile:
    serial, _ = serial_columns(desk, case, named.source)[0]
    units = tuple(
        tuple(stores.linked(desk, case, each.unit).parts(each.linked.number))
        for each in joined.units
        if each.unit.source == named.source
    )
    return JoinedFile(named.source, serial, named.columns, units)


def _kept(desk: Desk, case: Case, joined: _Together) -> Mapping[str, Any] | None:
    """What was found of these very rows."""
    if not desk.vault.has_store(case.number, RetentionClass.MATERIAL, stores.contents_name(STORE)):
        return None
    store = stores.contents(desk, case, STORE)
    if stores.latest_facts(store).get(MADE_OF) != _made_of(case, joined):
        return None
    found: Mapping[str, Any] = json.loads(store.scan().collect()[FOUND].item())
    return found


def _made_of(case: Case, joined: _Together) -> str:
    """Hash of all that the figures depend on."""
    units = (f"{each.unit} {each.linked.sha256}" for each in joined.units)
    return _hash([*units, *joined.unseen, case.specification.sha256, program_hash()])


def _contents(desk: Desk, case: Case, plan: DeliveryPlan, joined: _Together) -> str:
    """Hash of what a person decides on: what the files of this delivery and of those before hold."""
    sources = {each.unit.source for each in joined.units}
    files = [file for file in plan.files if file.source in sources]
    now = (f"{file.name} {rendered_facts(desk, case, file).forms[0].sha256}" for file in files)
    return _hash([*now, *_digests(case, joined.earlier), *joined.unseen])


def _digests(case: Case, units: Sequence[str]) -> Iterator[str]:
    last = {str(Unit(entry["source"], entry["period"])): entry["content_digest"] for entry in case.delivered_units()}
    return (f"{unit} {last[unit]}" for unit in units)


def _hash(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
