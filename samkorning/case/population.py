"""The study population of a case: when it is frozen, and what another file may change then (R19).

What belongs here: the rules on replacing a population or its number history. What must not: who the persons are (counts
come as arguments), the act of deciding (population_decision), or taking a file in (assets.steps).

The population is frozen when the first unit is linked to it. Before that another file is taken in with a reason; after
it only by a decision of three persons that names how many come and go, once.
"""

from dataclasses import dataclass

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.states import DECIDING_ROLES
from samkorning.errors import FileRefused

POPULATION, NUMBER_HISTORY = "population", "number_history"


@dataclass(frozen=True)
class PopulationChange:
    """How many persons come to the study population and how many go."""

    adds: int
    removes: int

    def __str__(self) -> str:
        return f"{self.adds} persons come and {self.removes} go"


NOBODY = PopulationChange(0, 0)


def is_frozen(case: Case) -> bool:
    """Whether units are linked to the population that stands; an amendment before the first delivery opens it again."""
    if case.of(EventKind.DELIVERED):
        return True
    return _number_of(case.last(EventKind.POPULATION_FROZEN)) > _number_of(case.last(EventKind.AMENDED))


def decided_change(case: Case) -> PopulationChange | None:
    """The change that all three have endorsed with equal numbers, until a population file has used it up."""
    newest = {event.detail["role"]: event for event in endorsements(case)}
    changes = {PopulationChange(event.detail["adds"], event.detail["removes"]) for event in newest.values()}
    return changes.pop() if len(newest) == len(DECIDING_ROLES) and len(changes) == 1 else None


def another_has_its_reason(case: Case, source: str, file: str, sha256: str, reason: str) -> None:
    """R19: before the population is frozen another one comes with a reason; afterwards another number history does.

    :raises FileRefused: which says what to do.
    """
    if reason:
        return
    if source == POPULATION and not is_frozen(case) and _others_have_come(case, sha256):
        raise FileRefused(
            file,
            "R19: another study population has come",
            "if it is to take the former's place, take it in with `receive CASE population FILE --reason`",
        )
    if source == NUMBER_HISTORY and is_frozen(case):
        raise FileRefused(
            file,
            "R19: the study population is frozen, and a number history says who is one person",
            "if it is needed, take it in with `receive CASE number_history FILE --reason`",
        )


def _others_have_come(case: Case, sha256: str) -> bool:
    """Whether another population was taken in, or came before this one and waits in quarantine."""
    taken = case.received_files(POPULATION)
    if taken:
        return any(event.detail["sha256"] != sha256 for event in taken)
    held = [event.detail["sha256"] for event in case.held_files() if event.detail["source"] == POPULATION]
    return bool(held) and held[0] != sha256


def population_may_change(case: Case, file: str, change: PopulationChange) -> None:
    """R19: a frozen population changes only by exactly what was decided.

    :raises FileRefused: with the file's counts and what to do.
    """
    decided = decided_change(case)
    if not is_frozen(case) or change == decided:
        return
    if change == NOBODY:
        raise FileRefused(
            file,
            "R19: the study population is frozen, and by this file nobody comes and nobody goes",
            "nothing would change by it; keep the population that stands",
        )
    if decided is None:
        raise FileRefused(
            file,
            f"R19: the study population is frozen, and by this file {change}",
            f"a decision by three names that: `case decide-population CASE --adds {change.adds} "
            f"--removes {change.removes} --role ROLE --reason REASON`",
        )
    raise FileRefused(
        file,
        f"R19: by this file {change}, by the decision {decided}",
        "send the population that was decided, or decide anew",
    )


def change_since_last_delivery(case: Case) -> PopulationChange:
    """How many persons have come and gone since the delivery before, by decided files and by objections."""
    last = case.last(EventKind.DELIVERED)
    if last is None:
        return NOBODY
    since = [event.detail for event in case.received_files(POPULATION) if event.number > last.number]
    objections = [event.detail for event in case.of(EventKind.PERSON_REMOVED) if event.number > last.number]
    removed = sum(detail.get("removes", 0) for detail in since)
    objected = sum(detail.get("population", 0) for detail in objections)
    return PopulationChange(sum(detail.get("adds", 0) for detail in since), removed + objected)


def endorsements(case: Case) -> list[Event]:
    """The endorsements that no later freezing, file or amendment has overtaken."""
    files = case.received_files(POPULATION)
    overtaken = max(
        _number_of(case.last(EventKind.POPULATION_FROZEN, EventKind.AMENDED)), _number_of(files[-1] if files else None)
    )
    return [event for event in case.of(EventKind.POPULATION_CHANGE_ENDORSED) if event.number > overtaken]


def _number_of(event: Event | None) -> int:
    return event.number if event else 0
