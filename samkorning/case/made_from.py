"""What a delivery was made from, as its event remembers it: how far stores and register years had come, which program.

What belongs here: the form in which that is remembered. What must not: finding it out, or making a delivery again
(assets.steps). Names, numbers and hashes alone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.inputs import Unit

MADE_FROM, READ_BY = "made_from", "read_by"
WHO_STANDS = ("population", "objections", "opted_out")
"""The stores that say who is in the study, and who may not leave though a serial number stands for them."""


@dataclass(frozen=True)
class Standing:
    """How far stores of the case and years of own registers had come: generations by name, 0 for an empty store."""

    stores: Mapping[str, int]
    registers: Mapping[str, int]
    """By ledger unit, such as ``lmed 2219``."""

    def beside(self, other: "Standing") -> dict[str, Any]:
        """What of it is otherwise than in another; what the other alone names was not there yet."""
        return {
            name: found
            for name, mine, others in (
                ("stores", self.stores, other.stores),
                ("registers", self.registers, other.registers),
            )
            if (found := _beside(mine, others))
        }

    def with_differences(self, found: Mapping[str, Mapping[str, int]]) -> "Standing":
        """The standing that had these differences beside this one."""
        stores, registers = ({**mine, **found.get(name, {})} for name, mine in asdict(self).items())
        return Standing(stores, {unit: number for unit, number in registers.items() if number})

    def is_of_the_same_persons(self, other: "Standing") -> bool:
        """Whether nobody has come to the study or left it, objected or opted out between this and another."""
        return all(self.stores.get(name, 0) == other.stores.get(name, 0) for name in WHO_STANDS)

    def text(self) -> str:
        """As a fact of a store."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def read(cls, text: str) -> "Standing":
        """From such a fact."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class MadeFrom:
    """What one delivery was made from.

    ``events``: how many events the case had. ``day``: as the package states it. ``program``: hash of this program,
    ``extraction``: of the case's extraction program. ``units``: what was otherwise when a unit was linked, by unit.
    ``documents``: SHA-256 of what the package holds beside its data files. ``manifest``: SHA-256 of the manifest.
    """

    events: int
    day: str
    program: str
    extraction: str
    stores: Mapping[str, int]
    registers: Mapping[str, int]
    units: Mapping[str, Mapping[str, Mapping[str, int]]]
    documents: Mapping[str, str]
    manifest: str

    @property
    def standing(self) -> Standing:
        """How far all had come when the delivery was put together."""
        return Standing(self.stores, self.registers)

    def standing_of(self, unit: str) -> Standing:
        """How far all had come when a unit was linked."""
        return self.standing.with_differences(self.units.get(unit, {}))

    def fields(self) -> dict[str, Any]:
        """How the delivery's event remembers it."""
        return asdict(self)


def read_by(case: Case) -> str:
    """Digest of how a case's identity numbers are read and of where its population is found: an amendment can change
    it, and no file tells of that.
    """
    fields = {"reference_date", "strict_century", "ages", "repairs", "population", "number_history"}
    said = case.specification.model_dump_json(include=fields, exclude_defaults=True)
    return hashlib.sha256(said.encode()).hexdigest()


def made_from(delivered: Event) -> MadeFrom | None:
    """What a delivery was made from; nothing for one of before events remembered it."""
    fields = delivered.detail.get(MADE_FROM)
    return MadeFrom(**fields) if fields else None


def needed_generations(case: Case, year: Unit) -> list[int]:
    """The generations of a register year that deliveries were made from whose material is kept (R16).

    An extract with an event group needs every year that the group was found in.
    """
    grouped = {own.name for own in case.specification.own_registers if own.events}
    found = []
    for delivered in case.of(EventKind.DELIVERED):
        made = made_from(delivered)
        for entry in delivered.detail["units"] if made else ():
            unit = Unit(entry["source"], entry["period"])
            if made and (unit == year or unit.source in grouped) and not _is_disposed(case, delivered, unit):
                found += [made.standing_of(str(unit)).registers.get(str(year), 0)]
    return [number for number in found if number]


def _is_disposed(case: Case, delivered: Event, unit: Unit) -> bool:
    """Whether what a delivery was made from in one of its units is disposed of since."""
    name = f"linked.{unit.source}.{unit.period}"
    since = (event for event in case.of(EventKind.DISPOSED) if event.number > delivered.number)
    return any(store["store"] == name for event in since for store in event.detail["stores"])


def _beside(mine: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    return {name: mine.get(name, 0) for name in sorted({*mine, *others}) if mine.get(name, 0) != others.get(name, 0)}
