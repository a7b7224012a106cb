"""Serial numbers in a file that may not leave: there are none, or the service has failed.

What belongs here: looking for those that are not in the code key, and those of persons who are out of the study. What
must not: who they are (assets.steps.persons.opting_out), or stopping a delivery (the blocking check).
"""

from collections.abc import Mapping

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "serial numbers not in the code key"
WITHDRAWN = "serial numbers of persons who are out of the study"


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


class WithdrawnSerialNumbers:
    """Counts the serial numbers of persons who were taken out, object or have opted out, in every column of them."""

    name = WITHDRAWN

    def __init__(self, withdrawn: Mapping[str, pl.Series]) -> None:
        """``withdrawn`` by column: their serial numbers (Int32) in the code key of its series."""
        self._withdrawn = {column: numbers.sort() for column, numbers in withdrawn.items() if not numbers.is_empty()}
        self._met = 0

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Look at one batch, in the same way; where nobody is out of the study there is nothing to look for."""
        for column, withdrawn in self._withdrawn.items():
            self._met += _held(withdrawn, rows[column].drop_nulls().unique())

    def answer(self) -> int:
        """How many were met, each counted once a batch."""
        return self._met


def strange_serial_numbers(facts: RenderedFacts) -> int:
    """Serial numbers of a file that were not in the code key when it was rendered."""
    return int(facts.found_by(NAME, 0))


def withdrawn_serial_numbers(facts: RenderedFacts) -> int:
    """Serial numbers of a file whose persons were out of the study when it was rendered."""
    return int(facts.found_by(WITHDRAWN, 0))


def _held(known: pl.Series, serials: pl.Series) -> int:
    """How many of the serial numbers are among the known ones."""
    if known.is_empty():
        return 0
    places = known.search_sorted(serials).clip(0, known.len() - 1)
    return int((known.gather(places) == serials).sum())
