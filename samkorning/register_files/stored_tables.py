"""Tables that a format stores with types (Parquet, Arrow) as register files.

What belongs here: what these formats share once a frame is read: names, exact text, the count against a second reader.
What must not: how either is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from samkorning.errors import FileRefused
from samkorning.register_files.content import Content, open_content, refuse_empty
from samkorning.register_files.contract import FileContract
from samkorning.register_files.exact_text import as_text
from samkorning.register_files.header import name_columns
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.table import Tally

LIBRARY_ERRORS = (
    pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, OverflowError,
    LookupError, TypeError, RuntimeError,
)  # fmt: skip
MOST_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Counted:
    """What a second reader counted: rows, and times of day that are empty.

    Polars reads a time that is beyond its day, such as 24:00:00, as an empty one (seen with 2.1).
    """

    rows: int
    empty_times: int


def names_of_times(schema: pa.Schema) -> list[str]:
    """The columns that hold times of day."""
    return [field.name for field in schema if pa.types.is_time(field.type)]


def empty_cells(table: pa.Table) -> int:
    """How many cells are empty."""
    return sum(column.null_count for column in table.columns)


def read_whole(content: Content, name: str) -> bytes:
    """All bytes of a file that is opened from memory, up to 1 GiB."""
    with open_content(content) as stream:
        data = stream.read(MOST_BYTES + 1)
    if not data:
        raise refuse_empty(name)
    if len(data) > MOST_BYTES:
        raise FileRefused(name, f"the file is larger than {MOST_BYTES // 2**20} MiB", "send it as delimited text")
    return data


def opened_table(
    name: str, form: str, frame: pl.DataFrame, counted: Counted, contract: FileContract, wanted: str
) -> OpenedFile:
    """The frame as a register file; ``counted`` is what a second reader counted; ``wanted`` is its form in messages."""
    columns = name_columns(frame.columns, name, contract)
    if not columns:
        raise refuse_empty(name)
    if frame.height != counted.rows:
        raise FileRefused(name, "its two readers differ on its rows", "write the file again and send that")
    texts = _exact_texts(frame)
    empty_times = sum(column.null_count() for column in frame if column.dtype == pl.Time)
    if texts is None or empty_times != counted.empty_times:
        raise refuse_damaged(name, wanted)
    odd = [place for place, text in enumerate(texts, 1) if text is None]
    if odd:
        places = ", ".join(map(str, odd[:20]))
        raise FileRefused(name, f"columns {places} hold no single values", "send lists and structures as columns")
    rows = pl.DataFrame([text for text in texts if text is not None])
    named = rows.rename(dict(zip(rows.columns, columns, strict=True)))
    tally = Tally(records=counted.rows)
    return OpenedFile(
        name=name, format=form, columns=columns, encoding=None, separator=None, tally=tally, batches=_one(named, tally)
    )


def _exact_texts(frame: pl.DataFrame) -> Sequence[pl.Series | None] | None:
    """Every column as text, None for one without single values; nothing where values are none of their type."""
    texts = None
    try:
        texts = [as_text(column) for column in frame]
    except LIBRARY_ERRORS:  # a date beyond the calendar
        texts = None
    return texts


def _one(frame: pl.DataFrame, tally: Tally) -> Iterator[Batch]:
    tally.rows = frame.height
    yield Batch(frame, 1, [])


def refuse_damaged(name: str, wanted: str) -> FileRefused:
    """The refusal of a file that its reader cannot open."""
    return FileRefused(name, f"the content is no readable {wanted}", "write the file again and send that")
