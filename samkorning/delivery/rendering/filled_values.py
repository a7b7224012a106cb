"""How many rows of a file have a value, variable by variable: what the variable list tells beside type and label.

What belongs here: counting. What must not: the values.
"""

from collections import Counter

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "filled values"


class FilledValues:
    """Counts the rows that have a value in each variable."""

    name = NAME

    def __init__(self) -> None:
        self._filled: Counter[str] = Counter()

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Count one batch."""
        for column in rows.iter_columns():
            self._filled[column.name] += rows.height - column.null_count()

    def answer(self) -> dict[str, int]:
        """The rows with a value, by variable."""
        return dict(self._filled)


def filled_values(facts: RenderedFacts, variable: str) -> int:
    """The rows of a file that have a value in a variable; none where nothing was counted."""
    return int(facts.found_by(NAME, {}).get(variable, 0))
