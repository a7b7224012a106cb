"""Delimited text, the same bytes every time: CSV, and text with tabulators.

What belongs here: header, rows, and what delimited text cannot hold. What must not: where the rows come from.

CSV: UTF-8 with a byte order mark, ``;`` between fields, CRLF after every row (RFC 4180; SAS and Excel on Windows expect
it), dates as 2219-05-04, point as decimal sign, nothing for a missing value and ``""`` for an empty text. The other has
a tabulator between fields and no byte order mark. Values are never altered: a text that begins with = + - or @ leaves
as it is, and the readme names the variables where that occurs, because a spreadsheet would calculate it.
"""

import io
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
from pyarrow import csv

from samkorning.data_formats import FormatName, header_problem
from samkorning.delivery.formats.columns import Table
from samkorning.delivery.formats.format import Chunk, Loss, Refusal, Writer
from samkorning.errors import CheckFailed

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Delimited:
    """A format of rows as lines; ``mark`` is what the file begins with."""

    typed = False

    def __init__(self, name: FormatName, ending: str, separator: str, mark: bytes = b"") -> None:
        self.name, self.ending, self._separator, self._mark = name, ending, separator, mark

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """Names that no first line can hold, and columns of a type that text does not hold."""
        for name, dtype in table.schema.items():
            problem = header_problem(name, self.name)
            if problem:
                yield Refusal(name, f"{problem} (its name)")
            if not _can_hold(dtype):
                yield Refusal(name, f"is {dtype}; make it text, number, date or local time")

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """Nothing: all values leave as they are linked."""
        yield from ()

    def writer(self, table: Table) -> Writer:
        """A writer of lines."""
        return _Lines(table.schema, self._separator, self._mark)


CSV = Delimited("csv", ".csv", ";", BYTE_ORDER_MARK)
TAB = Delimited("tab", ".txt", "\t")


class _Lines:
    """One file of lines."""

    row_bytes = 0

    def __init__(self, schema: pl.Schema, separator: str, mark: bytes) -> None:
        self._schema, self._separator = schema, separator
        names = pl.DataFrame(schema=schema).write_csv(separator=separator, line_terminator="\r\n")
        self._header = mark + names.encode()

    def opening(self) -> bytes:
        """The names of the columns."""
        return self._header

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """Rows, each with its line end.

        :raises CheckFailed: when a row would be a blank line, which most readers skip.
        """
        if rows.width == 1 and rows.to_series().null_count():
            name = rows.columns[0]
            raise CheckFailed(f"a file of {name} alone has rows without a value; drop them or add a variable")
        text = io.BytesIO()
        rows.write_csv(
            text,
            include_header=False,
            separator=self._separator,
            line_terminator="\r\n",
            datetime_format="%Y-%m-%dT%H:%M:%S%.f",
            time_format="%H:%M:%S%.f",
        )
        content = text.getvalue()
        yield Chunk(content, lambda: self._header + content, rows)

    def closing(self) -> Iterator[Chunk]:
        """Nothing."""
        yield from ()

    def read(self, content: bytes) -> pl.DataFrame:
        """The lines as PyArrow reads them; a type that it has no text for stays text until the last step."""
        table = csv.read_csv(
            pa.BufferReader(content),
            read_options=csv.ReadOptions(block_size=max(len(content) + 1, 64), use_threads=False),
            parse_options=csv.ParseOptions(
                delimiter=self._separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types={name: _read_as(dtype) for name, dtype in self._schema.items()},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                true_values=["true"],
                false_values=["false"],
            ),
        )
        found = pl.DataFrame(pl.from_arrow(table))
        return found.with_columns(
            _read_on(name, dtype) for name, dtype in self._schema.items() if found.schema.get(name) not in (dtype, None)
        )


def _can_hold(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Datetime):
        return dtype.time_zone is None
    plain = (pl.Null, pl.String, pl.Boolean, pl.Date, pl.Time, pl.Categorical, pl.Enum)
    return dtype.is_numeric() or isinstance(dtype, plain)


def _read_on(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column that PyArrow has no text for, or in a wider type."""
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit=dtype.time_unit, strict=False)
    if isinstance(dtype, pl.Time):
        return pl.col(name).str.to_time("%H:%M:%S%.f", strict=False)
    return pl.col(name).cast(dtype, strict=False)


def _read_as(dtype: pl.DataType) -> pa.DataType:
    kinds: dict[type[pl.DataType], pa.DataType] = {
        pl.Boolean: pa.bool_(),
        pl.Date: pa.date32(),
        pl.Float32: pa.float32(),
        pl.Float64: pa.float64(),
        pl.UInt64: pa.uint64(),
    }
    if dtype.is_integer() and not isinstance(dtype, pl.Int128 | pl.UInt128 | pl.UInt64):
        return pa.int64()
    return kinds.get(type(dtype), pa.large_string())
