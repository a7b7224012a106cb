"""Parquet files with types: text, whole numbers, decimals, days, booleans, and what is missing.

What belongs here: groups of rows and the bytes of each. What must not: other formats.

A group holds the same rows however they come, so that bytes repeat. Its bytes are read back before they are taken: a
file of this group alone is written as well, its bytes are seen to be the same, and another library reads it.
"""

import io
from collections.abc import Iterator
from functools import partial

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.columns import Table
from samkorning.delivery.formats.format import Chunk, Loss, Refusal, Writer, empty_text, untyped_refusals
from samkorning.errors import GuardedFailure

GROUP_BYTES, MOST_GROUP_ROWS = 32 * 1024 * 1024, 250_000
LABEL = b"label"
_MAGIC = len(b"PAR1")


class Parquet:
    """The format."""

    name: FormatName = "parquet"
    ending = ".parquet"
    typed = True

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """Columns of types that nobody declares."""
        yield from untyped_refusals(table)

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """Text that is read as numbers, days or booleans has no empty text."""
        yield from empty_text(column for column in table.columns if column.kind != "text")

    def writer(self, table: Table) -> Writer:
        """A writer of groups of rows."""
        return _Groups(table)


class _Groups:
    """One Parquet file."""

    row_bytes = 0

    def __init__(self, table: Table) -> None:
        width = sum(column.width if column.kind == "text" else 8 for column in table.columns)
        self._most_rows = max(1, min(MOST_GROUP_ROWS, GROUP_BYTES // max(width, 1)))
        empty = table.typed(pl.DataFrame(schema=table.schema)).to_arrow(compat_level=pl.CompatLevel.oldest())
        labels = {column.name: {LABEL: column.label.encode()} for column in table.columns if column.label}
        self._schema = pa.schema([each.with_metadata(labels.get(each.name)) for each in empty.schema])
        self._sink = _Sink()
        self._writer = _writer(self._sink, self._schema)
        self._waiting: list[pl.DataFrame] = []

    def opening(self) -> bytes:
        """The first bytes."""
        return self._sink.taken()

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """Groups that are full."""
        self._waiting.append(rows)
        while sum(each.height for each in self._waiting) >= self._most_rows:
            held = pl.concat(self._waiting)
            self._waiting = [held.slice(self._most_rows)]
            yield self._group(held.head(self._most_rows))

    def closing(self) -> Iterator[Chunk]:
        """The rows of the last group, and the end."""
        held = pl.concat(self._waiting) if self._waiting else pl.DataFrame()
        if held.height:
            yield self._group(held)
        self._writer.close()
        yield Chunk(self._sink.taken())

    def read(self, content: bytes) -> pl.DataFrame:
        """A file as Polars reads it."""
        return pl.read_parquet(io.BytesIO(content))

    def _group(self, rows: pl.DataFrame) -> Chunk:
        table = rows.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(self._schema)
        self._writer.write_table(table, row_group_size=table.num_rows)
        content = self._sink.taken()
        return Chunk(content, partial(self._alone, table, content), rows)

    def _alone(self, table: pa.Table, content: bytes) -> bytes:
        """A file of one group, whose bytes are seen to be those of the group."""
        alone = _Sink()
        with _writer(alone, self._schema) as writer:
            writer.write_table(table, row_group_size=table.num_rows)
        whole = alone.taken()
        if whole[_MAGIC : _MAGIC + len(content)] != content:
            raise GuardedFailure("a group of a Parquet file was written twice and differs; nothing was sealed")
        return whole


def _writer(sink: "_Sink", schema: pa.Schema) -> parquet.ParquetWriter:
    return parquet.ParquetWriter(sink, schema, compression="zstd", compression_level=1, version="2.6")


class _Sink(io.RawIOBase):
    """Bytes as they are written, until they are taken."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes, self._place = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        written = bytes(memoryview(content))  # type: ignore[arg-type]
        self._bytes += written
        self._place += len(written)
        return len(written)

    def tell(self) -> int:
        return self._place

    def taken(self) -> bytes:
        """What has been written since the last time."""
        content, self._bytes = bytes(self._bytes), bytearray()
        return content

    def close(self) -> None:
        """The library closes what it writes to; there is nothing to let go."""
