"""Old Excel workbooks for tests, written by xlwt.

What belongs here: rows as bytes of a workbook. What must not: expectations.
"""

import datetime as dt
import io
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlwt

Fill = Callable[[xlwt.Workbook], None]
_FORMATS = {
    dt.datetime: "YYYY-MM-DD HH:MM:SS",
    dt.date: "YYYY-MM-DD",
    dt.time: "HH:MM:SS",
}


def workbook_of(*fills: Fill) -> bytes:
    """A workbook that the functions fill one after the other."""
    book, stream = xlwt.Workbook(), io.BytesIO()
    for fill in fills:
        fill(book)
    book.save(stream)
    return stream.getvalue()


def sheet(rows: Iterable[Sequence[Any]], name: str = "Blad1", at: tuple[int, int] = (0, 0), hide: int = 0) -> Fill:
    """A sheet with these rows from a place on; ``hide`` 1 is hidden, 2 is hidden from Excel's menus too."""

    def fill(book: xlwt.Workbook) -> None:
        page = book.add_sheet(name)
        page.visibility = hide
        for row, cells in enumerate(rows, at[0]):
            for column, cell in enumerate(cells, at[1]):
                if cell is not None:
                    form = _FORMATS.get(type(cell))
                    style = (xlwt.easyxf(num_format_str=form),) if form else ()
                    page.write(row, column, cell, *style)

    return fill


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet."""
    return workbook_of(sheet(rows))


def in_code_page(content: bytes, code_page: int) -> bytes:
    """The workbook with another code page told than the one that its text is in, as R packages do."""
    said = struct.pack("<HHH", 0x0042, 2, 1200)
    assert content.count(said) == 1
    return content.replace(said, said[:4] + struct.pack("<H", code_page))
