"""Mothers and fathers: each old enough, alive when the child is born, sometimes outside the register population.

What belongs here: the choice of parents among persons already drawn. What must not: files in which they are written.
Parents are known for births from 2132, as the Multi-Generation Register knows them from 1932, and not for all.
"""

import datetime
from dataclasses import dataclass

import polars as pl

from samkorning.synthetic.draws import Draws
from samkorning.synthetic.identity_numbers import MAN, WOMAN

_KNOWN_FROM = datetime.date(2132, 1, 1)
_NEAR = 80  # parents are sought among an eightieth of their sex: about one year of births
_FACTS = ("number", "birth_date", "death_date")


@dataclass(frozen=True)
class _Parent:
    name: str
    sex: int
    youngest: int
    span: int  # years of age over which births are spread, by the sum of two even draws
    oldest: int
    known: float


_PARENTS = (_Parent("mother", WOMAN, 17, 26, 49, 0.96), _Parent("father", MAN, 18, 34, 69, 0.94))


def with_parents(persons: pl.DataFrame, seed: int, among: pl.DataFrame | None = None) -> pl.DataFrame:
    """Adds ``mother`` and ``father`` (present numbers, Int64, null where unknown) to ``persons``, from their own midst
    or from ``among`` others.

    ``persons`` has ``birth_row`` (twins share it, and with it their parents), ``number``, ``birth_date``, ``sex`` and
    ``death_date``.
    """
    for parent in _PARENTS:
        draws = Draws(seed, parent.name, "birth_row")
        persons = persons.with_columns(_choose_parent(persons, persons if among is None else among, parent, draws))
    return persons


def _choose_parent(persons: pl.DataFrame, among: pl.DataFrame, parent: _Parent, draws: Draws) -> pl.Series:
    pool = among.filter(pl.col("sex") == parent.sex).sort("birth_date", "number")
    place = _places(persons, pool, parent, draws)
    found = persons.select(place=place).join(
        pl.concat([pl.select(place=pl.int_range(pool.height)), pool.select(_FACTS)], how="horizontal"),
        on="place",
        how="left",
        maintain_order="left",
    )
    both = pl.concat([persons.select("birth_row", child="birth_date"), found], how="horizontal")
    return both.select(pl.when(_can_be(parent, draws)).then("number").alias(parent.name)).to_series()


def _places(persons: pl.DataFrame, pool: pl.DataFrame, parent: _Parent, draws: Draws) -> pl.Series:
    """Where in the pool, in order of birth, the parent stands: the sought age or a little older; null for nobody."""
    age = parent.youngest + draws.below("age", parent.span // 2) + draws.below("age too", parent.span // 2)
    sought = persons.select(pl.col("birth_date") - pl.duration(days=age * 365 + draws.below("days", 365))).to_series()
    until = pool["birth_date"].search_sorted(sought, side="right").cast(pl.Int64)
    near = draws.below("near", pool.height // _NEAR + 1)
    place = pl.col("until") - 1 - near
    return (
        pl.concat([persons.select("birth_row"), until.to_frame("until")], how="horizontal")
        .select(pl.when(place >= 0).then(place))
        .to_series()
    )


def _can_be(parent: _Parent, draws: Draws) -> pl.Expr:
    child, died = pl.col("child"), pl.col("death_date")
    years = (child - pl.col("birth_date")).dt.total_days() // 365
    alive = died.is_null() | (died > child)
    old_enough = years.is_between(parent.youngest, parent.oldest)
    return (child >= _KNOWN_FROM) & old_enough & alive & draws.chance("known", parent.known)
