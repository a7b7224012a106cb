"""Real workbooks, written by a real writer: exact text, counted rows, refused damage."""

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable
from tests.reading_here import inspect_register_file, read_register_file
from tests.workbooks import edited, sheet, with_part, workbook


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
        (9736923.87, "9736923.87"),
        (1234567890.1, "1234567890.1"),
        (99999999999999.9, "99999999999999.9"),
        ("9736923.869999999", "9736923.869999999"),
        (123456789012345, "123456789012345"),
        (1000000000000000, "1000000000000000"),
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


@pytest.mark.parametrize("number", [60, 60.5, -1, -0.5, 2958466])
def test_a_row_with_a_number_that_is_shown_as_a_date_and_is_none_is_refused(number: float) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_column(0, 0, ["a", "x", "y", "z"])
        page.write_string(0, 1, "day")
        page.write_column(1, 1, [59, number, 61], book.add_format({"num_format": "yyyy-mm-dd"}))

    table = read(workbook(fill))
    assert table.frame.rows() == [("x", "1900-02-28"), ("z", "1900-03-01")]
    assert [(each.row, each.problem.value) for each in table.problems] == [(2, "no_date_of_the_calendar")]


def test_a_header_among_the_rows_is_refused() -> None:
    table = read(workbook(sheet([["a", "b"], ["1", "2"], ["a", "b"], ["a", "3"]], at=(2, 1))))
    assert table.frame.rows() == [("1", "2"), ("a", "3")]
    assert [(each.row, each.problem.value) for each in table.problems] == [(2, "header_again")]


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


def test_a_header_with_an_error_cell_is_refused() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_formula(0, 0, "=NA()", None, "#N/A")
        page.write_row(1, 0, ["a", "b"])

    assert "the header has cells without a value" in refusal(workbook(fill))


def test_elapsed_time_may_be_longer_than_a_day() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        elapsed = book.add_format({"num_format": "[h]:mm:ss"})
        page.write_row(0, 0, ["a"])
        for row, days in enumerate((1.25, 0.5, -0.5), 1):
            page.write_number(row, 0, days, elapsed)

    assert read(workbook(fill)).frame["a"].to_list() == ["30:00:00", "12:00:00", "-12:00:00"]


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
