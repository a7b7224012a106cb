"""Excel workbooks of a package: sheets of rows under heads, the same bytes every time.

What belongs here: writing a workbook. What must not: what stands in it.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import xlsxwriter

_AS_WRITTEN = {
    "in_memory": True,  # no file of its own in the temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
Cell = str | int | float | None
_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the heads of its columns with their widths, and its rows."""

    name: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def workbook(title: str, created: date, sheets: Iterable[Sheet]) -> bytes:
    """The workbook; its creation date is the delivery's, so bytes repeat."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _AS_WRITTEN)
    book.set_properties({"title": title, "created": datetime.combine(created, time())})
    bold = book.add_format({"bold": True})
    for each in sheets:
        sheet = book.add_worksheet(each.name)
        sheet.write_row(0, 0, each.heads, bold)
        for column, width in enumerate(each.widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(each.rows, start=1):
            sheet.write_row(number, 0, [_fitting(cell) for cell in row])
        sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def _fitting(cell: Cell) -> Cell:
    """Excel holds no longer text in a cell."""
    return cell[:_LONGEST_CELL] if isinstance(cell, str) else cell
