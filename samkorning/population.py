"""The study population (studiepopulation): the persons whose numbers a file holds, and what was wrong with the rest.

What belongs here: from a table of text to distinct valid numbers and counts. What must not: serial numbers, or whether
the share of damaged rows may stand (a blocking check decides).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from samkorning.engines import Engine
from samkorning.identity import IdentityRules, diagnose


@dataclass(frozen=True)
class Population:
    """Distinct valid numbers (column ``number``, Int64, sorted), and the rows by problem."""

    persons: pl.DataFrame
    rows: int
    problems: Mapping[str, int]
    guessed_centuries: int

    @property
    def repeated(self) -> int:
        """Rows whose number stands in another row too, beyond the first."""
        return self.rows - sum(self.problems.values()) - self.persons.height

    def facts(self) -> dict[str, int | str]:
        """The counts, for a manifest."""
        problems = {f"problem.{problem}": rows for problem, rows in sorted(self.problems.items())}
        return {"rows": self.rows, "repeated": self.repeated, **problems}

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
    diagnosed = diagnose(engine.take(table.select(column)), column, rules)
    wanted = diagnosed.select(
        nw.col("identity_number").alias("number"),
        nw.col("identity_problem").alias("problem"),
        nw.col("identity_guessed_century").alias("guessed"),
    )
    found = engine.collect(wanted)
    problems = found.filter(pl.col("problem").is_not_null()).group_by("problem").len()
    persons = found.filter(pl.col("problem").is_null()).select("number").unique().sort("number")
    return Population(persons, found.height, dict(problems.iter_rows()), int(found["guessed"].sum()))
