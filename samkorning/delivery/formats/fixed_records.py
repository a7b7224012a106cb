"""Records of a fixed width: a header, then row after row of the same number of bytes, then an end.

What belongs here: making such rows from columns, and taking header and end from a file of one row that a library has
written. What must not: any one format's bytes.

The library's file lies in memory alone (memfd) and holds no row of anybody: its one row is made of letters x and
noughts, so that it knows every width.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from samkorning.delivery.formats.columns import Column
from samkorning.delivery.formats.format import Chunk
from samkorning.delivery.formats.values_as_text import as_carried
from samkorning.errors import GuardedFailure

BYTES_AT_ONCE = 4 * 1024 * 1024

Encode = Callable[[pl.Series], np.ndarray]
"""A column's values as a matrix of bytes, one row each."""


@dataclass(frozen=True)
class Field:
    """One column in a record: how many bytes it takes, and how its values become these."""

    width: int
    encode: Encode


def records(fields: Sequence[Field], rows: pl.DataFrame) -> bytes:
    """The rows as records, field after field."""
    matrix = np.empty((rows.height, sum(field.width for field in fields)), dtype=np.uint8)
    first = 0
    for field, values in zip(fields, rows.iter_columns(), strict=True):
        matrix[:, first : first + field.width] = field.encode(values)
        first += field.width
    return matrix.tobytes()


def text_matrix(values: pl.Series, width: int, padding: str) -> np.ndarray:
    """Texts of at most ``width`` bytes, each filled up to it; what is missing is all padding."""
    import pyarrow.compute as pc  # takes long, and a delivery as CSV is not to wait for it

    texts = pa.array(values.fill_null("").to_arrow(compat_level=pl.CompatLevel.oldest()), type=pa.large_string())
    filled = pc.ascii_rpad(texts, width=width, padding=padding)
    content = np.frombuffer(filled.buffers()[2] or b"", dtype=np.uint8)
    return content[: len(filled) * width].reshape(len(filled), width)


def double_matrix(values: pl.Series, missing: float) -> np.ndarray:
    """Numbers as doubles, little end first."""
    numbers = values.cast(pl.Float64).fill_null(missing).to_numpy().astype("<f8")
    return numbers.view(np.uint8).reshape(-1, 8)


def days_since(values: pl.Series, zero: date) -> pl.Series:
    """Days from a format's day of nought."""
    return values.to_physical() - (zero - date(1970, 1, 1)).days


def in_slices(rows: pl.DataFrame, row_bytes: int) -> Iterator[pl.DataFrame]:
    """Rows, so many at a time that their records are a few mebibytes."""
    yield from rows.iter_slices(max(1, BYTES_AT_ONCE // max(row_bytes, 1)))


def one_row(columns: Sequence[Column]) -> pl.DataFrame:
    """A table of one row of no meaning that is as wide as the columns are."""
    values = {each.name: ["x" * max(each.width, 1)] if each.kind == "text" else [0.0] for each in columns}
    return pl.DataFrame(values)


def written_by_library(write: Callable[[str], Any]) -> bytes:
    """What a library writes to a path, in memory.

    :raises GuardedFailure: when it does not.
    """
    failure = ""
    handle = os.memfd_create("header")
    try:
        write(f"/proc/self/fd/{handle}")
        return os.pread(handle, os.fstat(handle).st_size, 0)
    except Exception as error:  # its text could quote a label
        failure = type(error).__name__
    finally:
        os.close(handle)
    raise GuardedFailure(f"the header of a data file could not be written ({failure}); nothing was sealed")


def around_row(content: bytes, place: int, columns: Sequence[Column], fields: Sequence[Field]) -> tuple[bytes, bytes]:
    """What stands before and after the one row that a library has written at a place.

    :raises GuardedFailure: when the library writes that row otherwise than records are written here.
    """
    row = b"".join(
        field.encode(pl.Series(["x" * max(column.width, 1)])).tobytes() if column.kind == "text" else bytes(field.width)
        for column, field in zip(columns, fields, strict=True)
    )
    if content[place : place + len(row)] != row:
        raise GuardedFailure("a library writes the records of a data file otherwise than known; nothing was sealed")
    return content[:place], content[place + len(row) :]


@dataclass(frozen=True)
class Frame:
    """What stands around the records: made for any number of rows."""

    header: Callable[[int], bytes]
    end: Callable[[int], bytes]


class RecordWriter:
    """A file of records between a header and an end."""

    def __init__(
        self,
        frame: Frame,
        fields: Sequence[Field],
        columns: Sequence[Column],
        rows: int,
        read: Callable[[bytes], pl.DataFrame],
        seen: Callable[[pl.DataFrame], pl.DataFrame],
    ) -> None:
        """``rows`` is how many there will be, ``columns`` as the format carries them, ``seen`` how readers see rows."""
        self._frame, self._fields, self._columns, self._rows = frame, fields, columns, rows
        self._read, self._seen = read, seen
        self.row_bytes = sum(field.width for field in fields)

    def opening(self) -> bytes:
        """The header."""
        return self._frame.header(self._rows)

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """Records, each chunk also as a file of its own."""
        for some in in_slices(as_carried(rows, self._columns), self.row_bytes):
            content = records(self._fields, some)
            yield Chunk(content, partial(self._alone, content, some.height), self._seen(some))

    def closing(self) -> Iterator[Chunk]:
        """The end."""
        yield Chunk(self._frame.end(self._rows))

    def read(self, content: bytes) -> pl.DataFrame:
        """A file as another library reads it."""
        return self._read(content)

    def _alone(self, content: bytes, rows: int) -> bytes:
        return self._frame.header(rows) + content + self._frame.end(rows)
