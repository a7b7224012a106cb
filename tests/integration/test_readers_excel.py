"""Real workbooks, written by a real writer: exact text, counted rows, refused damage."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable, inspect_register_file, read_register_file

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


def read(content: bytes, name: str = "file.xlsx", **terms: object) -> RegisterTable:
    return inspect_register_file(content, name, FileContract.model_validate(terms))


def refusal(content: bytes, name: str = "file.xlsx", **terms: object) -> str:
    with pytest.raises(FileRefused) as refused:
        read_register_file(content, name, FileContract.model_validate(terms))
    return str(refused.value)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("001", "001"),
        ("220101011234", "220101011234"),
        (220101011234, "220101011234"),
        (" å ä ö ", " å ä ö "),
        ("a\nb", "a\nb"),
        ("<&>", "<&>"),
        ("0.10", "0.10"),
        ("1e5", "1e5"),
        ("2219-01-02 00:00:00", "2219-01-02 00:00:00"),
        (1, "1"),
        (1.5, "1.5"),
        (1 / 3, "0.3333333333333333"),
        (1e-12, "1e-12"),
        (123456789012345, "123456789012345"),
        ("1234567890123456789", "1234567890123456789"),
        (True, "true"),
        (dt.date(2219, 1, 2), "2219-01-02"),
        (dt.datetime(2219, 1, 2, 3, 4, 5), "2219-01-02 03:04:05"),
        (dt.time(3, 4, 5), "03:04:05"),
        ("", ""),
        (None, None),
    ],
)
def test_a_cell_becomes_its_exact_text(cell: object, text: str | None) -> None:
    table = read(workbook(sheet([["LopNr", "x"], ["1", cell], ["2", "z"]])))
    assert table.frame.rows() == [("1", text), ("2", "z")]
    assert (table.format, table.sheet, table.records) == ("excel", "Blad1", 3)


def test_dates_are_the_same_in_the_calendar_of_old_macs() -> None:
    rows: list[list[object]] = [["a"], [dt.date(2219, 1, 2)]]
    assert read(workbook(sheet(rows), date_1904=True)).frame.rows() == [("2219-01-02",)]


def test_numbers_beyond_what_excel_keeps_are_remarked() -> None:
    assert read(workbook(sheet([["a"], [1234567890123456789]]))).remarks == {"numbers_beyond_15_digits": 1}


def test_blank_rows_and_columns_around_the_table_are_no_data() -> None:
    table = read(workbook(sheet([["a", "b"], ["1", None], ["3", "4"]], at=(3, 2))))
    assert (table.columns, table.frame.rows()) == (("a", "b"), [("1", None), ("3", "4")])


def test_a_blank_row_between_rows_is_refused_by_number() -> None:
    table = read(workbook(sheet([["a"], ["1"], [], ["3"]])))
    assert [(problem.row, problem.problem.value) for problem in table.problems] == [(2, "blank_line")]
    assert table.row_numbers().to_list() == [1, 3]


def test_formulas_are_not_calculated_and_errors_are_refused() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.write_formula(1, 0, "=1+1", None, 7)
        page.write_formula(2, 0, "=NA()", None, "#N/A")
        page.write_formula(3, 0, '="q"', None, "q")
        page.write_column(1, 1, ["x", "y", "z"])

    table = read(edited(workbook(fill), b"<v>q</v>", b"<v></v>"))
    assert table.frame.rows() == [("7", "x"), ("", "z")]
    assert [(problem.row, problem.problem.value) for problem in table.problems] == [(2, "error_cell")]
    assert table.remarks == {"formulas": 3}


def test_a_formula_that_was_never_calculated_is_refused() -> None:
    content = edited(workbook(sheet([["a", "b"], [1, "x"], [77, "y"]])), b"<v>77</v>", b"<f>1+1</f>")
    table = read(content)
    assert table.frame.rows() == [("1", "x")]
    assert [(problem.row, problem.problem.value) for problem in table.problems] == [(2, "formula_without_stored_value")]


def test_several_sheets_with_content_are_refused_unless_one_is_declared() -> None:
    content = workbook(sheet([["a"], ["1"]], "A"), sheet([["b"], ["2"]], "B"), sheet([], "Tom"))
    assert "2 visible sheets have content" in refusal(content)
    assert read(content, sheet="B").frame.to_dicts() == [{"b": "2"}]
    assert "lacks the declared sheet" in refusal(content, sheet="C")


def test_hidden_sheets_are_counted_and_named_and_not_read() -> None:
    table = read(workbook(sheet([["a"], ["1"]], "A"), sheet([["b"], ["2"]], "Dold", hide=True)))
    assert (table.frame.to_dicts(), table.hidden_sheets) == ([{"a": "1"}], ("Dold",))
    assert table.remarks == {"hidden_sheets": 1}


def test_macros_are_ignored_and_remarked() -> None:
    content = with_part(workbook(sheet([["a"], ["1"]])), "xl/vbaProject.bin", b"macro")
    table = read(content, "file.xlsm")
    assert (table.rows, table.remarks) == (1, {"macros_ignored": 1})


def test_a_sheet_without_rows_below_its_header_is_a_table_of_no_rows() -> None:
    table = read(workbook(sheet([["a", "b"]])))
    assert (table.columns, table.rows) == (("a", "b"), 0)


def test_a_bare_sheet_takes_its_declared_names() -> None:
    table = read(workbook(sheet([["1", "2"], ["3", "4"]])), header=False, columns=[{"name": "a"}, {"name": "b"}])
    assert table.frame.to_dicts() == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert "looks like data" in refusal(workbook(sheet([["220101011234"], ["220101021234"]])))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"a;b\n1;2\n", "the content is text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old Office document or a workbook with a password"),
        (workbook(sheet([])), "the file is empty"),
        (workbook(sheet([["a"], ["1"]]))[:3000], "cut off or damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(content)


def test_a_flipped_byte_inside_is_refused() -> None:
    content = bytearray(workbook(sheet([["a", "b"], ["1", "2"]])))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo("xl/worksheets/sheet1.xml")
    content[member.header_offset + 60 + len(member.filename)] ^= 0xFF
    assert "damaged" in refusal(bytes(content))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", "a;b\n")
    assert "a zip archive, not an Excel workbook" in refusal(stream.getvalue())


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_xml_with_a_document_type_is_refused(part: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = workbook(sheet([["a"], ["x"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read(part)
    assert "XML that no Excel writes" in refusal(with_part(content, part, bomb + body.partition(b"?>")[2]))


def with_part(content: bytes, part: str, body: bytes) -> bytes:
    """The workbook with one part added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, body)
    return stream.getvalue()


