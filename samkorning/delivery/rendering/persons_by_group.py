"""The persons of the study whom rows are about, by group of age and sex, unit by unit.

What belongs here: counting persons by group. What must not: what the groups are (samkorning.delivery.study_persons).
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts
from samkorning.delivery.rendering.persons import each_once

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
        in_order = study.sort(SERIAL)
        self._serials, self._groups = in_order[SERIAL].to_numpy(), in_order[GROUP].to_numpy()
        self._everybody = np.bincount(self._groups, minlength=groups)
        self._units = np.zeros((units, groups), dtype=np.int64)

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Count one batch: a person's rows are all in it, and stand together. They are looked up in their order."""
        if not len(self._serials):
            return
        serials = rows.to_series(0)
        for unit, counts in enumerate(self._units):
            of_unit = serials if len(self._units) == 1 else serials.filter(units == unit)
            persons = each_once(of_unit.drop_nulls()).to_numpy()
            places = np.searchsorted(self._serials, persons).clip(max=len(self._serials) - 1)
            met = self._groups[places[self._serials[places] == persons]]
            counts += np.bincount(met, minlength=len(counts))

    def answer(self) -> dict[str, list[int] | list[list[int]]]:
        """The counts of all groups, in their order."""
        return {"everybody": self._everybody.tolist(), "units": self._units.tolist()}


def persons_by_group(facts: RenderedFacts) -> PersonsByGroup | None:
    """What was counted of a file; nothing where nobody counted."""
    found = facts.found_by(NAME, None)
    return PersonsByGroup(tuple(found["everybody"]), tuple(map(tuple, found["units"]))) if found else None
