"""Data files rendered in memory, where a test needs no vault.

What belongs here: making them. What must not: expectations.
"""

from collections.abc import Iterator

import polars as pl

from samkorning.delivery.description import DeliveredFile, DeliveredVariable
from samkorning.delivery.rendering import FilledValues, RenderedFacts, Rendering, SpreadsheetValues, UnitContents
from samkorning.delivery.rendering.persons import Persons
from samkorning.linkage import OrderedRows


def in_one_unit(rows: pl.DataFrame) -> OrderedRows:
    """Rows as they come in order, all of one unit."""
    return OrderedRows(rows, pl.repeat(0, rows.height, dtype=pl.Int16, eager=True))


def rendered(frame: pl.DataFrame, *batches: pl.DataFrame) -> tuple[RenderedFacts, list[bytes]]:
    """What is known of a frame's data file, and its bytes; the frame comes in these batches, or at once."""
    rendering = Rendering(
        frame.schema, [UnitContents(frame.schema, 1), FilledValues(), SpreadsheetValues(), Persons(1)]
    )
    chunks = list(rendering.chunks(in_one_unit(batch) for batch in batches or [frame]))
    return rendering.facts(), chunks


def csv_of(frame: pl.DataFrame) -> bytes:
    """The bytes of a frame's data file."""
    return b"".join(rendered(frame)[1])


def a_delivered_file(name: str, frame: pl.DataFrame, variables: tuple[DeliveredVariable, ...]) -> DeliveredFile:
    """A frame as a file of a delivery."""
    facts, chunks = rendered(frame)

    def again() -> Iterator[bytes]:
        return iter(chunks)

    return DeliveredFile(name, facts, again, variables)
