"""Data files rendered in memory, where a test needs no vault.

What belongs here: making them. What must not: expectations.
"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from samkorning.delivery.description import DeliveredFile, DeliveredUnit, DeliveredVariable
from samkorning.delivery.rendering import (
    Persons,
    RenderedFacts,
    Rendering,
    SpreadsheetValues,
    UnitContents,
    VariableCounts,
)
from samkorning.linkage import OrderedRows

NO_SETS: Mapping[str, Sequence[str]] = {}


def in_one_unit(rows: pl.DataFrame) -> OrderedRows:
    """Rows as they come in order, all of one unit."""
    return OrderedRows(rows, pl.repeat(0, rows.height, dtype=pl.Int16, eager=True))


def rendered(
    frame: pl.DataFrame, *batches: pl.DataFrame, units: int = 1, value_sets: Mapping[str, Sequence[str]] = NO_SETS
) -> tuple[RenderedFacts, list[bytes]]:
    """What is known of a frame's data file, and its bytes; the frame comes in these batches, or at once."""
    takers = [
        UnitContents(frame.schema, units),
        VariableCounts(frame.schema, units, value_sets),
        Persons(units),
        SpreadsheetValues(),
    ]
    rendering = Rendering(frame.schema, takers)
    chunks = list(rendering.chunks(in_one_unit(batch) for batch in batches or [frame]))
    return rendering.facts(), chunks


def csv_of(frame: pl.DataFrame) -> bytes:
    """The bytes of a frame's data file."""
    return b"".join(rendered(frame)[1])


def a_delivered_file(
    name: str, frame: pl.DataFrame, variables: tuple[DeliveredVariable, ...], units: tuple[DeliveredUnit, ...] = ()
) -> DeliveredFile:
    """A frame as a file of a delivery, all its rows of the first unit."""
    value_sets = {each.name: [code.code for code in each.codes] for each in variables if each.codes}
    facts, chunks = rendered(frame, units=max(1, len(units)), value_sets=value_sets)

    def again() -> Iterator[bytes]:
        return iter(chunks)

    return DeliveredFile(name, facts, again, variables, units)
