"""One reading of ordered rows: they become bytes, and every taker sees them on the way.

What belongs here: leading rows to form and takers, and what is known of the bytes. What must not: the form itself
(csv_text), what takers look for, where the bytes go.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from samkorning.delivery.rendering.csv_text import header, rows_as_text
from samkorning.delivery.rendering.facts import RenderedFacts
from samkorning.delivery.rendering.taker import Taker, answers, take_all
from samkorning.errors import GuardedFailure
from samkorning.linkage import OrderedRows
from samkorning.machine.faults import fault_of, unplaced

UNREADABLE = "rows to be delivered could not be read"
BYTES_AT_ONCE = 4 * 1024 * 1024


class Rendering:
    """One data file on its way: its bytes first, and when all of them have been taken its facts."""

    def __init__(self, schema: pl.Schema, takers: Sequence[Taker]) -> None:
        """``schema`` is that of the delivered columns, in their order."""
        self._schema, self._takers = schema, takers
        self._digest, self._bytes, self._rows = hashlib.sha256(), 0, 0

    def chunks(self, ordered: Iterable[OrderedRows]) -> Iterator[bytes]:
        """The bytes of the file, of so many rows at a time; to be taken once and to the end.

        :raises CheckFailed: when the form cannot hold a column or row.
        :raises GuardedFailure: when rows cannot be read.
        """
        with _library_errors_cut():
            yield self._measured(header(self._schema))
            for batch in ordered:
                take_all(self._takers, batch)
                self._rows += batch.rows.height
                for rows in batch.rows.iter_slices(_rows_at_once(batch.rows)):
                    yield self._measured(rows_as_text(rows))

    def facts(self) -> RenderedFacts:
        """What is known of the file now that it is rendered."""
        return RenderedFacts(
            columns=tuple(self._schema.names()),
            rows=self._rows,
            bytes=self._bytes,
            sha256=self._digest.hexdigest(),
            taken=answers(self._takers),
        )

    def _measured(self, content: bytes) -> bytes:
        self._digest.update(content)
        self._bytes += len(content)
        return content


def _rows_at_once(rows: pl.DataFrame) -> int:
    """So many rows that their text is a few mebibytes."""
    return max(1, rows.height * BYTES_AT_ONCE // max(int(rows.estimated_size()), 1))


@contextmanager
def _library_errors_cut() -> Iterator[None]:
    """The text of a library error could quote a cell or a literal: its class is all that is told."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        found, kind = fault_of(error), type(error).__name__
        failure = unplaced(found) if found else GuardedFailure(f"{UNREADABLE} ({kind}); nothing was sealed")
        raise failure from None
