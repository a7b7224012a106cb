"""What the code book counts of each variable: rows with a value, different values, values of its value set.

What belongs here: leading batches to the counts of each column, and giving them again. What must not: the counts
themselves (column_counts), or which of them are shown (samkorning.delivery.codebook).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from samkorning.delivery.rendering.column_counts import Batch, ColumnCounts, CountedColumn
from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "variable counts"


class VariableCounts:
    """Counts every column of a file, unit by unit, and who stands behind a count while they are few."""

    name = NAME

    def __init__(
        self, schema: pl.Schema, units: int, value_sets: Mapping[str, Sequence[str]], without: Collection[str] = ()
    ) -> None:
        """``value_sets`` by column: the values of its closed set; of columns ``without`` no distribution is made."""
        self._units = units
        self._columns = {
            name: ColumnCounts(units, value_sets.get(name, ()), None if name in without else dtype)
            for name, dtype in schema.items()
        }

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Count one batch; its first column says whose a row is."""
        batch = Batch.of(rows.to_series(0), units, self._units)
        for column in rows.iter_columns():
            self._columns[column.name].take(column, batch)

    def answer(self) -> dict[str, Any]:
        """The counts by column."""
        return {name: asdict(column.counted()) for name, column in self._columns.items()}


def counted_column(facts: RenderedFacts, variable: str) -> CountedColumn | None:
    """What was counted of a variable; nothing where nobody counted."""
    found = facts.found_by(NAME, {}).get(variable)
    return CountedColumn(**found) if found else None
