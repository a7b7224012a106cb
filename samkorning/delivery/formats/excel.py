"""Excel workbooks (.xlsx) of small tables.

What belongs here: one sheet of typed rows, and what a sheet does not hold. What must not: other formats; the variable
list of a package (samkorning.delivery.documents). A workbook is made in memory, so its size has a limit.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.columns import Column, Kind, Table
from samkorning.delivery.formats.format import Chunk, Loss, Refusal, Writer, empty_text, untyped_refusals
from samkorning.delivery.formats.limits import number_refusals
from samkorning.delivery.formats.values_as_text import as_carried, days_as_text, within_calendar
from samkorning.errors import GuardedFailure

MOST_ROWS, MOST_CELLS, MOST_COLUMNS, LONGEST_TEXT = 100_000, 2_000_000, 16_384, 32_767
MOST_DIGITS = 15
GREATEST, LEAST = 9.99e307, 2.3e-308
FIRST_DAY = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was: days before this one are text."""
_SHEET, _CREATED = "Data", datetime(2000, 1, 1)
_READ_AS: dict[Kind, str] = {
    "text": "string",
    "integer": "float",
    "decimal": "float",
    "date": "date",
    "boolean": "boolean",
}
_AS_WRITTEN = {
    "in_memory": True,  # no file of its own in the temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Excel:
    """The format."""

    name: FormatName = "excel"
    ending = ".xlsx"
    typed = True

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """Large tables, long text, control characters, and numbers of more digits than a sheet keeps."""
        yield from untyped_refusals(table)
        yield from number_refusals(table.columns, GREATEST, LEAST)
        width = len(table.columns)
        if table.rows > MOST_ROWS or table.rows * width > MOST_CELLS or width > MOST_COLUMNS:
            yield Refusal(None, f"has more than {MOST_ROWS} rows, {MOST_CELLS} cells or {MOST_COLUMNS} variables")
        for column in table.columns:
            yield from _column_refusals(column)

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """Labels stand in the variable list."""
        yield from empty_text(table.columns)
        yield from days_as_text(table.columns, within_calendar(table.columns, FIRST_DAY))

    def writer(self, table: Table) -> Writer:
        """A writer of one workbook."""
        return _Workbook(table, within_calendar(table.columns, FIRST_DAY))


def _column_refusals(column: Column) -> Iterator[Refusal]:
    if column.kind == "text" and column.width > LONGEST_TEXT:
        yield Refusal(column.name, f"has text longer than {LONGEST_TEXT} bytes")
    if column.kind == "text" and (column.control or column.line_break or column.noncharacter):
        yield Refusal(column.name, "has text with control characters, line breaks or U+FFFE, U+FFFF")
    if column.kind == "decimal" and column.many_digits:
        yield Refusal(column.name, f"has decimals of more than {MOST_DIGITS} digits")
    if column.kind == "integer" and (column.farthest or 0) >= 10**MOST_DIGITS:
        yield Refusal(column.name, f"has whole numbers of more than {MOST_DIGITS} digits")


class _Workbook:
    """One workbook."""

    def __init__(self, table: Table, columns: Sequence[Column]) -> None:
        self._columns, self._height = columns, 0
        self.row_bytes = 0
        self._content = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._content, _AS_WRITTEN)
        self._book.set_properties({"title": table.name, "created": _CREATED})
        self._sheet = self._book.add_worksheet(_SHEET)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._kept: list[pl.DataFrame] = []
        for place, column in enumerate(columns):
            _must_fit(self._sheet.write_string(0, place, column.name))
        self._sheet.freeze_panes(1, 0)

    def opening(self) -> bytes:
        """Nothing: a workbook has no bytes before it is closed."""
        return b""

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """Fills cells."""
        carried = as_carried(rows, self._columns)
        cells = [self._cell(dtype) for dtype in carried.dtypes]
        for row, values in enumerate(carried.iter_rows(), start=self._height + 1):
            for place, (cell, value) in enumerate(zip(cells, values, strict=True)):
                if value is not None and value != "":
                    _must_fit(cell(row, place, value))
        self._height += carried.height
        self._kept.append(carried)
        yield from ()

    def closing(self) -> Iterator[Chunk]:
        """The whole workbook."""
        self._book.close()
        content = self._content.getvalue()
        rows = pl.concat(self._kept).select(map(_as_read, self._columns)) if self._height else None
        yield Chunk(content, lambda: content, rows)

    def read(self, content: bytes) -> pl.DataFrame:
        """The cells as fastexcel reads them; a number that is read as text would lose decimals there."""
        import fastexcel

        kinds: dict[Any, Any] = {place: _READ_AS[column.kind] for place, column in enumerate(self._columns)}
        found: pl.DataFrame = fastexcel.read_excel(content).load_sheet(0, header_row=0, dtypes=kinds).to_polars()
        return found

    def _cell(self, dtype: pl.DataType) -> Callable[[int, int, Any], int]:
        """How a value of a type is written: at which row and column, and which."""
        write: dict[type[pl.DataType], Any] = {
            pl.String: self._sheet.write_string,
            pl.Boolean: self._sheet.write_boolean,
            pl.Date: lambda row, column, day: int(self._sheet.write_datetime(row, column, day, self._day)),
        }
        chosen: Callable[[int, int, Any], int] = write.get(type(dtype), self._sheet.write_number)
        return chosen


def _must_fit(answer: int) -> None:
    """The library says by a number that it has left a value out.

    :raises GuardedFailure: when it has.
    """
    if answer:
        raise GuardedFailure("a value did not fit into a cell; nothing was sealed")


def _as_read(column: Column) -> pl.Expr:
    """Typed values as cells have them: empty text is missing, numbers are decimals."""
    value = pl.col(column.name)
    if column.kind == "text":
        return pl.when(value != "").then(value).alias(column.name)
    return value.cast(pl.Float64) if column.kind in ("integer", "decimal") else value
