"""Old Excel workbooks, written by a real writer: the same promises as for newer ones, as far as the form allows."""

import datetime as dt
import struct

import pytest
import xlwt

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable
from samkorning.register_files.workbooks.compound_file import CompoundFile
from tests.old_workbooks import in_code_page, sheet, workbook, workbook_of
from tests.reading_here import inspect_register_file

DATA = [["LopNr", "Namn"], ["001", "Åsa"], ["002", None]]


def read(content: bytes, name: str = "file.xls", **terms: object) -> RegisterTable:
    return inspect_register_file(content, name, FileContract.model_validate(terms))


def refusal(content: bytes, name: str = "file.xls", **terms: object) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content, name, **terms)
    return str(refused.value)


def problems(table: RegisterTable) -> list[tuple[int, str]]:
    return [(problem.row, problem.problem.value) for problem in table.problems]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("001", "001"),
        ("220101011234", "220101011234"),
        (220101011234, "220101011234"),
        (" å ä ö ", " å ä ö "),
        ("a\nb", "a\nb"),
        ("1e5", "1e5"),
        ("2219-01-02 00:00:00", "2219-01-02 00:00:00"),
        (1, "1"),
        (1.5, "1.5"),
        (-0.01, "-0.01"),
        (1 / 3, "0.3333333333333333"),
        (1e-12, "1e-12"),
        (123456789012345, "123456789012345"),
        ("1234567890123456789", "1234567890123456789"),
        (True, "true"),
        (dt.date(2219, 1, 2), "2219-01-02"),
        (dt.datetime(2219, 1, 2, 3, 4, 5), "2219-01-02 03:04:05"),
        (dt.time(3, 4, 5), "03:04:05"),
        (None, None),
    ],
)
def test_a_cell_becomes_its_exact_text(cell: object, text: str | None) -> None:
    table = read(workbook([["a", "b"], ["x", cell]]))
    assert table.frame.rows() == [("x", text)]
    assert (table.format, table.encoding, table.sheet) == ("old_excel", None, "Blad1")
    assert table.records == table.header_records + table.rows == 2


def test_many_rows_and_kinds_of_cells_are_counted_by_records() -> None:
    rows = [[f"{number:06d}", number, number / 4, number % 2 == 0] for number in range(2000)]
    table = read(workbook([["t", "w", "n", "b"], *rows]))
    assert (table.rows, table.records) == (2000, 2001)
    assert table.frame.rows()[7] == ("000007", "7", "1.75", "false")


def test_numbers_beyond_15_digits_are_remarked() -> None:
    assert read(workbook([["a"], [10**15], ["1" * 20]])).remarks == {"numbers_beyond_15_digits": 1}


def test_dates_counted_from_1904_are_the_same_dates() -> None:
    def fill(book: xlwt.Workbook) -> None:
        book.dates_1904 = True
        sheet([["d"], [dt.date(2219, 1, 2)]])(book)

    assert read(workbook_of(fill)).frame["d"].to_list() == ["2219-01-02"]


def test_elapsed_time_may_be_longer_than_a_day() -> None:
    def fill(book: xlwt.Workbook) -> None:
        page = book.add_sheet("Blad1")
        page.write(0, 0, "a")
        for row, days in enumerate((1.25, 0.5), 1):
            page.write(row, 0, days, xlwt.easyxf(num_format_str="[h]:mm:ss"))

    assert read(workbook_of(fill)).frame["a"].to_list() == ["30:00:00", "12:00:00"]


def test_a_table_may_stand_anywhere_on_the_sheet_below_rows_to_skip() -> None:
    content = workbook_of(sheet([["Uttag"]]), sheet([], "tomt"))
    assert read(content).columns == ("Uttag",)

    def titled(book: xlwt.Workbook) -> None:
        page = book.add_sheet("Blad1")
        page.write(0, 0, "Uttag 2219")
        for row, cells in enumerate(DATA, 3):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)

    table = read(workbook_of(titled), skip_rows=1)
    assert table.frame.rows() == [("001", "Åsa"), ("002", None)]
    assert (table.records, table.header_records) == (6, 4)


def test_a_sheet_without_a_header_takes_the_declared_names() -> None:
    table = read(workbook(DATA[1:]), header=False, columns=[{"name": "LopNr"}, {"name": "Namn"}])
    assert table.frame.rows() == [("001", "Åsa"), ("002", None)]


def test_blank_rows_are_refused_by_number() -> None:
    table = read(workbook([*DATA, [], ["003", "x"]]))
    assert (problems(table), table.rows) == ([(3, "blank_line")], 3)


def test_error_cells_refuse_their_rows() -> None:
    def fill(book: xlwt.Workbook) -> None:
        page = book.add_sheet("Blad1")
        for row, cell in ((0, "a"), (1, "1"), (3, "3")):
            page.write(row, 0, cell)
        page.row(2).set_cell_error(0, "#DIV/0!")

    table = read(workbook_of(fill))
    assert (problems(table), table.frame["a"].to_list()) == ([(2, "error_cell")], ["1", "3"])


NEVER = bytes([3, 0, 0, 0, 0, 0, 255, 255])  # an empty text, which xlwt leaves for Excel to calculate over


