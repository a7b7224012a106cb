"""Rows of registers by person: one number stands for all that a person has had.

What belongs here: replacing a number by its person's. What must not: which numbers are one person's
(samkorning.persons), or where rows lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.person_column import NUMBER

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

PERSON, FIRST_NATIONAL = "person", 10**11


def with_person(rows: pl.LazyFrame, column: str, name: str, history: pl.LazyFrame | None) -> pl.LazyFrame:
    """``rows`` with a person under ``name`` in place of one of their numbers in ``column``.

    :param history: ``number`` and ``person_number``, every number that has changed; nothing where none has.
    """
    if history is None:
        return rows.rename({column: name})
    latest = history.select(pl.col("number").alias("~number"), pl.col("person_number").alias("~person"))
    joined = rows.rename({column: name}).join(latest, left_on=name, right_on="~number", how="left")
    return joined.with_columns(pl.coalesce("~person", name).alias(name)).drop("~person")


def by_person(rows: pl.LazyFrame, history: pl.LazyFrame | None) -> pl.LazyFrame:
    """Rows of a register by person, without those whose numbers are text: no case knows them before its population
    names them.
    """
    return with_person(rows.filter(pl.col(NUMBER) >= FIRST_NATIONAL), NUMBER, PERSON, history)
