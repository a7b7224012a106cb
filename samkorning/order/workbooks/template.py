"""The workbooks that people order with, empty or with an order in them: the same bytes every time.

What belongs here: laying the sheets out, with drop-downs. What must not: what the sheets mean (sheets, judging), or the
formulas of the check sheet (check_sheet).

Every cell that is filled in is text, so that Excel makes no date or number of a code. Nothing is merged, and no formula
stands where something is filled in.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.check_sheet import CHECKED_ROWS, write_check_sheet
from samkorning.order.workbooks.columns import Column, Kind, Language
from samkorning.order.workbooks.drop_downs import Lists, write_lists
from samkorning.order.workbooks.filling import Filling
from samkorning.order.workbooks.form_lines import FORM, Line
from samkorning.order.workbooks.incoming import MADE_BY
from samkorning.order.workbooks.read_first import PARAGRAPHS
from samkorning.order.workbooks.sheets import Sheet
from samkorning.own_registers.catalogue import RegisterCatalogue

_CREATED = datetime(2026, 1, 1)
_AS_WRITTEN = {
    "in_memory": True,  # no file of its own in the temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_GREEN, _GREY, _LINE = "#DDEBDA", "#666666", "#9AA59A"


@dataclass(frozen=True)
class Template:
    """A workbook that ships: its file name and its sheets in one language."""

    file: str
    language: Language
    sheets: tuple[Sheet, ...]


_ALL = (sheets.READ_FIRST, *sheets.READ, sheets.CHECK)
TEMPLATES = (
    Template("bestallning.xlsx", "sv", _ALL),
    Template("variabellista.xlsx", "sv", (sheets.VARIABLES,)),
    Template("diagnosurval.xlsx", "sv", (sheets.DIAGNOSES,)),
    Template("lakemedelsurval.xlsx", "sv", (sheets.DRUGS,)),
    Template("order.xlsx", "en", _ALL),
    Template("variable_list.xlsx", "en", (sheets.VARIABLES,)),
    Template("diagnosis_selector.xlsx", "en", (sheets.DIAGNOSES,)),
    Template("atc_selector.xlsx", "en", (sheets.DRUGS,)),
)
"""The order form with all its lists, and each list by itself for those who fill one in alone."""


def workbook(template: Template, catalogue: RegisterCatalogue, filling: Filling | None = None) -> bytes:
    """The bytes of a template, with what fills it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _AS_WRITTEN)
    book.set_properties({"title": template.file, "created": _CREATED})
    writing = _Writing(book, template.language, filling or Filling(), catalogue)
    for sheet in template.sheets:
        writing.write(sheet)
    writing.lists.fill(book.add_worksheet(sheets.LISTS.name(template.language)))
    if sheets.CHECK in template.sheets:
        page = writing.pages[sheets.CHECK.key]
        write_check_sheet(page, writing.formats, template.language, writing.rows_of_lines, writing.filling)
    book.close()
    return content.getvalue()


def filled_order(language: Language, catalogue: RegisterCatalogue, filling: Filling) -> bytes:
    """The whole order form of a language with an order in it."""
    return workbook(next(each for each in TEMPLATES if each.language == language), catalogue, filling)


