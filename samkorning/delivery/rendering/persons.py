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
    return int(_begins_with(serials).sum()) + 1 if serials.len() else 0


def each_once(serials: pl.Series) -> pl.Series:
    """The values of a series whose equal values stand together, each once."""
    first = pl.Series([True], dtype=pl.Boolean).head(serials.len())
    return serials.filter(first.append(_begins_with(serials)))


def _begins_with(serials: pl.Series) -> pl.Series:
    """Of every row but the first whether it is another than the one before.

    Compared here and now where none is missing: what has to be looked for among missing ones waits for the library's
    threads, which sort the next rows meanwhile.
    """
    later, earlier = serials.slice(1), serials.head(max(serials.len() - 1, 0))
    return later.ne_missing(earlier) if serials.null_count() else later != earlier
