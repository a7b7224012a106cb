"""One worksheet as a register file, whatever kind of workbook it stands in.

What belongs here: which sheet is read, where its header is, which rows are refused. What must not: the file of the
workbook (workbook, old_workbook), the independent count (sheet_rows, old_sheet_rows) and the text of cells (cells).
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import polars as pl

from samkorning.errors import FileRefused
from samkorning.register_files.columns import header
from samkorning.register_files.content.content import refuse_empty
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.table import MOST_REFUSED, Remark, RowFault, Tally
from samkorning.register_files.workbooks.cells import exact_cells
from samkorning.register_files.workbooks.sheet_rows import MOST_CELLS, SheetRows


class AnySheet(Protocol):
    """A worksheet: its name, and whether it shows."""

    @property
    def name(self) -> str: ...
    @property
    def visible(self) -> bool: ...


class AnyWorkbook(Protocol):
    """An opened workbook of either kind; ``rows_of`` is the independent count of the sheet at a place."""

    name: str
    has_macros: bool
    has_elapsed_times: bool

    @property
    def sheets(self) -> Sequence[AnySheet]: ...
    def rows_of(self, place: int) -> SheetRows: ...


def open_sheet(data: bytes, workbook: AnyWorkbook, form: str, contract: FileContract) -> OpenedFile:
    """The sheet opened under the contract: names known, rows in one batch."""
    place, rows = _choose_sheet(workbook, contract)
    _refuse_uncountable(rows, workbook.name)
    return _SheetReader(data, workbook, place, rows, contract).opened(form)


def _refuse_uncountable(rows: SheetRows, name: str) -> None:
    if rows.is_too_large:
        raise FileRefused(
            name,
            f"the sheet reaches over more than {MOST_CELLS} cells",
            "clear what is far away, or send delimited text",
        )
    if not rows.certain:
        raise _refuse_uncertain(name)


def _refuse_uncertain(name: str) -> FileRefused:
    return FileRefused(name, "its rows cannot be counted for certain", "save it again in Excel and send that")


def _choose_sheet(workbook: AnyWorkbook, contract: FileContract) -> tuple[int, SheetRows]:
    """The place of the named sheet, or of the only visible one with content."""
    if contract.sheet is not None:
        named = next((place for place, sheet in enumerate(workbook.sheets) if sheet.name == contract.sheet), None)
        if named is None:
            raise FileRefused(workbook.name, "the workbook lacks the declared sheet", "send it with that sheet")
        return named, workbook.rows_of(named)
    shown = [(place, workbook.rows_of(place)) for place, sheet in enumerate(workbook.sheets) if sheet.visible]
    filled = [(place, rows) for place, rows in shown if rows.last]
    if len(filled) > 1:
        raise FileRefused(
            workbook.name, f"{len(filled)} visible sheets have content", "send one sheet, or declare which one is meant"
        )
    if not filled:
        raise refuse_empty(workbook.name)
    return filled[0]


class _SheetReader:
    """Reads one sheet: header, exact text, refused rows, account."""

    def __init__(self, data: bytes, workbook: AnyWorkbook, place: int, rows: SheetRows, contract: FileContract) -> None:
        self._workbook, self._sheet, self._rows = workbook, workbook.sheets[place], rows
        self._name, self._contract, self._tally = workbook.name, contract, Tally()
        cells = exact_cells(data, self._sheet.name, self._name, workbook.has_elapsed_times)
        self._cells, self._without_date = cells.text, cells.without_date
        self._tally.remarks[Remark.LONG_NUMBERS] += cells.long_numbers

    def opened(self, form: str) -> OpenedFile:
        self._remark()
        self._assert_same_rows()
        names, above = self._find_names()
        self._tally.header_records = above
        self._tally.records = max(self._rows.last, above)
        return OpenedFile(
            name=self._name,
            format=form,
            columns=names,
            encoding=None,
            separator=None,
            tally=self._tally,
            batches=self._batches(names, above),
            sheet=self._sheet.name,
            hidden_sheets=tuple(sheet.name for sheet in self._workbook.sheets if not sheet.visible),
        )

    def _remark(self) -> None:
        remarks, rows = self._tally.remarks, self._rows
        remarks[Remark.MACROS] += self._workbook.has_macros
        remarks[Remark.HIDDEN_SHEETS] += sum(not sheet.visible for sheet in self._workbook.sheets)
        remarks[Remark.FORMULAS] += rows.formulas
        remarks[Remark.HIDDEN_ROWS] += rows.hidden
        remarks[Remark.MERGED_CELLS] += rows.merged

    def _assert_same_rows(self) -> None:
        """The rows and cells that the XML says have values are those that the reader of cells gave values."""
        filled = self._cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true() + 1
        odd = set(self._rows.with_errors)
        same_rows = set(filled.to_list()) - odd == set(self._rows.with_values)
        cells = sum(column.len() - column.null_count() for column in self._cells)
        if not same_rows or cells != self._rows.cells:
            raise _refuse_uncertain(self._name)

    def _find_names(self) -> tuple[tuple[str, ...], int]:
        """The names, and how many sheet rows stand above the first data row."""
        first = self._rows.first_after(self._contract.skip_rows)
        if first is None:
            raise refuse_empty(self._name)
        if self._contract.header and first not in self._rows.with_values:
            raise FileRefused(self._name, "the header has cells without a value", "write the names as plain text")
        if not self._contract.header:
            self._drop_unnamed([None] * self._cells.width)
            return header.declared_names(self._cells.width, self._name, self._contract), first - 1
        self._drop_unnamed(self._cells.row(first - 1))
        return header.name_columns(self._cells.row(first - 1), self._name, self._contract), first

    def _drop_unnamed(self, names: "tuple[str | None, ...] | list[str | None]") -> None:
        """Columns at the right end without name and without any value are formatting, not data."""
        width = self._cells.width
        while width and names[width - 1] is None and not self._cells.to_series(width - 1).count():
            width -= 1
        self._cells = self._cells.select(self._cells.columns[:width])

    def _batches(self, names: tuple[str, ...], above: int) -> Iterator[Batch]:
        rows = self._cells.slice(above, self._rows.last - above)
        rows = rows.rename(dict(zip(rows.columns, names, strict=True)))
        faults = self._faults(above)
        if len(faults) > MOST_REFUSED:
            raise FileRefused(self._name, f"more than {MOST_REFUSED} rows are damaged", "send the sheet without them")
        self._tally.refuse(sorted(faults.items()))
        kept = ~pl.int_range(1, rows.height + 1, eager=True).is_in(sorted(faults))
        frame = rows.filter(kept)
        self._tally.rows = frame.height
        yield Batch(frame, 1, sorted(faults))

    def _faults(self, above: int) -> dict[int, RowFault]:
        there = {*self._rows.with_values, *self._rows.with_errors, *self._rows.without_stored_value}
        blank = (row for row in range(above + 1, self._rows.last + 1) if row not in there)
        faults = dict.fromkeys(blank, RowFault.BLANK_LINE) | dict.fromkeys(self._without_date, RowFault.NO_DATE)
        faults |= dict.fromkeys(self._headers_again(above), RowFault.HEADER_AGAIN)
        faults |= dict.fromkeys(self._rows.without_stored_value, RowFault.NO_STORED_VALUE)
        faults |= dict.fromkeys(self._rows.with_errors, RowFault.ERROR_CELL)
        return {row - above: fault for row, fault in faults.items() if row > above}

    def _headers_again(self, above: int) -> list[int]:
        """The sheet rows below the header that hold the same names once more."""
        if not self._contract.header:
            return []
        names = zip(self._cells.columns, self._cells.row(above - 1), strict=True)
        same = self._cells.select(pl.all_horizontal(pl.col(column) == text for column, text in names)).to_series()
        return [row for row in (same.arg_true() + 1).to_list() if row > above]
