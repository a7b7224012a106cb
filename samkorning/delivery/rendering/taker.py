"""What a taker is: something that looks at the rows of a file while they are rendered.

What belongs here: the interface, and showing rows to all. What must not: any taker.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, wait
from contextlib import contextmanager
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

        Equal rows come together in one batch. Batches come one after the other, in whichever thread.
        """

    def answer(self) -> Any:
        """What it found, as JSON has it: counts, hashes, names of columns, numbers of rows. Never a value of a row."""


@contextmanager
def shown(ordered: OrderedRows, takers: Iterable[Taker], threads: Executor) -> Iterator[None]:
    """Shows one batch to every taker, side by side and beside what is done in the block; it waits for them at its end.

    What one of them raises is raised there.
    """
    looking = [threads.submit(taker.take, ordered.rows, ordered.units) for taker in takers]
    try:
        yield
    finally:
        wait(looking)
    for each in looking:
        each.result()


def answers(takers: Iterable[Taker]) -> Mapping[str, Any]:
    """What every taker found, by its name."""
    return {taker.name: taker.answer() for taker in takers}
