"""What each unit of a file holds: its rows, how many of them repeat another, and a digest that tells them from others.

What belongs here: counting by unit. What must not: what follows from it (samkorning.case.plan).
"""

from typing import NamedTuple

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts
from samkorning.linkage.digest import RowsDigest, row_hashes

NAME = "units"


class UnitFacts(NamedTuple):
    """One unit's rows in a file, those among them that are equal to one before, and the digest of all."""

    rows: int
    repeated: int
    digest: str


class UnitContents:
    """Looks at each unit's rows, at any size: equal rows come one after the other."""

    name = NAME

    def __init__(self, schema: pl.Schema, units: int) -> None:
        """``schema`` is that of the file, ``units`` how many it holds."""
        self._schema = schema
        self._digests = [RowsDigest() for _ in range(units)]
        self._repeated = [0] * units
        self.take(pl.DataFrame(schema=schema), pl.Series(dtype=pl.Int16))

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Count one batch."""
        hashes = row_hashes(rows)
        table = hashes.with_columns(units.alias("unit"))
        equal = pl.all_horizontal(pl.all().eq_missing(pl.all().shift(1)))
        repeats = table.select(equal.alias("repeats")).to_series() & (pl.int_range(table.height, eager=True) > 0)
        for unit, digest in enumerate(self._digests):
            own = units == unit
            digest.add_hashed(self._schema, hashes if len(self._digests) == 1 else hashes.filter(own))
            self._repeated[unit] += int((repeats & own).sum())

    def answer(self) -> list[dict[str, int | str]]:
        """Of every unit, in their order."""
        counted = zip(self._digests, self._repeated, strict=True)
        return [UnitFacts(digest.rows, repeated, digest.text)._asdict() for digest, repeated in counted]


def unit_facts(facts: RenderedFacts) -> list[UnitFacts]:
    """What each unit of a file holds, in their order."""
    return [UnitFacts(**found) for found in facts.found_by(NAME, ())]
