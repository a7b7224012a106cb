"""How the rows of a unit differ from those that were delivered before: counts alone.

What belongs here: comparing two readings of a unit in one pass. What must not: which two (the caller), or what is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from samkorning.linkage import OrderedRows

BEFORE, NOW = 0, 1


@dataclass(frozen=True)
class RowsCompared:
    """Rows and persons that only the unit as it is now has (new) or only as it was (gone), and persons in both whose
    rows are not the same.
    """

    rows_new: int = 0
    rows_gone: int = 0
    persons_new: int = 0
    persons_gone: int = 0
    persons_altered: int = 0

    def facts(self) -> dict[str, int]:
        """The counts by name."""
        return dict(self.__dict__)


def rows_compared(ordered: Iterable[OrderedRows]) -> RowsCompared:
    """Compares a unit as it was (unit 0) with what it is now (unit 1); rows of both come in one order, and those of a
    person in one batch.
    """
    counts = [0] * 5
    for batch in ordered:
        for place, count in enumerate(_of_batch(batch)):
            counts[place] += count
    return RowsCompared(*counts)


def _of_batch(batch: OrderedRows) -> tuple[int, int, int, int, int]:
    if batch.rows.is_empty():
        return 0, 0, 0, 0, 0
    person, now = batch.rows.columns[0], (batch.units == NOW).cast(pl.Int64)
    marked = batch.rows.with_columns(now.alias("~now"), (1 - now).alias("~before"))
    equal = marked.group_by(batch.rows.columns).agg(pl.col("~now", "~before").sum())
    differ = equal.select(
        pl.col(person).alias("person"),
        (pl.col("~now") - pl.col("~before")).clip(0).alias("new"),
        (pl.col("~before") - pl.col("~now")).clip(0).alias("gone"),
        "~now",
        "~before",
    )
    persons = differ.group_by("person").agg(pl.all().sum())
    here, there, differs = pl.col("~now") > 0, pl.col("~before") > 0, (pl.col("new") + pl.col("gone")) > 0
    counted = persons.select(
        pl.col("new").sum(),
        pl.col("gone").sum(),
        (here & ~there).sum().alias("persons_new"),
        (there & ~here).sum().alias("persons_gone"),
        (here & there & differs).sum().alias("persons_altered"),
    )
    new, gone, persons_new, persons_gone, altered = counted.row(0)
    return int(new), int(gone), int(persons_new), int(persons_gone), int(altered)
