"""The inside of a transit file: rows as lines of JSON, and the signed manifest as the last line.

What belongs here: from frames to bytes and back, batch by batch. What must not: sealing (samkorning.encryption), what
the rows mean (matching), or whether the file may be taken (taking). Rows of text are written so because every text
stays what it was, and because `age -d` and any language read it.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence

import polars as pl
from polars.exceptions import PanicException

from samkorning.errors import PackageRefused
from samkorning.transit.identifiers import COLUMN, malformed

ROWS_AT_ONCE = 100_000
_LONGEST_LAST_LINE = 4 * 1024 * 1024
_AT_ONCE = 1_000_000


class Persons:
    """How many transit identifiers rows have, counted batch by batch: each new one is held once."""

    def __init__(self) -> None:
        self._seen, self._new = pl.Series(COLUMN, [], dtype=pl.String), list[pl.Series]()

    def add(self, rows: pl.DataFrame) -> None:
        """Count those of one batch; put together only when there are as many new ones as known, or a million."""
        self._new.append(rows[COLUMN].unique())
        if sum(map(len, self._new)) > max(_AT_ONCE, self._seen.len()):
            self._together()

    @property
    def count(self) -> int:
        """How many there are so far."""
        self._together()
        return self._seen.len()

    def _together(self) -> None:
        self._seen, self._new = pl.concat([self._seen, *self._new]).unique(), []


class Written:
    """Rows on their way into a file: iterate once; afterwards it says how many they were and whose."""

    def __init__(self, frames: Iterator[pl.DataFrame]) -> None:
        self._frames = frames
        self._digest = hashlib.sha256()
        self._persons = Persons()
        self.rows = 0

    def lines(self) -> Iterator[bytes]:
        """The lines, as many at a time as frames have rows."""
        for frame in self._frames:
            if frame.height:
                lines = frame.write_ndjson().encode()
                self._digest.update(lines)
                self.rows += frame.height
                self._persons.add(frame)
                yield lines

    @property
    def persons(self) -> int:
        """How many transit identifiers the rows have."""
        return self._persons.count

    @property
    def sha256(self) -> str:
        """Of all lines."""
        return self._digest.hexdigest()


def with_last_line(written: Written, last: Callable[[], bytes]) -> Iterator[bytes]:
    """The whole inside of a file; ``last`` is asked when the rows have passed."""
    yield from written.lines()
    yield last()


class Opened:
    """The inside of a file on its way out: iterate over its lines; then it has their count, their hash and the last."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._digest = hashlib.sha256()
        self.rows, self.last = 0, b""

    def lines(self) -> Iterator[bytes]:
        """The lines of rows in pieces of whole lines.

        :raises PackageRefused: where lines are longer than any of ours.
        """
        rest = b""
        for chunk in self._chunks:
            rest += chunk
            end = rest.rfind(b"\n", 0, len(rest) - 1) + 1  # what stands behind it may be the last line
            if end:
                piece, rest = rest[:end], rest[end:]
                self._digest.update(piece)
                self.rows += piece.count(b"\n")
                yield piece
            if len(rest) > _LONGEST_LAST_LINE:
                raise PackageRefused("does not end as a transit file")
        self.last = rest

    @property
    def sha256(self) -> str:
        """Of the lines of rows."""
        return self._digest.hexdigest()


def frames_of(lines: Iterator[bytes], columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Lines of rows as frames of text.

    :raises PackageRefused: when they are no such lines; nothing of them is quoted.
    """
    for piece in lines:
        frame = _frame(piece, columns)
        if frame is None or frame.height != piece.count(b"\n") or malformed(frame[COLUMN]):
            raise PackageRefused("has lines that are no rows under transit identifiers")
        yield frame


def _frame(piece: bytes, columns: Sequence[str]) -> pl.DataFrame | None:
    try:
        return pl.read_ndjson(io.BytesIO(piece), schema=dict.fromkeys(columns, pl.String))
    except (pl.exceptions.PolarsError, PanicException, ValueError):
        return None
