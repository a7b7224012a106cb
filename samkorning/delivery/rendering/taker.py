"""What a taker is: something that looks at the rows of a file while they are rendered.

What belongs here: the interface. What must not: any taker.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import polars as pl

from samkorning.linkage import OrderedRows


class Taker(Protocol):
    """Looks at the rows of one file as they pass, in their order, and keeps a bounded amount of what it saw."""

    @property
    def name(self) -> str:
        """Under which name its answer is kept."""

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Look at one batch; ``units`` (Int16) says of each row which of the file's units it is of, from 0.

        Equal rows come together in one batch.
        """

    def answer(self) -> Any:
        """What it found, as JSON has it: counts, hashes, names of columns, numbers of rows. Never a value of a row."""


def take_all(takers: Iterable[Taker], ordered: OrderedRows) -> None:
    """Shows one batch to every taker."""
    for taker in takers:
        taker.take(ordered.rows, ordered.units)


def answers(takers: Iterable[Taker]) -> Mapping[str, Any]:
    """What every taker found, by its name."""
    return {taker.name: taker.answer() for taker in takers}
