"""SAS transport files (.xpt) of version 8, text in UTF-8.

What belongs here: what such a file holds, and its bytes. What must not: other formats. Layout: the header of a file
that pyreadstat writes, with the number of rows put in; numbers are IBM's, eight bytes, greatest byte first; the file is
filled with blanks to whole records of eighty bytes.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import polars as pl

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.columns import Column, Table
from samkorning.delivery.formats.fixed_records import (
    Field,
    Frame,
    RecordWriter,
    around_row,
    days_since,
    one_row,
    text_matrix,
    written_by_library,
)
from samkorning.delivery.formats.format import (
    Loss,
    Refusal,
    Writer,
    blanks_at_the_end,
    empty_text,
    name_refusals,
    untyped_refusals,
)
from samkorning.delivery.formats.labels import cut, labels_cut
from samkorning.delivery.formats.limits import number_refusals, text_refusals
from samkorning.delivery.formats.statistics_reader import in_numbers_and_text
from samkorning.delivery.formats.values_as_text import days_as_text, within_calendar

LONGEST_TEXT, LONGEST_LABEL = 32_767, 255
GREATEST, LEAST = 7.2e75, 5.4e-79
FIRST_DAY, _ZERO_DAY = date(1582, 10, 15), date(1960, 1, 1)
_RECORD = 80
_TIMES = re.compile(rb"[0-9]{2}[A-Z]{3}[0-9]{2}:[0-9]{2}:[0-9]{2}:[0-9]{2}")
_TIME = b"01JAN00:00:00:00"
_TIMES_WITHIN = 720
_ROWS = b"HEADER RECORD*******OBSV8   HEADER RECORD!!!!!!!"
_ROW_DIGITS = 15
_MISSING = np.frombuffer(b".\0\0\0\0\0\0\0", dtype=np.uint8)


class SasTransport:
    """The format."""

    name: FormatName = "sas_transport"
    ending = ".xpt"
    typed = True

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """Names, numbers and text that a transport file does not hold."""
        yield from name_refusals(table, self.name)
        yield from untyped_refusals(table)
        yield from number_refusals(table.columns, GREATEST, LEAST)
        yield from text_refusals(within_calendar(table.columns, FIRST_DAY), LONGEST_TEXT)
        if not any(column.kind != "text" and not column.missing for column in table.columns):
            yield Refusal(None, "has no number that every row has, and rows of blanks at its end would be lost")

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """What a transport file has no place for: it has no labels of codes."""
        columns = within_calendar(table.columns, FIRST_DAY)
        yield from empty_text(columns)
        yield from blanks_at_the_end(columns)
        yield from labels_cut(columns, LONGEST_LABEL, 0, lambda column: {})
        yield from days_as_text(table.columns, columns)

    def writer(self, table: Table) -> Writer:
        """A writer of records."""
        columns = within_calendar(table.columns, FIRST_DAY)
        fields = [_field(column) for column in columns]
        return RecordWriter(_frame(table, columns, fields), fields, columns, table.rows, _read, _seen)


def _read(content: bytes) -> pl.DataFrame:
    """The rows as ReadStat decodes them, which has made the header and none of the rows."""
    import pyreadstat

    rows, _ = pyreadstat.read_xport(io.BytesIO(content), output_format="polars", disable_datetime_conversion=True)
    return pl.DataFrame(rows).with_columns(pl.selectors.string().fill_null(""))


def _seen(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as that reader gives them: days as numbers."""
    days = pl.selectors.date().to_physical() - (_ZERO_DAY - date(1970, 1, 1)).days
    return in_numbers_and_text(rows.with_columns(days))


def _frame(table: Table, columns: Sequence[Column], fields: Sequence[Field]) -> Frame:
    import pyreadstat

    content = written_by_library(
        lambda path: pyreadstat.write_xport(
            one_row(columns),
            path,
            file_label=cut(table.name, 40),
            column_labels={column.name: cut(column.label, LONGEST_LABEL) for column in columns},
            table_name=table.name[:32],
            file_format_version=8,
            variable_format={column.name: "YYMMDD10." for column in columns if column.kind == "date"},
        )
    )
    record = sum(field.width for field in fields)
    rows_at = content.rindex(_ROWS, 0, len(content) - record) + len(_ROWS)
    before, _ = around_row(content, rows_at + _RECORD - len(_ROWS), columns, fields)
    start = bytearray(before)
    start[:_TIMES_WITHIN] = _TIMES.sub(_TIME, bytes(start[:_TIMES_WITHIN]))

    def header(rows: int) -> bytes:
        start[rows_at : rows_at + _ROW_DIGITS] = f"{rows:{_ROW_DIGITS}d}".encode()
        return bytes(start)

    return Frame(header, lambda rows: b" " * (-(rows * record) % _RECORD))


def _width(column: Column) -> int:
    return max(column.width, 1) if column.kind == "text" else 8


def _field(column: Column) -> Field:
    width = _width(column)
    if column.kind == "date":
        return Field(8, lambda values: ibm_matrix(days_since(values, _ZERO_DAY)))
    if column.kind != "text":
        return Field(8, ibm_matrix)
    return Field(width, lambda values: text_matrix(values, width, " "))


def ibm_matrix(values: pl.Series) -> np.ndarray:
    """Numbers as IBM writes them: a sign, a power of sixteen and 56 bits, of which a double fills 53 at most."""
    numbers = values.cast(pl.Float64).fill_null(0.0).to_numpy()
    bits = numbers.view(np.uint64)
    power = ((bits >> np.uint64(52)) & np.uint64(0x7FF)).astype(np.int64) - 1023
    sixteens = (power + 4) >> 2
    shift = (3 - (4 * sixteens - power - 1)).astype(np.uint64)
    fraction = ((bits & np.uint64(2**52 - 1)) | np.uint64(2**52)) << shift
    sign = bits & np.uint64(2**63)
    ibm = np.where(numbers == 0.0, np.uint64(0), sign | ((sixteens + 64).astype(np.uint64) << np.uint64(56)) | fraction)
    matrix = ibm.astype(">u8").view(np.uint8).reshape(-1, 8)
    matrix[values.is_null().to_numpy()] = _MISSING
    return matrix
