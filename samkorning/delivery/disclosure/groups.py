"""Counting persons who are alike, while the rows of a file pass.

What belongs here: the taker, the number that stands for a person, and counting groups. What must not: which forms are
tried (coarser), several files at once (together), or what is told of the counts (figures).

A person's rows come together in one batch, so a person is one number there: the sum of hashes of the different
combinations in the person's rows. Kept is how many persons have which number: 12 bytes for each group and form, no
value. Two different sets among ten million persons give one number with a chance of one in some hundred thousand.
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
PERSON = "~person"
_FILE, _ALIKE, _PERSONS = "~file", "~alike", "~persons"
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
        persons = person_numbers(rows.select(rows.to_series(0).alias(PERSON), *self._columns), self._variants)
        for place, groups in enumerate(self._groups):
            groups.add(persons.group_by(pl.col(number(place)).alias(_ALIKE)).agg(_as_persons(pl.len())))

    def answer(self) -> dict[str, Any]:
        """Of each form: the smallest group, and how many persons are in small ones."""
        found = [
            {"column": variant.column, "how": variant.how, **counted(groups.sizes())}
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


def number(place: int) -> str:
    """The column with the number of each person in a form."""
    return f"{_ALIKE}{place}"


def person_numbers(rows: pl.DataFrame, forms: Sequence[Variant], file: int = 0) -> pl.DataFrame:
    """Each person of some rows once, with a number for each form; alike are those of the same number.

    :param rows: whose a row is in ``PERSON``, and the quasi-identifiers.
    :param file: where rows of several files are put together, which of them these are of: numbers of one person are
        added up then, and no row of one file is like a row of another.
    """
    names = [number(place) for place in range(len(forms))]
    different = rows.unique()
    hashed = different.select(PERSON, *(_hash(each, file).alias(name) for each, name in zip(forms, names, strict=True)))
    several = hashed[PERSON].is_duplicated()
    once, more = hashed.filter(~several), hashed.filter(several)
    if more.is_empty():
        return once
    summed = [
        more.select(PERSON, name).unique().group_by(PERSON).agg(pl.col(name).sum()).sort(PERSON) for name in names
    ]
    return pl.concat([once, pl.concat([summed[0], *(each.drop(PERSON) for each in summed[1:])], how="horizontal")])


def _hash(form: Variant, file: int) -> pl.Expr:
    """A number for each row; without a column all are alike."""
    return pl.struct(pl.lit(file, pl.UInt8).alias(_FILE), *form.expressions).hash(_SEEDS[0]).hash(_SEEDS[1])


def _as_persons(count: pl.Expr) -> pl.Expr:
    return count.cast(pl.UInt32).alias(_PERSONS)


def counted(sizes: pl.Series) -> dict[str, Any]:
    """What is told of groups of such sizes."""
    small = {str(limit): int(sizes.filter(sizes < limit).sum()) for limit in LIMITS}
    unique = int((sizes == 1).sum())
    return {"persons": int(sizes.sum()), "k": sizes.min(), "unique": unique, "in_groups_under": small}
