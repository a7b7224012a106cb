"""Counting persons who are alike, while the rows of a file pass.

What belongs here: the taker. What must not: which forms are tried (coarser), or what is told of the counts (figures).

A person's rows come together in one batch, so a person is one number there: the sum of hashes of the different
combinations in the person's rows. Kept is how many persons have which number: 12 bytes for each group and form, no
value. Two different sets give one number with a chance of one in ten million for ten million persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from samkorning.delivery.disclosure.coarser import Variant, variants
from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.quasi_identifiers import QuasiIdentifier

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

NAME = "disclosure"
LIMITS = (3, 5, 10)
"""Persons in groups of fewer than so many are counted."""
_PERSON, _ALIKE, _PERSONS = "~person", "~alike", "~persons"
_SEEDS = (11, 13)
_FEW = 50_000  # groups


class Disclosure:
    """Counts, for each form of a file's quasi-identifiers, the persons who are alike."""

    name = NAME

    def __init__(self, columns: Sequence[QuasiIdentifier]) -> None:
        self._columns = [each.column for each in columns]
        self._variants = variants(columns)
        self._groups = [_Groups() for _ in self._variants]

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Look at one batch; its first column says whose a row is."""
        different = rows.select(rows.to_series(0).alias(_PERSON), *self._columns).unique()
        for groups, variant in zip(self._groups, self._variants, strict=True):
            groups.add(_groups(different, variant))

    def answer(self) -> dict[str, Any]:
        """Of each form: the smallest group, and how many persons are in small ones."""
        found = [
            {"column": variant.column, "how": variant.how, **_counted(groups.sizes())}
            for variant, groups in zip(self._variants, self._groups, strict=True)
        ]
        return {"columns": self._columns, "variants": found}


class _Groups:
    """How many persons have which number. New ones are put together when they are as many as those before, so that the
    work grows with the persons and not with the batches.
    """

    def __init__(self) -> None:
        self._known = pl.DataFrame(schema={_ALIKE: pl.UInt64, _PERSONS: pl.UInt32})
        self._new: list[pl.DataFrame] = []

    def add(self, groups: pl.DataFrame) -> None:
        """Those of one batch."""
        self._new.append(groups)
        if sum(each.height for each in self._new) > max(self._known.height, _FEW):
            self._put_together()

    def sizes(self) -> pl.Series:
        """How many persons each group has."""
        self._put_together()
        return self._known[_PERSONS]

    def _put_together(self) -> None:
        self._known = pl.concat([self._known, *self._new]).group_by(_ALIKE).agg(pl.col(_PERSONS).sum())
        self._new = []


def _groups(rows: pl.DataFrame, variant: Variant) -> pl.DataFrame:
    """How many persons of a batch have which set of combinations; without a column all are alike."""
    row = pl.struct(variant.expressions).hash(_SEEDS[0]) if variant.expressions else pl.lit(0, pl.UInt64)
    by_row = rows.select(_PERSON, row.hash(_SEEDS[1]).alias(_ALIKE)).unique()
    by_person = by_row.group_by(_PERSON).agg(pl.col(_ALIKE).sum())
    return by_person.group_by(_ALIKE).agg(pl.len().cast(pl.UInt32).alias(_PERSONS))


def _counted(sizes: pl.Series) -> dict[str, Any]:
    small = {str(limit): int(sizes.filter(sizes < limit).sum()) for limit in LIMITS}
    unique = int((sizes == 1).sum())
    return {"persons": int(sizes.sum()), "k": sizes.min(), "unique": unique, "in_groups_under": small}
