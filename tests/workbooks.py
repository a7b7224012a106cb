"""Workbooks for tests, written by a real writer and then damaged by hand.

What belongs here: making them. What must not: expectations.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import xlsxwriter

from samkorning.register_files import ColumnContract, FileContract

Fill = Callable[[xlsxwriter.Workbook], None]


def workbook(*fills: Fill, **options: object) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    for fill in fills:
        fill(book)
    book.close()
    return stream.getvalue()


def sheet(rows: list[list[object]], name: str = "Blad1", at: tuple[int, int] = (0, 0), hide: bool = False) -> Fill:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet(name)
        formats = {
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.time: book.add_format({"num_format": "hh:mm:ss"}),
        }
        for row, cells in enumerate(rows, at[0]):
            for column, cell in enumerate(cells, at[1]):
                if isinstance(cell, str):
                    page.write_string(row, column, cell)
                elif cell is not None:
                    page.write(row, column, cell, formats.get(type(cell)))
        if hide:
            page.hide()

    return fill


def with_part(content: bytes, part: str, body: bytes) -> bytes:
    """The workbook with one part added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(zipfile.ZipInfo(name), old.read(name))
        new.writestr(zipfile.ZipInfo(part), body)
    return stream.getvalue()


def edited(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of its first sheet replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("xl/worksheets/sheet1.xml")
    assert old in body
    return with_part(content, "xl/worksheets/sheet1.xml", body.replace(old, new))


def promising(content: bytes, size: int) -> bytes:
    """The workbook with a part more that says it unpacks to so many bytes."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/media/picture.png", b"")
        archive.filelist[-1].file_size = size
    return stream.getvalue()


def flipped(content: bytes, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The workbook with one bit of a packed part turned."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo(part)
    damaged = bytearray(content)
    damaged[member.header_offset + 60 + len(member.filename)] ^= 0xFF
    return bytes(damaged)


def of_parts(content: bytes, count: int) -> bytes:
    """The workbook with so many empty parts more."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(count):
            archive.writestr(f"xl/media/{number}", b"")
    return stream.getvalue()


def of_other_program(*rows: str) -> bytes:
    """A workbook whose sheet has these rows as XML, as programs write it that leave out what need not be there."""
    sheet_of = '<?xml version="1.0"?>\n<worksheet xmlns="{}"><sheetData>{}</sheetData></worksheet>'
    body = sheet_of.format("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "\n".join(rows))
    return with_part(workbook(sheet([["x"]]), _at_no_time), "xl/worksheets/sheet1.xml", body.encode())


def _at_no_time(book: xlsxwriter.Workbook) -> None:
    book.set_properties({"created": dt.datetime(2026, 1, 1)})


def elsewhere(content: bytes) -> bytes:
    """The workbook with its parts in the root of the archive, where its own list of parts says they are."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name.removeprefix("xl/")), old.read(name).replace(b"xl/", b""))
    return stream.getvalue()


def all_of_sheet(name: str) -> FileContract:
    """A contract by which every row of a sheet is read, whatever stands in it."""
    columns = tuple(ColumnContract(name=f"c{number}", optional=True) for number in range(1, 30))
    return FileContract(format="excel", sheet=name, header=False, columns=columns, tolerance=1.0)
