"""A SAS program that reads the CSV file beside it: types, lengths, labels, formats.

What belongs here: the program's text, and what the program could not read. What must not: the CSV file (delimited).
Every text in it stands between single quotes, where SAS takes % and & as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.columns import Column, Table
from samkorning.delivery.formats.format import (
    Chunk,
    Loss,
    Refusal,
    Writer,
    blanks_at_the_end,
    empty_text,
    name_refusals,
    untyped_refusals,
)
from samkorning.delivery.formats.labels import cut, labels_cut, numeric_labels
from samkorning.delivery.formats.limits import number_refusals, text_refusals
from samkorning.delivery.formats.values_as_text import days_as_text, within_calendar

LONGEST_TEXT, LONGEST_LABEL, LONGEST_CODE_LABEL, LONGEST_LINE = 32_767, 255, 255, 2**30 - 1
LONGEST_NUMBER, NAME = 32, 32
GREATEST, LEAST, FIRST_DAY = 7.2e75, 5.4e-79, date(1582, 10, 15)
_DAYS = {"%Y-%m-%d": "yymmdd10.", "%Y%m%d": "yymmdd8.", "%d.%m.%Y": "ddmmyy10.", "%d/%m/%Y": "ddmmyy10."}


class SasProgram:
    """The format: one more file beside the CSV, without rows of its own."""

    name: FormatName = "sas"
    ending = ".sas"
    typed = True

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """What SAS does not read from delimited text as it is."""
        columns = _columns(table)
        yield from name_refusals(table, self.name)
        yield from untyped_refusals(table)
        yield from number_refusals(columns, GREATEST, LEAST)
        yield from text_refusals(columns, LONGEST_TEXT)
        for column in columns:
            if column.kind == "text" and (column.line_break or column.control):
                yield Refusal(column.name, "has text with control characters or line breaks")
            if column.kind == "text" and column.blank_before:
                yield Refusal(column.name, "has text that begins with a blank")
        if _line(columns) > LONGEST_LINE:
            yield Refusal(None, "has rows longer than SAS reads")

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """What a SAS data set has no place for."""
        columns = _columns(table)
        yield from empty_text(columns)
        yield from blanks_at_the_end(columns)
        yield from labels_cut(columns, LONGEST_LABEL, LONGEST_CODE_LABEL, _labelled)
        yield from days_as_text(table.columns, within_calendar(table.columns, FIRST_DAY))

    def writer(self, table: Table) -> Writer:
        """The program."""
        return _Program(program(table))


def program(table: Table) -> str:
    """The text of the program for a table."""
    columns = _columns(table)
    formats = {
        column.name: f"{'$' if column.kind == 'text' else ''}code{place}_" for place, column in enumerate(columns)
    }
    lines = [
        f"/* Reads {table.name}.csv. Run it in the folder of that file, in a SAS session in UTF-8. */",
        *_code_formats(columns, formats),
        f"data {table.name[:NAME]};",
        f"  infile '{table.name}.csv' dsd dlm=';' firstobs=2 encoding='utf-8' termstr=crlf truncover "
        f"lrecl={max(_line(columns), 256)};",
        "  length",
        *(f"    {column.name} {_length(column)}" for column in columns),
        "  ;",
        *_shown(columns, formats),
        "  label",
        *(f"    {column.name} = {_quoted(cut(column.label, LONGEST_LABEL))}" for column in columns if column.label),
        "  ;",
        "  input",
        *(f"    {column.name} {_informat(column)}" for column in columns),
        "  ;",
        "run;",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _columns(table: Table) -> tuple[Column, ...]:
    """The columns as SAS reads them from the CSV: a boolean is a word there."""
    carried = within_calendar(table.columns, FIRST_DAY)
    return tuple(_as_word(column) if column.kind == "boolean" else column for column in carried)


def _as_word(column: Column) -> Column:
    return replace(column, kind="text", width=max(column.width, len("false")), codes=())


def _labelled(column: Column) -> dict[str, str]:
    if column.kind == "text":
        return {code: label for code, label in column.codes if code}
    return {f"{code:.0f}": label for code, label in numeric_labels(column).items()}


def _code_formats(columns: Sequence[Column], names: dict[str, str]) -> Iterator[str]:
    labelled = [(column, _labelled(column)) for column in columns]
    if any(labels for _, labels in labelled):
        yield "proc format;"
        for column, labels in labelled:
            if labels:
                yield f"  value {names[column.name]}"
                for code, label in labels.items():
                    value = _quoted(code) if column.kind == "text" else code
                    yield f"    {value} = {_quoted(cut(label, LONGEST_CODE_LABEL))}"
                yield "  ;"
        yield "run;"


def _shown(columns: Sequence[Column], names: dict[str, str]) -> Iterator[str]:
    shown = [
        (each.name, "yymmdd10." if each.kind == "date" else f"{names[each.name]}.")
        for each in columns
        if each.kind == "date" or _labelled(each)
    ]
    if shown:
        yield "  format"
        yield from (f"    {name} {form}" for name, form in shown)
        yield "  ;"


def _length(column: Column) -> str:
    return f"${max(column.width, 1)}" if column.kind == "text" else "8"


def _informat(column: Column) -> str:
    if column.kind == "text":
        return f":$char{max(column.width, 1)}."
    if column.kind == "date":
        return f":{_DAYS[column.date_format]}"
    comma = column.written is not None and column.written.decimal_mark == ","
    return f":{'numx' if comma else ''}{LONGEST_NUMBER}."


def _line(columns: Sequence[Column]) -> int:
    """The most bytes that a line can have: every quote in a text is doubled."""
    return sum((2 * column.width if column.kind == "text" else LONGEST_NUMBER) + 3 for column in columns)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class _Program:
    """The program as a file; the rows are in the CSV file, which is read back where it is written."""

    row_bytes = 0

    def __init__(self, text: str) -> None:
        self._content = text.encode()

    def opening(self) -> bytes:
        """The program."""
        return self._content

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """Nothing."""
        yield from ()

    def closing(self) -> Iterator[Chunk]:
        """Nothing."""
        yield from ()

    def read(self, content: bytes) -> pl.DataFrame:
        """A program holds no rows."""
        return pl.DataFrame()
