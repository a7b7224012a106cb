"""One reading of ordered rows: they become bytes in each format, and every taker sees them on the way.

What belongs here: leading rows to formats and takers, and what is known of the bytes. What must not: the formats
(samkorning.delivery.formats), what takers look for, where the bytes go.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import polars as pl

from samkorning.delivery.formats import (
    CSV,
    Chunk,
    DataFormat,
    ReadBack,
    Table,
    losses_by_variable,
    require_all_hold,
)
from samkorning.delivery.rendering.facts import Form, RenderedFacts
from samkorning.delivery.rendering.taker import Taker, answers, shown
from samkorning.errors import GuardedFailure
from samkorning.linkage import OrderedRows
from samkorning.machine.faults import fault_of, unplaced

UNREADABLE = "rows to be delivered could not be read"
BYTES_AT_ONCE = 4 * 1024 * 1024

Chunks = Mapping[str, bytes]
"""The bytes that come next, by the format whose they are."""


class Rendering:
    """One data file on its way: its bytes first, and when all of them have been taken its facts."""

    def __init__(self, table: Table, takers: Sequence[Taker], formats: Sequence[DataFormat] = (CSV,)) -> None:
        """``table`` has the delivered columns, in their order.

        :raises CheckFailed: when a format cannot hold it.
        """
        require_all_hold(table, formats)
        self._table, self._takers, self._rows = table, takers, 0
        self._files = [_File(table, each) for each in formats]

    @property
    def formats(self) -> tuple[str, ...]:
        """The names of the formats."""
        return tuple(file.form.name for file in self._files)

    def chunks(self, ordered: Iterable[OrderedRows]) -> Iterator[Chunks]:
        """The bytes of each format, of so many rows at a time; to be taken once and to the end.

        :raises CheckFailed: when a format cannot hold a row, or rows are read back otherwise than they were written.
        :raises GuardedFailure: when rows cannot be read.
        """
        with _library_errors_cut(), ReadBack() as reading, _threads() as threads:
            yield {file.form.name: file.opening() for file in self._files}
            for batch in ordered:
                with shown(batch, self._takers, threads):
                    for rows in batch.rows.iter_slices(self._rows_at_once(batch.rows)):
                        yield self._written(rows, reading)
                self._rows += batch.rows.height
            end: Chunks = {file.form.name: file.closing(reading) for file in self._files}
            reading.wait()
            yield end
        if self._table.columns and self._rows != self._table.rows:
            raise GuardedFailure(f"{self._table.name}: its rows changed while they were read; nothing was sealed")

    def facts(self) -> RenderedFacts:
        """What is known of the file now that it is rendered."""
        return RenderedFacts(
            columns=tuple(self._table.schema.names()),
            rows=self._rows,
            forms=tuple(file.facts() for file in self._files),
            taken=answers(self._takers),
        )

    def _rows_at_once(self, rows: pl.DataFrame) -> int:
        """So many rows that they are a few mebibytes in all formats together."""
        at_once = BYTES_AT_ONCE // len(self._files)
        in_memory = rows.height * at_once // max(int(rows.estimated_size()), 1)
        return max(1, min([in_memory, *(at_once // max(file.row_bytes, 1) for file in self._files)]))

    def _written(self, rows: pl.DataFrame, reading: ReadBack) -> Chunks:
        typed = self._table.typed(rows) if any(file.form.typed for file in self._files) else rows
        return {file.form.name: file.rows(typed if file.form.typed else rows, reading) for file in self._files}


class _File:
    """One form of a data file, and what has been measured of it."""

    def __init__(self, table: Table, form: DataFormat) -> None:
        self.form, self._table = form, table
        self._writer = form.writer(table)
        self._digest, self._bytes, self._taken = hashlib.sha256(), 0, 0

    @property
    def row_bytes(self) -> int:
        return self._writer.row_bytes

    def opening(self) -> bytes:
        return self._measured(self._writer.opening())

    def rows(self, rows: pl.DataFrame, reading: ReadBack) -> bytes:
        return self._read_back(self._writer.rows(rows), reading)

    def closing(self, reading: ReadBack) -> bytes:
        return self._read_back(self._writer.closing(), reading)

    def facts(self) -> Form:
        return Form(
            format=self.form.name,
            ending=self.form.ending,
            bytes=self._bytes,
            sha256=self._digest.hexdigest(),
            losses=losses_by_variable(self._table, self.form),
        )

    def _read_back(self, chunks: Iterable[Chunk], reading: ReadBack) -> bytes:
        contents = []
        for chunk in chunks:
            reading.take(self._table.name, self.form.name, self._writer, chunk, self._taken)
            self._taken += chunk.rows.height if chunk.rows is not None else 0
            contents.append(self._measured(chunk.content))
        return b"".join(contents)

    def _measured(self, content: bytes) -> bytes:
        self._digest.update(content)
        self._bytes += len(content)
        return content


def _threads() -> ThreadPoolExecutor:
    """As many as Polars has: what takers look for is computed there."""
    return ThreadPoolExecutor(pl.thread_pool_size(), "takers")


@contextmanager
def _library_errors_cut() -> Iterator[None]:
    """The text of a library error could quote a cell or a literal: its class is all that is told."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        found, kind = fault_of(error), type(error).__name__
        failure = unplaced(found) if found else GuardedFailure(f"{UNREADABLE} ({kind}); nothing was sealed")
        raise failure from None
