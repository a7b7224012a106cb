"""What can be wrong with a workbook on its way, or be in it on purpose, and what is made of it.

What belongs here: the damages and their outcomes, as a table that test_register_files_workbooks.py holds and
docs/incoming-files.md shows. What must not: how workbooks are written (tests.workbooks).
"""

from functools import partial

from samkorning.register_files.workbooks.workbook import MOST_PARTS, MOST_UNPACKED
from tests.spec.damages import ROWS, Damage
from tests.workbooks import (
    Fill,
    edited,
    elsewhere,
    flipped,
    of_other_program,
    of_parts,
    promising,
    sheet,
    with_part,
    workbook,
)

TABLE: list[list[object]] = [["LopNr", "Namn"], *(list(row) for row in ROWS)]
WorkbookDamage = partial(Damage, file="file.xlsx")
SHEET = "xl/worksheets/sheet1.xml"
DOCUMENT_TYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
LINK = (
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/>'
    b"</externalLink>"
)


def good(*more: Fill) -> bytes:
    return workbook(sheet(TABLE), *more)


def with_formula(formula: str, stored: object) -> Fill:
    """The table with one cell that is calculated."""

    def fill(book: object) -> None:
        page = book.add_worksheet("Blad1")  # type: ignore[attr-defined]
        for row, cells in enumerate(TABLE):
            page.write_row(row, 0, cells)
        page.write_formula(3, 1, formula, None, stored)

    return fill


def bomb(part: str) -> bytes:
    """The workbook with a part whose entities grow when they are read."""
    body = b'<?xml version="1.0"?>' + DOCUMENT_TYPE + b"<x>&c;</x>"
    return with_part(good(), part, body)


def day_that_never_was(book: object) -> None:
    """A row more, with the 29th of February 1900 of Excel."""
    shown = book.add_format({"num_format": "yyyy-mm-dd"})  # type: ignore[attr-defined]
    book.worksheets()[0].write_number(len(TABLE), 0, 60, shown)  # type: ignore[attr-defined]


def hidden_rows_and_merged_cells(book: object) -> None:
    page = book.add_worksheet("Blad1")  # type: ignore[attr-defined]
    for row, cells in enumerate(TABLE[:3]):
        page.write_row(row, 0, cells)
    page.merge_range(3, 0, 3, 1, "003")
    page.set_row(1, None, None, {"hidden": True})


def inline(text: object, number: str = "", address: str | None = None) -> str:
    """A cell with its text inside it."""
    said = f' r="{address}"' if address else ""
    return f'<c{said} t="inlineStr">{number}<is><t>{text}</t></is></c>'


ADDRESSLESS = [f"<row>{''.join(inline(cell) for cell in row)}</row>" for row in TABLE]
BESIDE_NUMBER = f"<row>{inline('003', '<v>3</v>')}{inline('Siv')}</row>"
TWO_VALUES = f"<row>{inline('003')}<c><v>7</v><is><t>Siv</t></is></c></row>"
ADDRESSED = [
    f"<row>{inline(number, address=f'A{place}')}{inline(name, address=f'B{place}')}</row>"
    for place, (number, name) in zip((1, 2, 3, 5), TABLE, strict=True)
]
BLANK: list[list[object]] = [*TABLE[:2], [], *TABLE[2:]]
FIRST_TWO = tuple(ROWS[:2])

