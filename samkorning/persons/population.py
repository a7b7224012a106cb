"""The study population (studiepopulation): the persons whose numbers a file holds, and what was wrong with the rest.

What belongs here: from a table of text to distinct valid identities and counts. What must not: serial numbers, or
whether the share of damaged rows may stand (a blocking check decides).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from samkorning.identity import IdentityRules, diagnose
from samkorning.linkage.engines import Engine

IDENTITY = ("number", "issuer", "text")
"""An identity: a national number as Int64, or the text of another issuer."""


@dataclass(frozen=True)
class Population:
    """Distinct valid identities (``number`` Int64, ``issuer`` and ``text`` String), and the rows by problem."""

    identities: pl.DataFrame
    rows: int
    problems: Mapping[str, int]
    guessed_centuries: int
    repairs: int

    @property
    def repeated(self) -> int:
        """Rows whose identity stands in another row too, beyond the first."""
        return self.rows - sum(self.problems.values()) - self.identities.height

    def facts(self) -> dict[str, int | str]:
        """The counts, for a manifest."""
        problems = {f"problem.{problem}": rows for problem, rows in sorted(self.problems.items())}
        counts = {"rows": self.rows, "repeated": self.repeated}
        return {**counts, "guessed_centuries": self.guessed_centuries, "repairs": self.repairs, **problems}

    @staticmethod
    def damaged_share_of(facts: Mapping[str, int | str]) -> float:
        """The share of rows with a missing or damaged number, from a manifest's facts; 1 for a file without rows."""
        damaged = sum(int(value) for name, value in facts.items() if name.startswith("problem."))
        return damaged / int(facts["rows"]) if int(facts["rows"]) else 1.0


def find_population(engine: Engine, table: pl.LazyFrame, column: str, rules: IdentityRules) -> Population:
    """The persons of a population file.

    :param table: the file as read, all columns text.
    :param column: the column with the identity number.
    """
    diagnosed = diagnose(engine.take(table.select(pl.col(column).alias("value"))), "value", rules, prefix="")
    found = engine.collect(diagnosed.select(*IDENTITY, "problem", "guessed_century", "repair"))
    taken = found.filter(pl.col("problem").is_null())
    problems = found.filter(pl.col("problem").is_not_null()).group_by("problem").len()
    return Population(
        identities=taken.select(one_form()).unique().sort(IDENTITY),
        rows=found.height,
        problems=dict(problems.iter_rows()),
        guessed_centuries=int(taken["guessed_century"].sum()),
        repairs=taken["repair"].drop_nulls().len(),
    )


def identities_in(table: pl.LazyFrame, column: str, rules: IdentityRules) -> pl.DataFrame:
    """The distinct valid identities of a column of text, as in a population."""
    diagnosed = diagnose(table.select(pl.col(column).alias("value")), "value", rules, prefix="")
    taken: pl.LazyFrame = diagnosed.filter(pl.col("problem").is_null()).select(one_form()).unique()
    return taken.collect(engine="streaming")


def one_form() -> list[pl.Expr]:
    """An identity in one form: a number has no issuer beside it, since only one issues numbers."""
    national = pl.col("number").is_not_null()
    return [pl.col("number"), *(pl.when(~national).then(pl.col(name)).alias(name) for name in ("issuer", "text"))]
