"""How many persons a file has rows about.

What belongs here: counting them. What must not: who they are, or what stands in their rows.
"""

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "persons"


class PersonCount:
    """Counts the different serial numbers in the first column: a person's rows come together in one batch."""

    name = NAME

    def __init__(self) -> None:
        self._persons = 0

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Look at one batch."""
        self._persons += rows.to_series(0).drop_nulls().n_unique()

    def answer(self) -> int:
        """How many there were."""
        return self._persons


def persons_in(facts: RenderedFacts) -> int | None:
    """The persons that a file has rows about; none where nobody counted them."""
    found = facts.found_by(NAME, None)
    return None if found is None else int(found)
