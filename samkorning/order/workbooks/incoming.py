"""The sheets of an order's workbooks as they come: read behind the guards that all incoming workbooks are read behind.

What belongs here: which sheets are read, and what is refused of a sheet as a whole. What must not: what a sheet says
(judging), or how a workbook is read (samkorning.register_files; decision 0014).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from samkorning.errors import FileRefused, OrderFault, OrderRefused
from samkorning.identity.redaction import redact_file_name
from samkorning.order.workbooks import LIST_SUFFIXES, sheets
from samkorning.order.workbooks.cells import written
from samkorning.order.workbooks.columns import LANGUAGES, folded
from samkorning.order.workbooks.gathered import HEADING_ROWS, FilledSheet
from samkorning.order.workbooks.judging import order_in
from samkorning.order.workbooks.plain_text import order_text
from samkorning.order.workbooks.sheets import Sheet
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.register_files import (
    ColumnContract,
    FileContract,
    RegisterTable,
    Remark,
    RowFault,
    inspect_register_file,
)
from samkorning.register_files.guarded import open_guarded
from samkorning.register_files.reading import Opener

MOST_BYTES = 30_000_000
MOST_COLUMNS = 200
MADE_BY = "samkorning-order-"
"""What stands on the first sheet of a template, with its version behind."""
_COLUMNS = tuple(ColumnContract(name=f"c{number}", optional=True) for number in range(1, MOST_COLUMNS + 1))
_NO_SHEET, _SEVERAL, _EMPTY = (
    "the workbook lacks the declared sheet",
    "visible sheets have content",
    "the file is empty",
)
_ROWS = {
    RowFault.ERROR_CELL: ("holds an error of Excel", "write the value itself"),
    RowFault.NO_STORED_VALUE: ("holds a formula that was never calculated", "write the value itself"),
    RowFault.NO_DATE: ("holds a date that is none", "write the date as text, YYYY-MM-DD"),
}
_AS_A_WHOLE = {
    Remark.MERGED_CELLS: ("has merged cells", "unmerge them, and write each value in its own cell"),
    Remark.HIDDEN_ROWS: ("has hidden rows", "show them (clear the filter): all that is there is ordered"),
}


@dataclass(frozen=True)
class IncomingWorkbook:
    """A workbook, or a list as text, as it came: the name that messages give it, and its bytes."""

    name: str
    content: bytes


def filled_in(books: list[IncomingWorkbook], opener: Opener = open_guarded) -> list[FilledSheet]:
    """The sheets of the workbooks that say what is ordered; those of templates by name, a list alone by its headings.

    :raises OrderRefused: with what is wrong with workbooks and sheets as a whole.
    """
    faults: list[OrderFault] = []
    found: list[FilledSheet] = []
    for book in books:
        prefix = f"{book.name}, " if len(books) > 1 else ""
        try:
            found += _Reading(book, prefix, faults, opener).sheets()
        except FileRefused as refused:
            faults.append(OrderFault(0, "", refused.problem, refused.remedy, prefix.rstrip(", ")))
    if faults:
        raise OrderRefused(_source(books), faults)
    return found


def order_text_of(books: list[IncomingWorkbook], catalogue: RegisterCatalogue) -> str:
    """The text of the order that one or several workbooks say together: the same workbooks, the same text.

    :raises OrderRefused: with every fault, by workbook, sheet, row and column.
    """
    return order_text(order_in(filled_in(books), _source(books), catalogue))


def _source(books: list[IncomingWorkbook]) -> str:
    """What a refusal names; of several, each fault names its own."""
    return books[0].name if len(books) == 1 else "order"


class _Reading:
    """One workbook, sheet by sheet."""

    def __init__(self, book: IncomingWorkbook, prefix: str, faults: list[OrderFault], opener: Opener) -> None:
        self._book, self._prefix, self._faults, self._opener = book, prefix, faults, opener
        self._languages = list(LANGUAGES)
        if len(book.content) > MOST_BYTES:
            raise FileRefused(book.name, "is larger than any order", "send the order alone")

    def sheets(self) -> Iterator[FilledSheet]:
        """The filled sheets, and a fault for whatever would be lost."""
        if self._book.name.lower().endswith(LIST_SUFFIXES):
            yield self._list()
            return
        of_template = {sheet.key: self._sheet(sheet) for sheet in (*sheets.READ, sheets.READ_FIRST, sheets.CHECK)}
        visible = sum(self._is_seen(table) for tables in of_template.values() for table in tables)
        there = [table for tables in of_template.values() for table in tables]
        if not there:
            yield self._bare()
            return
        self._require_version(of_template[sheets.READ_FIRST.key])
        others = self._visible_with_content() - visible
        if others > 0:
            self._fault(
                f"{others} sheets with content are none of the template's",
                "move what they say into its sheets, or delete them",
            )
        for sheet in sheets.READ:
            for table in of_template[sheet.key]:
                self._judge(table)
                yield FilledSheet(sheet, self._named(table), _rows(table))

    def _sheet(self, sheet: Sheet) -> list[RegisterTable]:
        """The sheet under one of its names; none where it is not there or empty."""
        for language in self._languages:
            table = self._read(sheet.name(language))
            if table is not None:
                self._languages.sort(key=lambda each: each != language)  # a template has one
                return [table]
        return []

    def _read(self, name: str | None) -> RegisterTable | None:
        contract = FileContract(format="excel", sheet=name, header=False, columns=_COLUMNS, tolerance=1.0)
        try:
            return inspect_register_file(self._book.content, self._book.name, contract, opener=self._opener)
        except FileRefused as refused:
            if refused.problem not in (_NO_SHEET, _EMPTY):
                raise
        return None

    def _visible_with_content(self) -> int:
        try:
            return int(self._read(None) is not None)
        except FileRefused as refused:
            count, _, rest = refused.problem.partition(" ")
            if rest != _SEVERAL:
                raise
        return int(count)

    def _bare(self) -> FilledSheet:
        """The only sheet of a workbook that is no template: a list that is known by its headings."""
        table = self._read(None)
        if table is None:
            raise FileRefused(self._book.name, "the workbook is empty", "fill in the template")
        self._judge(table)
        return self._headed(self._named(table), _rows(table))

    def _list(self) -> FilledSheet:
        """A list as text with separators: its first row is its headings."""
        contract = FileContract(format="delimited")
        table = inspect_register_file(self._book.content, self._book.name, contract, opener=self._opener)
        named = f"{self._prefix}lines"
        for problem in table.problems:
            if problem.problem is not RowFault.BLANK_LINE:
                where = f"{named}, row {problem.row + table.header_records}"
                self._fault("cannot be divided into columns", "look at its quotes and separators", where)
        return self._headed(named, {1: tuple(map(written, table.columns)), **_rows(table)})

    def _headed(self, named: str, rows: dict[int, tuple[str, ...]]) -> FilledSheet:
        """A list that is known by its headings."""
        heads = [{folded(text) for text in rows[number]} for number in sorted(rows)[:HEADING_ROWS]]
        fitting = (sheet for sheet in sheets.BARE if any(_is_headed(sheet, head) for head in heads))
        sheet = next(fitting, None)
        if sheet is None:
            raise FileRefused(
                self._book.name,
                "it has no sheet of an order, and no headings of a list",
                "fill in the template: `samkorning order template`",
            )
        return FilledSheet(sheet, named, rows)

    def _judge(self, table: RegisterTable) -> None:
        """Tells what would be read otherwise than it is seen."""
        if not self._is_seen(table):
            self._fault("is hidden", "show it, or delete it", self._named(table))
        for remark, words in _AS_A_WHOLE.items():
            if table.remarks.get(remark):
                self._fault(*words, self._named(table))
        for problem in table.problems:
            if problem.problem in _ROWS:
                where = f"{self._named(table)}, row {problem.row + table.header_records}"
                self._fault(*_ROWS[problem.problem], where)

    def _require_version(self, tables: list[RegisterTable]) -> None:
        for text in (text for table in tables for cells in _rows(table).values() for text in cells):
            version = text.removeprefix(MADE_BY)
            if version != text and version.isdigit() and int(version) > sheets.VERSION:
                self._fault("the template is of a newer version of the service", "ask the service for its template")

    def _is_seen(self, table: RegisterTable) -> bool:
        return table.sheet not in table.hidden_sheets

    def _named(self, table: RegisterTable) -> str:
        return f"{self._prefix}sheet {redact_file_name(table.sheet or '')}"

    def _fault(self, problem: str, remedy: str, where: str | None = None) -> None:
        self._faults.append(OrderFault(0, "", problem, remedy, where or self._prefix.rstrip(", ")))


def _rows(table: RegisterTable) -> dict[int, tuple[str, ...]]:
    """The rows of a sheet that hold something, by their numbers in the sheet."""
    numbers = (table.row_numbers() + table.header_records).to_list()
    rows: Mapping[int, tuple[str, ...]] = {
        number: tuple(written(cell) for cell in cells)
        for number, cells in zip(numbers, table.frame.iter_rows(), strict=True)
    }
    return {number: cells for number, cells in rows.items() if any(cells)}


def _is_headed(sheet: Sheet, head: set[str]) -> bool:
    return all(head & set(column.headings) for column in sheet.columns if column.needed)
