"""The persons of the study whom rows are about, by group of age and sex, unit by unit.

What belongs here: counting persons by group. What must not: what the groups are (samkorning.delivery.study_persons).
"""

from typing import NamedTuple

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "persons by group"
SERIAL, GROUP = "serial_number", "group"


class PersonsByGroup(NamedTuple):
    """Persons by group: of the whole study, and those whom the rows of each unit are about."""

    everybody: tuple[int, ...]
    units: tuple[tuple[int, ...], ...]


class StudyPersonsMet:
    """Counts the persons of the study by group."""

    name = NAME

    def __init__(self, study: pl.DataFrame, groups: int, units: int) -> None:
        """``study`` has the columns ``serial_number`` (Int32), each once, and ``group`` (Int8), below ``groups``."""
        self._study = study.sort(SERIAL)
        self._everybody = _by_group(study[GROUP], groups)
        self._units = [[0] * groups for _ in range(units)]

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Count one batch: a person's rows are all in it."""
        serials = rows.to_series(0).alias(SERIAL)
        for unit, counts in enumerate(self._units):
            of_unit = serials if len(self._units) == 1 else serials.filter(units == unit)
            met = of_unit.drop_nulls().unique().to_frame().join(self._study, on=SERIAL, how="inner")
            for group, count in enumerate(_by_group(met[GROUP], len(counts))):
                counts[group] += count

    def answer(self) -> dict[str, list[int] | list[list[int]]]:
        """The counts of all groups, in their order."""
        return {"everybody": self._everybody, "units": self._units}


def persons_by_group(facts: RenderedFacts) -> PersonsByGroup | None:
    """What was counted of a file; nothing where nobody counted."""
    found = facts.found_by(NAME, None)
    return PersonsByGroup(tuple(found["everybody"]), tuple(map(tuple, found["units"]))) if found else None


def _by_group(groups: pl.Series, count: int) -> list[int]:
    met = dict(groups.value_counts().iter_rows())
    return [met.get(group, 0) for group in range(count)]
