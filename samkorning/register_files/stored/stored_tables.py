"""Tables that a format stores with types (Parquet, Arrow) as register files.

What belongs here: what these formats share once a frame is read: exact text, rows that are refused, the count against a
second reader. What must not: how either is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import polars as pl
import pyarrow as pa

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import Content, open_content, refuse_empty
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.stored.exact_text import as_text
from samkorning.register_files.table import MOST_REFUSED, RowFault, Tally

LIBRARY_ERRORS = (
    pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, OverflowError,
    LookupError, TypeError, RuntimeError,
)  # fmt: skip
Found = TypeVar("Found")
MOST_BYTES = 1024 * 1024 * 1024
_FIRST_DAY, _BEHIND_THE_LAST_DAY = -719_162, 2_932_897  # years 1 to 9999, in days from 1970
_PARTS_OF_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000}


@dataclass(frozen=True)
class SecondReading:
    """What a second reader says of a file: the names of its columns, its rows, and times of day that are empty.

    Polars reads a time that is beyond its day, such as 24:00:00, as an empty one (seen with 2.1).
    """

    names: Sequence[str]
    rows: int
    empty_times: int


def second_reading(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> SecondReading:
    """What PyArrow says of a table that it reads block by block."""
    times, rows, empty_times = [at for at, field in enumerate(schema) if _is_time(field.type)], 0, 0
    for batch in batches:
        rows += batch.num_rows
        empty_times += sum(batch.column(at).null_count for at in times)
    return SecondReading(schema.names, rows, empty_times)


def names_of_times(schema: pa.Schema) -> list[str]:
    """The columns that hold times of day."""
    return [field.name for field in schema if _is_time(field.type)]


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_time(kind.value_type if pa.types.is_dictionary(kind) else kind))


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


def tried(read: Callable[[], Found | None], name: str, wanted: str) -> Found:
    """What a library reads of a file; :class:`FileRefused` where it cannot, without a word of its own."""
    found = None
    try:
        found = read()
    except LIBRARY_ERRORS:
        found = None
    if found is None:
        raise refuse_damaged(name, wanted)
    return found


def opened_table(
    name: str, form: str, columns: Sequence[str], second: SecondReading, frame: pl.DataFrame, wanted: str
) -> OpenedFile:
    """The frame as a register file, held against a second reading; ``wanted`` is its form in messages."""
    if not columns:
        raise FileRefused(name, "the file has no columns", "send it again with its columns")
    if frame.height != second.rows:
        raise FileRefused(name, "its two readers differ on its rows", "write the file again and send that")
    if sum(column.null_count() for column in frame if column.dtype == pl.Time) != second.empty_times:
        raise refuse_damaged(name, wanted)
    stored, faults = _without_faults(frame)
    texts = tried(lambda: [as_text(column) for column in stored], name, wanted)
    odd = [place for place, text in enumerate(texts, 1) if text is None]
    if odd:
        places = ", ".join(map(str, odd[:20]))
        raise FileRefused(name, f"columns {places} hold no single values", "send lists and structures as columns")
    if len(faults) > MOST_REFUSED:
        raise FileRefused(name, f"more than {MOST_REFUSED} rows are damaged", "send the table without them")
    rows = pl.DataFrame([text for text in texts if text is not None])
    named = rows.rename(dict(zip(rows.columns, columns, strict=True)))
    tally = Tally(records=second.rows)
    return OpenedFile(
        name=name,
        format=form,
        columns=tuple(columns),
        encoding=None,
        separator=None,
        tally=tally,
        batches=_one(named, faults, tally),
    )


def _one(frame: pl.DataFrame, faults: dict[int, RowFault], tally: Tally) -> Iterator[Batch]:
    refused = sorted(faults)
    tally.refuse((row, faults[row]) for row in refused)
    kept = frame.filter(~pl.int_range(1, frame.height + 1, eager=True).is_in(refused)) if refused else frame
    tally.rows = kept.height
    yield Batch(kept, 1, refused)


def _without_faults(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, RowFault]]:
    """The frame without what is no date, and the rows, from 1, that are refused."""
    faults: dict[int, RowFault] = {}
    columns = []
    for column in frame:
        no_date = _is_no_date(column)
        faults |= dict.fromkeys((no_date.arg_true() + 1).to_list(), RowFault.NO_DATE)
        faults |= dict.fromkeys((_holds_nul(column).arg_true() + 1).to_list(), RowFault.NUL_CHARACTER)
        columns.append(column.set(no_date, None) if no_date.any() else column)
    return pl.DataFrame(columns), faults


def _is_no_date(column: pl.Series) -> pl.Series:
    """Dates and moments outside the years 1 to 9999; none of those that are stored by the nanosecond can be."""
    unit = column.dtype.time_unit if isinstance(column.dtype, pl.Datetime) else None
    if column.dtype != pl.Date and unit not in _PARTS_OF_A_DAY:
        return _no_row(column)
    parts, number = _PARTS_OF_A_DAY.get(unit or "", 1), column.to_physical()
    return ((number < _FIRST_DAY * parts) | (number >= _BEHIND_THE_LAST_DAY * parts)).fill_null(False)


def _holds_nul(column: pl.Series) -> pl.Series:
    if column.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return _no_row(column)
    return column.cast(pl.String).str.contains("\0", literal=True).fill_null(False)


def _no_row(column: pl.Series) -> pl.Series:
    return pl.repeat(False, column.len(), dtype=pl.Boolean, eager=True)


def refuse_damaged(name: str, wanted: str) -> FileRefused:
    """The refusal of a file that its reader cannot open."""
    return FileRefused(name, f"the content is no readable {wanted}", "write the file again and send that")
