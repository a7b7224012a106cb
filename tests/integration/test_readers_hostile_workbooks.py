"""Workbooks that no Excel wrote: read exactly where their meaning is certain, refused where it is not."""

import io
import zipfile

import pytest
from test_readers_excel import read, refusal

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, inspect_register_file
from tests.workbooks import sheet, with_part, workbook


def by_hand(rows: str) -> bytes:
    """A workbook whose sheet is this XML below a header of the columns a and b."""
    header = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = f'<?xml version="1.0"?>\n<worksheet xmlns="{space}"><sheetData>{header}{rows}</sheetData></worksheet>'
    return with_part(workbook(sheet([["a"], ["x"]])), "xl/worksheets/sheet1.xml", body.encode())


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ('<row r="2"><c r="A2"><v>0.30000000000000004</v></c></row>', ("0.30000000000000004", None)),
        ('<row r="2"><c r="A2"><v>1.2345678901234567E-10</v></c></row>', ("1.2345678901234568e-10", None)),
        ('<row r="2"><c r="A2" t="str"><v>007</v></c><c r="B2"><v>7</v></c></row>', ("007", "7")),
        ('<row r="2"><c r="A2" t="d"><v>2219-01-02</v></c><c r="B2" t="b"><v>0</v></c></row>', ("2219-01-02", "false")),
        ("<row><c><v>1</v></c><c><v>2</v></c></row>", ("1", "2")),
        (
            '<row r="2"><c r="B2" t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r></is></c></row>',
            (None, "xy"),
        ),
    ],
)
def test_cells_of_other_writers_are_read_as_they_stand(row: str, cells: tuple[str | None, ...]) -> None:
    assert read(by_hand(row)).frame.rows() == [cells]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>', "counted for certain"),
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>', "counted for certain"),
        ('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>', "counted for certain"),
        ('<row r="2"><c r="A7"><v>1</v></c></row>', "counted for certain"),
        ('<!-- <row r="5"/> --><row r="2"><c r="A2"><v>1</v></c></row>', "counted for certain"),
        ('<row r="2"><c r="A2" t="s"><v>99</v></c></row>', "cannot be read"),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "more than 30000000 cells"),
        ('<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>', "more than 30000000 cells"),
        ('<row r="2"><c r="A99999999999999999999"><v>1</v></c></row>', "more than 30000000 cells"),
        ('<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>', "more than 30000000 cells"),
    ],
)
def test_a_sheet_that_readers_could_read_differently_is_refused(rows: str, problem: str) -> None:
    assert problem in refusal(by_hand(rows))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_xml_with_a_document_type_is_refused(part: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = workbook(sheet([["a"], ["x"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read(part)
    assert "XML that no Excel writes" in refusal(with_part(content, part, bomb + body.partition(b"?>")[2]))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"])
def test_a_workbook_that_lacks_a_part_is_refused(part: str) -> None:
    content = workbook(sheet([["a"], ["1"]]))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    assert "file.xlsx: the " in refusal(stream.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = workbook(sheet([["a"], *[[f"{row:01000}"] for row in range(1000)]]))
    monkeypatch.setattr("samkorning.register_files.workbooks.workbook.MOST_UNPACKED", 100_000)
    assert "unpacked the workbook has over" in refusal(content)
    monkeypatch.setattr("samkorning.register_files.workbooks.workbook.MOST_BYTES", 1000)
    assert "the workbook is larger than" in refusal(content)


def test_a_workbook_whose_end_tells_a_place_outside_of_it_is_refused() -> None:
    content = bytearray(workbook(sheet([["a"], ["1"]])))
    place = content.rfind(b"PK\x05\x06") + 16
    content[place : place + 4] = (int.from_bytes(content[place : place + 4], "little") + 2000).to_bytes(4, "little")
    assert "the workbook is damaged inside" in refusal(bytes(content))


@pytest.mark.parametrize("encoding", ["x-kanarieord", "b", "gb18030", "shift_jis"])
def test_a_part_that_declares_an_encoding_of_its_own_is_refused(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><workbook/>'.encode()
    content = with_part(workbook(sheet([["a"], ["1"]])), "xl/workbook.xml", body)
    problem = "the workbook's list of sheets cannot be read"
    assert problem in refusal(content)
    with pytest.raises(FileRefused, match=problem):
        inspect_register_file(content, "file.xlsx", FileContract())
