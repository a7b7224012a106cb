"""What a unit of the ledger is made from, and whether a change of it after its delivery is decided.

What belongs here: the unit, the hash of its inputs, which inputs are settled, and who or what has decided on others.
What must not: the ledger's rows (ledger), or the acts that decide (changes).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from samkorning.case.events import Case, Event, EventKind
from samkorning.order import OwnRegister, SourceClass
from samkorning.order.drawn_files import RELATIVES, STUDY

K = EventKind
BY_A_PERSON = (K.REPLACEMENT_RELEASED, K.CHANGE_DECLINED)
"""What a person decides on a change after a delivery."""


@dataclass(frozen=True, order=True)
class Unit:
    """A source, and for own registers the year: what is delivered at once, and delivered again when it is replaced."""

    source: str
    period: int | None = None

    def __str__(self) -> str:
        return f"{self.source} {self.period}" if self.period else self.source


@dataclass(frozen=True)
class Inputs:
    """Everything that a unit is made from: its content, the population, the number history, what was agreed of it."""

    content: str
    population: str
    number_history: str
    agreed: str

    def sha256(self, population: str | None = None) -> str:
        """Hash of the inputs, or of what they would be with another population."""
        parts = [self.content, self.population if population is None else population, self.number_history, self.agreed]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def inputs_of(case: Case, unit: Unit, content: str) -> Inputs:
    """The inputs of a unit as they are; the population and the number history decide on every unit."""
    newest = [case.received_sha256(name) or "" for name in _who_decides(case, unit)]
    history = case.received_sha256("number_history") or ""
    return Inputs(content, _study(newest), history, _agreed(case, unit))


def settled_inputs(case: Case, unit: Unit) -> set[str]:
    """Hashes of inputs for which nothing is to be done: those last delivered, and since then those that were found to
    give the same content or that a person has declined to replace it for, and not let go after all.
    """
    settled: set[str] = set()
    for event, these in _said_of(case, unit, K.DELIVERED, K.FOUND_UNCHANGED, *BY_A_PERSON):
        if event.kind is K.DELIVERED:
            settled = {these}
        elif event.kind is K.REPLACEMENT_RELEASED:
            settled.discard(these)
        else:
            settled.add(these)
    return settled


def change_is_decided(case: Case, unit: Unit, inputs: Inputs) -> bool:
    """Whether a delivered unit with other inputs may be delivered again without a further act.

    A person has released the replacement, or it follows from a change of the population that was decided, or the
    specification lets corrections of this source follow.
    """
    return (
        replacement_is_released(case, unit, inputs.sha256())
        or _follows_from_the_population(case, unit, inputs)
        or (_corrections_follow(case, unit) and not _history_is_newer(case, unit))
    )


def is_entry_of(entry: Mapping[str, object], unit: Unit) -> bool:
    """Whether an event's entry is about a unit."""
    return (entry["source"], entry["period"]) == (unit.source, unit.period)


def last_delivery(case: Case, unit: Unit) -> Event | None:
    """The newest delivery that a unit was in."""
    deliveries = case.of(EventKind.DELIVERED)
    return next(
        (event for event in reversed(deliveries) if any(is_entry_of(entry, unit) for entry in event.detail["units"])),
        None,
    )


def replacement_is_released(case: Case, unit: Unit, present: str | None) -> bool:
    """Whether a person has released the replacement of a unit by what it is made from now."""
    return _last_decision(case, unit, present) is K.REPLACEMENT_RELEASED


def change_is_declined(case: Case, unit: Unit, present: str | None) -> bool:
    """Whether a person lets what was delivered stand in place of what the unit is made from now."""
    return _last_decision(case, unit, present) is K.CHANGE_DECLINED


def _last_decision(case: Case, unit: Unit, present: str | None) -> EventKind | None:
    """What a person decided last on these inputs, since the unit's last delivery: that one used up what was before."""
    delivery = last_delivery(case, unit)
    used_up = delivery.number if delivery is not None else 0
    said = _said_of(case, unit, *BY_A_PERSON)
    return next((event.kind for event, these in reversed(said) if these == present and event.number > used_up), None)


def _said_of(case: Case, unit: Unit, *kinds: EventKind) -> list[tuple[Event, str]]:
    """The events of these kinds that are about a unit, with the hash of its inputs that each names."""
    return [
        (event, str(entry["input_sha256"]))
        for event in case.of(*kinds)
        for entry in event.detail["units"]
        if is_entry_of(entry, unit)
    ]


def _follows_from_the_population(case: Case, unit: Unit, inputs: Inputs) -> bool:
    """Whether nothing but the study is another: after a delivery it changes by the decision of three alone.

    What the service drew from another population follows from it too.
    """
    settled, files = settled_inputs(case, unit), case.received_files("population")
    if not files or not files[-1].detail.get("decided", False):
        return False
    if is_drawn(case, unit):
        return bool(case.received_files(unit.source)[-1].detail.get("decided", False))
    ever = [[str(event.detail["sha256"]) for event in case.received_files(name)] for name in _who_decides(case, unit)]
    return any(inputs.sha256(_study(then)) in settled for then in product(*(each or [""] for each in ever)))


def _corrections_follow(case: Case, unit: Unit) -> bool:
    agreed = case.specification.source(unit.source) or _own_register(case, unit)
    return agreed.corrections == "follow"


def _history_is_newer(case: Case, unit: Unit) -> bool:
    """Whether a number history has come since the unit was delivered: what it changes is no correction of a source."""
    delivered, histories = last_delivery(case, unit), case.received_files("number_history")
    return bool(histories) and delivered is not None and histories[-1].number > delivered.number


def _agreed(case: Case, unit: Unit) -> str:
    """What the specification says of the unit's source, except how far repeats go."""
    source = case.specification.source(unit.source)
    if source is not None:
        return source.model_dump_json(exclude_defaults=True)
    own = _own_register(case, unit)
    said = own.model_dump_json(exclude_defaults=True, exclude={"from_year", "to_year", "repeats_until"})
    chosen = case.specification.model_dump_json(include={"events", "code_lists"}, exclude_defaults=True)
    return f"{said}\n{chosen}" if own.events else said


def _who_decides(case: Case, unit: Unit) -> tuple[str, ...]:
    """The files that decide whose rows a unit holds: the population; for some extracts what was drawn from it too."""
    own = next((own for own in case.specification.own_registers if own.name == unit.source), None)
    drawn = own is not None and (own.events or own.about != OwnRegister.model_fields["about"].default)
    return ("population", STUDY, RELATIVES) if drawn else ("population",)


def _study(sha256: Sequence[str]) -> str:
    """The hashes of these files, as the inputs of a unit have them."""
    return " ".join(sha256).rstrip()


def is_repeat(case: Case, unit: Unit) -> bool:
    """Whether a unit lies after the period of the first delivery (R18)."""
    own = next((own for own in case.specification.own_registers if own.name == unit.source), None)
    return own is not None and unit.period is not None and unit.period > own.to_year


def is_drawn(case: Case, unit: Unit) -> bool:
    """Whether the service drew a unit's file itself."""
    source = case.specification.source(unit.source)
    return source is not None and source.source_class is SourceClass.OWN


def _own_register(case: Case, unit: Unit) -> OwnRegister:
    return next(own for own in case.specification.own_registers if own.name == unit.source)