def formulas(*results: bytes) -> bytes:
    """A sheet of formulas with these stored values."""

    def fill(book: xlwt.Workbook) -> None:
        page = book.add_sheet("Blad1")
        page.write(0, 0, "a")
        for row in range(1, len(results) + 1):
            page.write(row, 0, xlwt.Formula("1+1"))

    parts = workbook_of(fill).split(NEVER)
    assert len(parts) == len(results) + 1
    return b"".join(part + result for part, result in zip(parts, [*results, b""], strict=True))


def test_stored_values_of_formulas_are_read_and_formulas_that_nobody_calculated_refused() -> None:
    two = struct.pack("<d", 2.0)
    calculated = read(formulas(two, NEVER, two))
    assert (calculated.frame["a"].to_list(), calculated.remarks) == (["2", "", "2"], {"formulas": 3})
    never = read(formulas(NEVER, NEVER))
    assert problems(never) == [(1, "formula_without_stored_value"), (2, "formula_without_stored_value")]


@pytest.mark.parametrize("hide", [1, 2])
def test_hidden_sheets_are_told_and_not_read(hide: int) -> None:
    table = read(workbook_of(sheet(DATA), sheet([["x"], ["1"]], "dolt", hide=hide)))
    assert (table.rows, table.hidden_sheets, table.remarks) == (2, ("dolt",), {"hidden_sheets": 1})


def test_several_filled_sheets_are_refused_unless_one_is_declared() -> None:
    content = workbook_of(sheet(DATA, "ett"), sheet([["x"], ["1"]], "två å"))
    assert "2 visible sheets have content" in refusal(content)
    assert read(content, sheet="två å").columns == ("x",)
    assert "lacks the declared sheet" in refusal(content, sheet="tre")


def test_hidden_rows_and_merged_cells_are_read_and_remarked() -> None:
    def fill(book: xlwt.Workbook) -> None:
        page = book.add_sheet("Blad1")
        for row, cells in enumerate((["a", "b"], ["1", "x"])):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
        page.write_merge(2, 2, 0, 1, "2")
        page.row(1).hidden = True

    table = read(workbook_of(fill))
    assert table.frame.rows() == [("1", "x"), ("2", None)]
    assert table.remarks == {"hidden_rows": 1, "merged_cells": 1}


def test_names_are_held_to_the_contract() -> None:
    assert read(workbook(DATA), columns=[{"name": "LOPNR"}]).columns == ("LOPNR", "Namn")
    assert "stand again (columns 2)" in refusal(workbook([["a", "A"]]))
    assert "no name for columns 1" in refusal(workbook([[None, "a"], ["1", "2"]]))


def in_stream(content: bytes, place: int, record: bytes) -> bytes:
    """The workbook with a record put over the one at a place of its stream, whose sectors follow each other."""
    stream = CompoundFile(content).stream("Workbook")
    assert stream
    start = content.index(stream[:64])
    return content[: start + place] + record + content[start + place + len(record) :]


@pytest.mark.parametrize("code_page", [1252, 10000, 932, 0x8001])
def test_text_is_unicode_whatever_another_program_says_of_the_code_page(code_page: int) -> None:
    rows = [["LopNr", "Å–ř"], *([f"{number:05}", "Åsa Ö" if number % 2 else "Jiří – 東"] for number in range(500))]
    table = read(in_code_page(workbook(rows), code_page))
    assert (table.columns, table.frame.rows()) == (tuple(rows[0]), [tuple(row) for row in rows[1:]])


def test_a_workbook_with_a_password_is_refused_and_told_so() -> None:
    content = workbook(DATA)
    stream = CompoundFile(content).stream("Workbook") or b""
    (length,) = struct.unpack_from("<H", stream, 2)
    locked = in_stream(content, 4 + length, struct.pack("<H", 0x002F))
    assert "the workbook is locked with a password; send it without a password" in refusal(locked)


def test_a_workbook_of_older_excel_is_refused() -> None:
    assert "older than Excel 97 or damaged" in refusal(in_stream(workbook(DATA), 4, struct.pack("<H", 0x0500)))


def test_a_workbook_that_says_it_is_larger_than_it_is_does_not_cost_its_memory() -> None:
    content = workbook(DATA)
    stream = CompoundFile(content).stream("Workbook") or b""
    texts = stream.index(struct.pack("<H", 0x00FC))
    assert "cut off or damaged" in refusal(in_stream(content, texts + 4, b"\xff\xff\xff\x7f"))
    reach = stream.index(struct.pack("<HH", 0x0200, 14))
    assert "30000000 cells" in refusal(in_stream(content, reach + 8, b"\xff\xff\xff\x7f"))
    assert "cannot be counted for certain" in refusal(in_stream(content, reach + 4, b"\xff\x00"))


def test_other_old_office_documents_are_refused() -> None:
    other = workbook(DATA).replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert "the content is an old Office document, not an Excel workbook" in refusal(other)
    locked = workbook(DATA).replace("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")[:16])
    assert "Office document" in refusal(locked)


def test_a_workbook_is_known_by_its_content_and_refused_under_another_name() -> None:
    content = workbook(DATA)
    assert read(content, "no-suffix").format == "old_excel"
    assert "the content is an old Excel workbook, not an Excel workbook" in refusal(content, "file.xlsx")
    assert "the content is an old Excel workbook" in refusal(content, "file.csv")
    assert "the content is text, not an old Excel workbook" in refusal(b"a;b\n1;2\n")
    assert "the file is empty" in refusal(b"")


def test_a_sheet_without_cells_is_refused_as_empty() -> None:
    assert "the file is empty" in refusal(workbook([]))