DAMAGES = [
    WorkbookDamage("none", good),
    WorkbookDamage("space around the table", lambda: workbook(sheet(TABLE, at=(3, 2)))),
    WorkbookDamage("a blank row between rows", lambda: workbook(sheet(BLANK)), refused=((2, "blank_line"),)),
    WorkbookDamage("the header again", lambda: workbook(sheet([*TABLE[:3], TABLE[0], TABLE[3]])),
                   refused=((3, "header_again"),)),
    WorkbookDamage("a number that is shown as a date and is none", lambda: workbook(sheet(TABLE), day_that_never_was),
                   refused=((4, "no_date_of_the_calendar"),)),
    WorkbookDamage("no rows", lambda: workbook(sheet(TABLE[:1])), rows=()),
    WorkbookDamage("a cell that shows an error", lambda: workbook(with_formula("=NA()", "#N/A")), rows=FIRST_TWO,
                   refused=((3, "error_cell"),), remarks=("formulas",)),
    WorkbookDamage("a formula", lambda: workbook(with_formula('="Si"&"v"', "Siv")), remarks=("formulas",)),
    WorkbookDamage("a formula that was never calculated",
                   lambda: edited(workbook(with_formula('="Siv"', 77)), b"<v>77</v>", b""), rows=FIRST_TWO,
                   refused=((3, "formula_without_stored_value"),), remarks=("formulas",)),
    WorkbookDamage("a formula that fetches from another workbook or the web",
                   lambda: with_part(workbook(with_formula("=[1]Blad1!A1", "Siv")), "xl/externalLinks/link1.xml", LINK),
                   remarks=("formulas",)),
    WorkbookDamage("macros", lambda: with_part(good(), "xl/vbaProject.bin", b"macro"), remarks=("macros_ignored",),
                   file="file.xlsm"),
    WorkbookDamage("a hidden sheet", lambda: good(sheet([["x"], ["y"]], "Dold", hide=True)),
                   remarks=("hidden_sheets",)),
    WorkbookDamage("hidden rows and merged cells", lambda: workbook(hidden_rows_and_merged_cells),
                   rows=(*FIRST_TWO, ("003", None)), remarks=("hidden_rows", "merged_cells")),
    WorkbookDamage("rows and cells without addresses, and text in the cells, as other programs write it",
                   lambda: of_other_program(*ADDRESSLESS)),
    WorkbookDamage("the same in an archive whose parts lie elsewhere",
                   lambda: elsewhere(of_other_program(*ADDRESSLESS))),
    WorkbookDamage("rows without addresses whose cells have them, and one that is left out",
                   lambda: of_other_program(*ADDRESSED), refused=((3, "blank_line"),)),
    WorkbookDamage("text in a cell with a number in front of it",
                   lambda: of_other_program(*ADDRESSLESS[:-1], BESIDE_NUMBER)),
    WorkbookDamage("a cell with two values", lambda: of_other_program(*ADDRESSLESS[:-1], TWO_VALUES),
                   refusal="counted for certain"),
    WorkbookDamage("more cells without addresses than a sheet has place for",
                   lambda: of_other_program(*ADDRESSLESS, *["<row/>"] * 2000, f"<row>{'<c/>' * 16_000}</row>"),
                   refusal="more than 30000000 cells"),
    WorkbookDamage("two sheets with content", lambda: good(sheet([["x"], ["y"]], "Två")),
                   refusal="2 visible sheets have content"),
    WorkbookDamage("a header cell without a name", lambda: workbook(sheet([["LopNr", None], ["1", "2"]])),
                   refusal="no name for columns 2"),
    WorkbookDamage("no header", lambda: workbook(sheet([["220101011234", "x"]])), refusal="looks like data"),
    WorkbookDamage("no content", lambda: workbook(sheet([])), refusal="the file is empty"),
    WorkbookDamage("cut off", lambda: good()[:3000], refusal="cut off or damaged"),
    WorkbookDamage("a bit turned inside", lambda: flipped(good()), refusal="damaged"),
    WorkbookDamage("XML that grows when it is read (a bomb)", lambda: bomb(SHEET), refusal="XML that no Excel writes"),
    WorkbookDamage("such XML in a part beside the sheets", lambda: bomb("xl/sharedStrings.xml"),
                   refusal="XML that no Excel writes"),
    WorkbookDamage("a part that unpacks to too much (a bomb)", lambda: promising(good(), MOST_UNPACKED),
                   refusal="unpacked the workbook has over"),
    WorkbookDamage("too many parts", lambda: of_parts(good(), MOST_PARTS), refusal="unpacked the workbook has over"),
    WorkbookDamage("a cell far away", lambda: workbook(sheet(TABLE), lambda book: book.worksheets()[0].write_string(
                   1_048_575, 16_383, "x")), refusal="more than 30000000 cells"),
    WorkbookDamage("a row that stands twice", lambda: edited(good(), b'<row r="3"', b'<row r="2"'),
                   refusal="counted for certain"),
    WorkbookDamage("another archive under its name", lambda: with_part(b"PK\x05\x06" + bytes(18), "a.csv", b"a;b\n"),
                   refusal="a zip archive, not an Excel workbook"),
    WorkbookDamage("a web page under its name", lambda: b"<html><table><tr><td>LopNr</td></tr></table></html>",
                   refusal="a web page or XML document"),
    WorkbookDamage("text under its name", lambda: b"LopNr;Namn\n001;x\n", refusal="the content is text"),
]  # fmt: skip
