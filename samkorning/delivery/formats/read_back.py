"""Reading back what has been written, by another library, and comparing it cell by cell before it is taken.

What belongs here: the comparison, and the thread in which it runs while the next rows are written. What must not: any
format. What differs is named by file, format, variable and row, never by its value.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import polars as pl

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.format import Chunk, Writer
from samkorning.errors import CheckFailed

MOST_WAITING = 1
"""How many chunks wait for the one that is being read back; each holds its rows and bytes in memory."""


class ReadBack:
    """Reads chunks back in a thread of its own, a chunk or two behind the writer; what is wrong is raised there."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-back")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def take(self, file: str, format_name: FormatName, writer: Writer, chunk: Chunk, before: int) -> None:
        """Has a chunk read back, as ``require_read_back`` does.

        :raises CheckFailed: for this chunk, or one that was taken before.
        """
        self._waiting.append(self._thread.submit(require_read_back, file, format_name, writer, chunk, before))
        self.wait(MOST_WAITING)

    def wait(self, left: int = 0) -> None:
        """Until no more than so many chunks wait; at the end of a file none may.

        :raises CheckFailed: for the first chunk that was read back otherwise than it was written.
        """
        while len(self._waiting) > left:
            self._waiting.popleft().result()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._thread.shutdown(cancel_futures=True)


def require_read_back(file: str, format_name: FormatName, writer: Writer, chunk: Chunk, before: int) -> None:
    """Refuses a chunk that another library reads as other rows than it was made of.

    :param before: rows of the file that came before those of the chunk.
    :raises CheckFailed: with the first variable and row that differ.
    """
    if chunk.rows is None:
        return
    found = _read(writer, chunk.alone())
    problem = "cannot be read" if found is None else _difference(chunk.rows, found, before)
    if problem:
        raise CheckFailed(
            f"{file}: as {format_name} it was read back otherwise than it was written: {problem}; nothing is "
            f"delivered. Choose another format in the specification, and tell whoever looks after the service"
        )


def _read(writer: Writer, content: bytes) -> pl.DataFrame | None:
    """What another library reads; nothing where it fails, whose errors could quote a cell."""
    try:
        return writer.read(content)
    except BaseException as error:  # a panic of a Rust reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
    return None


def _difference(rows: pl.DataFrame, found: pl.DataFrame, before: int) -> str | None:
    """The first variable and row that are not the same, or nothing."""
    if rows.columns != found.columns:
        return "its variables"
    if rows.height != found.height:
        return f"{found.height} rows in place of {rows.height}, from row {before + 1} on"
    for expected, read in zip(rows.iter_columns(), found.iter_columns(), strict=True):
        other = _other_values(expected, read)
        if other is None:
            return f"the type of {expected.name}"
        if other.any():
            return f"{expected.name} in row {before + 1 + (other.arg_max() or 0)}"
    return None


def _other_values(expected: pl.Series, read: pl.Series) -> pl.Series | None:
    """Where values differ; nothing where they are of different kinds."""
    if expected.dtype != read.dtype:
        if not _comparable(expected.dtype, read.dtype):
            return None
        read = read.cast(expected.dtype, strict=False)
    return expected.ne_missing(read)


def _comparable(one: pl.DataType, other: pl.DataType) -> bool:
    """Types whose values can be compared without a cast that loses any."""
    texts = (pl.String, pl.Categorical, pl.Enum)
    both_text = isinstance(one, texts) and isinstance(other, texts)
    wider = one.is_float() and other.is_integer()
    return both_text or wider or (one.is_integer() and other.is_integer()) or isinstance(other, pl.Null)
