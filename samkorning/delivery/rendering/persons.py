"""How many persons the rows of a file are about, and those of each of its units.

What belongs here: counting them, which the order of rows makes cheap. What must not: who they are.
"""

from typing import NamedTuple

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "persons"


class PersonsCounted(NamedTuple):
    """Persons in the whole file, and in each unit, in their order."""

    in_file: int
    in_units: tuple[int, ...]


class Persons:
    """Counts persons: a person's rows stand together, and in one batch."""

    name = NAME

    def __init__(self, units: int) -> None:
        """``units`` is how many the file holds."""
        self._in_file, self._in_units = 0, [0] * units

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Count one batch, by its first column."""
        serials = rows.to_series(0)
        self._in_file += runs(serials)
        alone = len(self._in_units) == 1
        for unit in range(len(self._in_units)):
            self._in_units[unit] += runs(serials if alone else serials.filter(units == unit))

    def answer(self) -> dict[str, int | list[int]]:
        """Both counts."""
        return {"in_file": self._in_file, "in_units": self._in_units}


def persons_counted(facts: RenderedFacts) -> PersonsCounted | None:
    """The persons of a file; nothing where they were not counted."""
    found = facts.found_by(NAME, None)
    return PersonsCounted(found["in_file"], tuple(found["in_units"])) if found else None


def runs(serials: pl.Series) -> int:
    """How many different values stand in a series whose equal values stand together."""
    return int(serials.ne_missing(serials.shift(1)).slice(1).sum()) + 1 if serials.len() else 0
