"""Rendered bytes as rows of an encrypted file: how they are written there and read again.

What belongs here: bytes to rows and back, a few mebibytes at a time; each format has a column, so that one is read
without the others. What must not: which store they are in.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

import polars as pl

from samkorning.delivery.rendering.one_reading import Rendering
from samkorning.errors import GuardedFailure
from samkorning.linkage import OrderedRows
from samkorning.linkage.streams import Watched

CHUNKS_AT_ONCE = 8


class Writing(Protocol):
    """Where the file goes: the vault's draft of a generation."""

    def write_chunks(self, chunks: pl.LazyFrame) -> str:
        """Write rows of some mebibytes each into one file, in their order; its name."""


def write_rendered(writing: Writing, rendering: Rendering, ordered: Iterable[OrderedRows]) -> str:
    """Renders rows into one file; its name.

    :raises CheckFailed: when the form cannot hold a column or row.
    :raises GuardedFailure: when rows cannot be read or written.
    """

    schema = pl.Schema(dict.fromkeys(rendering.formats, pl.Binary))

    def chunks() -> Iterator[pl.DataFrame]:
        for chunk in rendering.chunks(ordered):
            yield pl.DataFrame({name: [chunk[name]] for name in schema}, schema=schema)

    return Watched(chunks).written(writing.write_chunks, schema)


def read_rendered(rows: pl.LazyFrame, name: str, format_name: str) -> Iterator[bytes]:
    """The bytes of a format again, from their beginning; ``name`` is what a failure calls the file.

    :raises GuardedFailure: when they cannot be read.
    """
    failure = ""
    try:
        for batch in rows.select(format_name).collect_batches(
            chunk_size=CHUNKS_AT_ONCE, maintain_order=True, lazy=True
        ):
            yield from batch[format_name]
    except pl.exceptions.PolarsError as error:
        failure = type(error).__name__  # its text could quote what it read
    if failure:
        raise GuardedFailure(f"{name}: its bytes could not be read ({failure}); nothing is delivered, run again")