class _Writing:
    """One workbook while it is written."""

    def __init__(self, book: Any, language: Language, filling: Filling, catalogue: RegisterCatalogue) -> None:
        self.language, self._book, self.filling = language, book, filling
        self.formats = {
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "box": book.add_format(
                {"num_format": "@", "valign": "top", "text_wrap": True, "border": 1, "border_color": _LINE}
            ),
            "head": book.add_format({"bold": True, "bg_color": _GREEN, "valign": "top", "text_wrap": True}),
            "section": book.add_format({"bold": True, "font_size": 13}),
            "hint": book.add_format({"font_color": _GREY, "valign": "top", "text_wrap": True}),
            "wrap": book.add_format({"valign": "top", "text_wrap": True}),
            "open": book.add_format({"bold": True, "bg_color": "#FBE3D6"}),
        }
        self.lists: Lists = write_lists(book, catalogue, language)
        self.pages: dict[str, Any] = {}
        self.rows_of_lines: dict[str, int] = {}

    def write(self, sheet: Sheet) -> None:
        """One sheet."""
        page = self._book.add_worksheet(sheet.name(self.language))
        self.pages[sheet.key] = page
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        if sheet is sheets.READ_FIRST:
            self._read_first(page)
        elif sheet is sheets.ORDER:
            self._form(page)
        elif sheet is sheets.FURTHER:
            self._list(page, sheet, self.filling.further)
        elif sheet is not sheets.CHECK:
            rows = self.filling.lists.get(sheet.key, ())
            self._list(page, sheet, [[row.get(column.key, "") for column in sheet.columns] for row in rows])

    def _read_first(self, page: Any) -> None:
        page.set_column(0, 0, 110)
        for row, (kind, *said) in enumerate(PARAGRAPHS):
            text = said[self.language == "en"]
            page.set_row(row, _height(text, 110))
            page.write_string(row, 0, text, self.formats["section" if kind == "head" else "wrap"])
        page.write_string(len(PARAGRAPHS) + 1, 0, f"{MADE_BY}{sheets.VERSION}", self.formats["hint"])

    def _form(self, page: Any) -> None:
        page.set_column(0, 0, 46)
        page.set_column(1, 1, 60, self.formats["text"])
        page.set_column(2, 2, 70)
        heads = [column.heading(self.language) for column in sheets.ORDER.columns]
        page.write_row(0, 0, heads, self.formats["head"])
        page.freeze_panes(1, 0)
        row = 1
        for section in FORM:
            page.write_string(row + 1, 0, section[self.language == "en"], self.formats["section"])
            row += 2
            for line in section[2]:
                self._line(page, row, line)
                row += 1

    def _line(self, page: Any, row: int, line: Line) -> None:
        column = line.column
        self.rows_of_lines[column.key] = row + 1
        page.set_row(row, max(_height(column.hint(self.language), 66), _height(column.heading(self.language), 44)))
        page.write_string(row, 0, column.heading(self.language) + (" *" if column.needed else ""), self.formats["wrap"])
        page.write_string(row, 1, self.filling.form.get(line.path, ""), self.formats["box"])  # a blank where empty
        page.write_string(row, 2, column.hint(self.language), self.formats["hint"])
        self._drop_down(page, column, row, row, 1)

    def _list(self, page: Any, sheet: Sheet, rows: Iterable[Sequence[str]]) -> None:
        for place, column in enumerate(sheet.columns):
            star = " *" if column.needed else ""
            page.write_string(0, place, column.heading(self.language) + star, self.formats["head"])
            width = (60, 90)[place] if sheet is sheets.FURTHER else column.width
            page.set_column(place, place, width, self.formats["text"])
            if hint := column.hint(self.language):
                page.write_comment(0, place, hint)
            self._drop_down(page, column, 1, CHECKED_ROWS, place)
        for number, row in enumerate(rows, start=1):
            for place, text in enumerate(row):
                if text:
                    page.write_string(number, place, text, self.formats["text"])
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": f"A1:Z{CHECKED_ROWS}"})

    def _drop_down(self, page: Any, column: Column, first: int, last: int, place: int) -> None:
        source = self.lists.source(column, place, first)
        if source is None:
            return
        open_to_others = column.suggests or column.kind in (Kind.CHOICES, Kind.TEXTS)
        page.data_validation(
            first,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": source,
                "show_error": not open_to_others,  # several with ; between, or a source of the order's own
                "error_title": column.heading(self.language)[:32],
                "error_message": {"sv": "Välj ett av orden i listan.", "en": "Choose a word of the list."}[
                    self.language
                ],
            },
        )


def _height(text: str, characters: int) -> int:
    """The height of a row whose text is broken into lines; a program that opens the workbook may not reckon it."""
    return 16 * (1 + len(text) // characters)