def edited(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of its first sheet replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("xl/worksheets/sheet1.xml")
    assert old in body
    return with_part(content, "xl/worksheets/sheet1.xml", body.replace(old, new))


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


def test_a_header_with_an_error_cell_is_refused() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_formula(0, 0, "=NA()", None, "#N/A")
        page.write_row(1, 0, ["a", "b"])

    assert "the header has cells without a value" in refusal(workbook(fill))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"])
def test_a_workbook_that_lacks_a_part_is_refused(part: str) -> None:
    content = workbook(sheet([["a"], ["1"]]))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    assert "file.xlsx: the " in refusal(stream.getvalue())


def test_elapsed_time_may_be_longer_than_a_day() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        elapsed = book.add_format({"num_format": "[h]:mm:ss"})
        page.write_row(0, 0, ["a"])
        for row, days in enumerate((1.25, 0.5, -0.5), 1):
            page.write_number(row, 0, days, elapsed)

    assert read(workbook(fill)).frame["a"].to_list() == ["30:00:00", "12:00:00", "-12:00:00"]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = workbook(sheet([["a"], *[[f"{row:01000}"] for row in range(1000)]]))
    monkeypatch.setattr("samkorning.register_files.workbook.MOST_UNPACKED", 100_000)
    assert "unpacked the workbook has over" in refusal(content)
    monkeypatch.setattr("samkorning.register_files.workbook.MOST_BYTES", 1000)
    assert "the workbook is larger than" in refusal(content)


def test_hidden_rows_and_merged_cells_are_read_and_remarked() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_column(0, 0, ["a", "1", "2"])
        page.write_column(0, 1, ["b", "x"])
        page.merge_range(2, 0, 2, 1, "2")
        page.set_row(1, None, None, {"hidden": True})

    table = read(workbook(fill))
    assert table.frame.rows() == [("1", "x"), ("2", None)]
    assert table.remarks == {"hidden_rows": 1, "merged_cells": 1}
