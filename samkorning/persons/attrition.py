"""Attrition (bortfall): how many persons each criterion has left and removed, in order, from a source to the study.

What belongs here: one step of it, and its form in the case register and the delivery. What must not: the criteria.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class AttritionStep:
    """How many persons are left after a step, and how many of those before it are not.

    ``of`` is the event group, selection or part of the study that the step belongs to, ``step`` its name, ``sentence``
    the criterion in words. ``removed`` is nothing where a step begins from nobody.
    """

    of: str
    step: str
    sentence: str
    persons: int
    removed: int | None = None

    def fact(self) -> dict[str, Any]:
        """How the case register remembers it."""
        return asdict(self)


def attrition_of(facts: Iterable[Mapping[str, Any]]) -> tuple[AttritionStep, ...]:
    """Steps as the case register remembers them."""
    return tuple(AttritionStep(**fact) for fact in facts)


def in_words(steps: Sequence[AttritionStep]) -> list[tuple[str, str, str, str]]:
    """One row a step: of what, the criterion, persons left, persons removed."""
    return [
        (step.of, step.sentence, str(step.persons), "" if step.removed is None else str(step.removed)) for step in steps
    ]
