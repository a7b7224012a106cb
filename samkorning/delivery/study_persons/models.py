"""What is told of the persons of a study: counts by age and sex, in all and by source and year.

What belongs here: the values. What must not: which of them are shown (making).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class UnitPersons:
    """The persons of the study that the rows of a unit are about: in all, and by group; None is suppressed."""

    unit: str
    linked: int
    by_group: tuple[int | None, ...]


@dataclass(frozen=True)
class StudyPersons:
    """The persons of the study: in all, and by group in the order of ``groups.GROUPS``; None is suppressed."""

    persons: int
    by_group: tuple[int | None, ...]
    units: tuple[UnitPersons, ...]
