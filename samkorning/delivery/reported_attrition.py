"""What documents report of the way from a source to the study: no count of a few, nor one that it is reckoned from.

What belongs here: which counts of the attrition are reported. What must not: counting, or how they are written
(documents, report). The page of the service shows all of them.

The size of the study is known, so suppression goes backwards from it: a count that differs by a few from a later one
which is shown would tell how many were removed between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from samkorning.delivery.codebook.suppression import Part, has_changed_by_few, hidden_parts, is_few
from samkorning.persons.attrition import AttritionStep

SHARED_OUT, APART = "controls", "relatives"
"""Counts of the first are a sum shared out among its steps; those of the second have no sum."""


@dataclass(frozen=True)
class ReportedStep:
    """One step as it is reported; None is left out. ``begins`` where nobody could be removed before it."""

    of: str
    sentence: str
    persons: int | None
    removed: int | None
    begins: bool


def reported_attrition(steps: Sequence[AttritionStep], limit: int) -> list[ReportedStep]:
    """The steps in their order, of counts under the limit and those that tell them none."""
    hidden = {*_few(steps, limit), *_of_sum(steps, limit), *_of_chain(steps, limit)}
    return [
        ReportedStep(
            step.of,
            step.sentence,
            None if place in hidden else step.persons,
            None if _tells(steps, place, hidden, limit) else step.removed,
            step.removed is None,
        )
        for place, step in enumerate(steps)
    ]


def _few(steps: Sequence[AttritionStep], limit: int) -> Iterator[int]:
    return (place for place, step in enumerate(steps) if is_few(step.persons, limit))


def _of_sum(steps: Sequence[AttritionStep], limit: int) -> Iterator[int]:
    """Of a sum that is shared out, the parts that are left out so that the few ones cannot be told from it."""
    places = [place for place, step in enumerate(steps) if step.of == SHARED_OUT][1:]
    parts = [Part(steps[place].persons, is_few(steps[place].persons, limit)) for place in places]
    return (place for place, left_out in zip(places, hidden_parts(parts, False, limit), strict=True) if left_out)


def _of_chain(steps: Sequence[AttritionStep], limit: int) -> Iterator[int]:
    """Of criteria that follow each other, the counts that differ by a few from a later one."""
    later: set[int] = set()
    for place in reversed(range(len(steps))):
        step = steps[place]
        if step.of in (SHARED_OUT, APART) or is_few(step.persons, limit):
            continue
        if any(has_changed_by_few(step.persons, each, limit) for each in later):
            yield place
        else:
            later.add(step.persons)


def _tells(steps: Sequence[AttritionStep], place: int, hidden: set[int], limit: int) -> bool:
    """Whether how many a step removed is few itself, or tells a count that is left out, before the step or after."""
    removed = steps[place].removed
    if not removed:
        return False
    return is_few(removed, limit) or place in hidden or place - 1 in hidden
