"""Serial numbers in a file that are not in the code key: there are none, or the service has failed.

What belongs here: looking for them. What must not: stopping a delivery (the blocking check).
"""

from collections.abc import Mapping

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "serial numbers not in the code key"


class SerialNumbers:
    """Counts the serial numbers in every column of them that the code key does not hold."""

    name = NAME

    def __init__(self, known: Mapping[str, pl.Series]) -> None:
        """``known`` by column: the serial numbers (Int32) of the code key of its series."""
        self._known = {column: numbers.sort() for column, numbers in known.items()}
        self._strange = 0

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Look at one batch: a search among sorted numbers, which does not grow with the code key."""
        for column, known in self._known.items():
            serials = rows[column].drop_nulls().unique()
            self._strange += serials.len() - _held(known, serials)

    def answer(self) -> int:
        """How many were met, each counted once a batch."""
        return self._strange


def strange_serial_numbers(facts: RenderedFacts) -> int:
    """Serial numbers of a file that were not in the code key when it was rendered."""
    return int(facts.found_by(NAME, 0))


def _held(known: pl.Series, serials: pl.Series) -> int:
    """How many of the serial numbers are among the known ones."""
    if known.is_empty():
        return 0
    places = known.search_sorted(serials).clip(0, known.len() - 1)
    return int((known.gather(places) == serials).sum())
