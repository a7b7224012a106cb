"""Parquet files with types: text, whole numbers, decimals, days, booleans, and what is missing.

What belongs here: groups of rows and the bytes of each. What must not: other formats.

A group holds the same rows however they come, so that bytes repeat. Each is written as a file of its own, two beside
each other, and another library reads that file back; its bytes then stand in the delivered file, whose footer is put
together of those of the groups (parquet_footer).
"""

import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.columns import Table
from samkorning.delivery.formats.format import Chunk, Loss, Refusal, Writer, empty_text, untyped_refusals
from samkorning.delivery.formats.parquet_footer import MAGIC, GroupFile, end_of_file

GROUP_BYTES, MOST_GROUP_ROWS = 32 * 1024 * 1024, 250_000
LABEL = b"label"
AT_ONCE = 2
"""Groups that are written beside each other; one more waits for its turn, and each is held in memory."""


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
        self._held: list[pl.DataFrame] = []
        self._writers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="parquet")
        self._written: deque[tuple[pl.DataFrame, Future[GroupFile]]] = deque()
        self._footers: list[bytes] = []
        self._sizes: list[int] = []

    def opening(self) -> bytes:
        """The mark of the format."""
        return MAGIC

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """Groups that are full, as they have been written."""
        self._held.append(rows)
        while sum(each.height for each in self._held) >= self._most_rows:
            held = pl.concat(self._held)
            self._held = [held.slice(self._most_rows)]
            self._begin(held.head(self._most_rows))
            yield from self._taken(AT_ONCE)

    def closing(self) -> Iterator[Chunk]:
        """The rows of the last groups, and the end."""
        held = pl.concat(self._held) if self._held else pl.DataFrame()
        if held.height:
            self._begin(held)
        yield from self._taken(0)
        self._writers.shutdown()
        yield Chunk(end_of_file(_written(self._schema, None), self._footers, self._sizes))

    def read(self, content: bytes) -> pl.DataFrame:
        """A file as Polars reads it."""
        return pl.read_parquet(io.BytesIO(content))

    def _begin(self, rows: pl.DataFrame) -> None:
        self._written.append((rows, self._writers.submit(_written, self._schema, rows)))

    def _taken(self, left: int) -> Iterator[Chunk]:
        """The next groups in their order, until no more than so many are being written."""
        while len(self._written) > left:
            rows, written = self._written.popleft()
            group = written.result()
            content = group.rows
            self._footers.append(group.footer)
            self._sizes.append(len(content))
            yield Chunk(content, partial(_whole, group), rows)


def _written(schema: pa.Schema, rows: pl.DataFrame | None) -> GroupFile:
    """A file of one group, or of none."""
    sink = io.BytesIO()
    with parquet.ParquetWriter(sink, schema, compression="zstd", compression_level=1, version="2.6") as writer:
        if rows is not None:
            table = rows.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)
            writer.write_table(table, row_group_size=table.num_rows)
    return GroupFile(sink.getvalue())


def _whole(group: GroupFile) -> bytes:
    return group.whole
