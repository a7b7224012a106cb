"""Which counts of the persons of a study are shown.

What belongs here: leading the counts of rendered files to the rule of suppression. What must not: the rule itself.
"""

from collections.abc import Iterator, Sequence

from samkorning.delivery.codebook.suppression import (
    Part,
    Share,
    has_changed_by_few,
    hidden_parts,
    hidden_shares,
    is_few,
)
from samkorning.delivery.description import DeliveredFile
from samkorning.delivery.rendering.persons_by_group import PersonsByGroup, persons_by_group
from samkorning.delivery.study_persons.models import StudyPersons, UnitPersons


def study_persons(files: Sequence[DeliveredFile], limit: int, before: Sequence[int | None] = ()) -> StudyPersons | None:
    """The persons of the study, from the counts of the files; nothing where none were made.

    :param before: the counts by group that the delivery before has shown, which those of this one can be held against.
    """
    counted = [(file, found) for file in files if (found := persons_by_group(file.rendered)) is not None]
    if not counted:
        return None
    everybody = counted[0][1].everybody
    parts = [
        Part(
            count,
            is_few(count, limit) or has_changed_by_few(count, before[place] if place < len(before) else None, limit),
        )
        for place, count in enumerate(everybody)
    ]
    hidden = hidden_parts(parts, False, limit)
    shown = tuple(None if out else count for count, out in zip(everybody, hidden, strict=True))
    units = (unit for file, found in counted for unit in _units(file, found, hidden, limit))
    return StudyPersons(sum(everybody), shown, tuple(units))


def _units(file: DeliveredFile, found: PersonsByGroup, hidden: Sequence[bool], limit: int) -> Iterator[UnitPersons]:
    """A unit that replaces another is told in all alone: the two by group would tell of those who have come."""
    for unit, counts in zip(file.units, found.units, strict=True):
        left_out = _hidden_groups(counts, found.everybody, hidden, limit)
        by_group = tuple(None if out or unit.replaces else count for count, out in zip(counts, left_out, strict=True))
        yield UnitPersons(unit.name, sum(counts), by_group)


def _hidden_groups(
    counts: Sequence[int], everybody: Sequence[int], hidden: Sequence[bool], limit: int
) -> tuple[bool, ...]:
    """The groups of which no share is shown; those whose persons are not shown are one group to the reader."""
    apart = [(part, whole) for part, whole, out in zip(counts, everybody, hidden, strict=True) if not out]
    together = [(part, whole) for part, whole, out in zip(counts, everybody, hidden, strict=True) if out]
    pairs = [*apart, (sum(part for part, _ in together), sum(whole for _, whole in together))]
    shares = [Share(part, whole, is_few(part, limit) or is_few(whole - part, limit)) for part, whole in pairs]
    left_out = iter(hidden_shares(shares, False, limit).parts)
    return tuple(out or next(left_out) for out in hidden)
