"""Delimited text (semicolon, tab, comma, pipe) as a format of register files.

What belongs here: separator, header, and rows that are a header again. What must not: encodings,
lines, quotes and the account; each has a module.
"""

import re
from collections.abc import Sequence

import polars as pl

from samkorning.errors import FileRefused
from samkorning.register_files.columns import header
from samkorning.register_files.content.content import TEXT, Content, kind_of
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile, Rows, as_frame
from samkorning.register_files.table import MOST_REFUSED, Remark, RowFault, kept_row_numbers
from samkorning.register_files.text.encodings import UNDECODABLE
from samkorning.register_files.text.fields import split_records
from samkorning.register_files.text.formula_text import WithoutFormulas, without_formulas
from samkorning.register_files.text.lines import TooMuchDamage, line_ends_of
from samkorning.register_files.text.quoted_fields import QuotedFields
from samkorning.register_files.text.records import RecordSplitter
from samkorning.register_files.text.row_parser import RowParser
from samkorning.register_files.text.separators import CANDIDATES, NO_SEPARATOR, find_separator, shape_with
from samkorning.register_files.text.single_column import (
    OneField,
    first_line,
    refuse_stray_quote,
    refuse_unlikely_column,
)
from samkorning.register_files.text.text_rows import (
    Parser,
    Rejects,
    TextFile,
    TextRows,
    open_text,
    skip_lines,
    take_off,
)

NAME = "delimited"
SUFFIXES = (".csv", ".txt", ".tsv", ".tab", ".skv", ".dat", ".asc")
_LINE_END = re.compile("[\r\n]")
_APOSTROPHES = re.compile("'.*'", re.S)
_QUOTATION_MARKS = "write the file again with quotation marks in their place"
_AGAIN = "write the file again and send that"


def recognises(head: bytes) -> bool:
    """Whether the first bytes are text of any encoding."""
    return kind_of(head) == TEXT


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The file opened under its contract: names known, rows still to be read."""
    text = open_text(content, name, contract, "delimited text")
    stated = _take_separator_line(text)
    skip_lines(text, contract.skip_rows)
    separator = _choose_separator(text, stated, contract)
    quoted = QuotedFields(content, name, text.encoding, separator)
    found = _take_header(text, separator, quoted, contract) if contract.header else None
    columns = header.name_columns(found, name, contract) if found else _declared(text, separator, contract)
    splitter = RecordSplitter(separator, len(columns) == 1, quoted.are_there, text.order_mark)
    parser = WithoutFormulas(RowParser(separator, columns), text.tally)
    return OpenedFile(
        name=name,
        format=NAME,
        columns=columns,
        encoding=text.encoding,
        separator=None if separator == NO_SEPARATOR else separator,
        tally=text.tally,
        batches=TextRows(text, splitter).batches(_WithoutHeaders(parser, found, columns) if found else parser),
    )


def _take_separator_line(text: TextFile) -> str | None:
    """Takes off the line ``sep=;`` that Excel writes and reads, and gives the separator that it states."""
    head = text.first.data[:7].decode("latin-1")
    if head[:4].lower() != "sep=" or head[4:5] not in CANDIDATES or head[5:6] not in ("\r", "\n"):
        return None
    take_off(text, 7 if head[5:7] == "\r\n" else 6, 1)
    text.tally.remarks[Remark.SEPARATOR_LINE] += 1
    return head[4]


def _choose_separator(text: TextFile, stated: str | None, contract: FileContract) -> str:
    if contract.separator != "auto":
        return contract.separator
    return stated or find_separator(text.first.data, [column.name for column in contract.columns])


def _take_header(text: TextFile, separator: str, quoted: QuotedFields, contract: FileContract) -> list[str | None]:
    """Takes off the first record and gives its fields."""
    lines = text.first.data
    first = RecordSplitter(separator, any_is_quoted=quoted.are_there).first(lines)
    if not first or not first.strip():
        raise _refuse_header(text)
    body = first.rstrip(b"\r\n")
    found = without_formulas(next(split_records(body + b"\n", separator)))
    if any(field and _APOSTROPHES.fullmatch(field) for field in found):
        raise FileRefused(text.name, "names in the first row stand in apostrophes", _QUOTATION_MARKS)
    if any(field and separator in field and _LINE_END.search(field) for field in found):
        raise FileRefused(text.name, "a name in the first row holds a separator and a line end", _AGAIN)
    if len(found) == 1:
        refuse_unlikely_column(OneField(body, found[0] or "", lines), text.name, contract)
    text.line_ends.update(line_ends_of(first[len(body) :]))
    take_off(text, len(first), 1)
    return found


def _refuse_header(text: TextFile) -> FileRefused:
    line = first_line(text.first.data)
    if UNDECODABLE in line:
        return FileRefused(
            text.name,
            "the first row has bytes that are no characters of the file's encoding",
            "send the file in the declared encoding, or declare the one that it has",
        )
    refuse_stray_quote(line, text.name)
    return FileRefused(text.name, "the first row is no readable header", "send the file with names in its first row")


def _declared(text: TextFile, separator: str, contract: FileContract) -> tuple[str, ...]:
    shape = shape_with(text.first.data, separator)
    width = shape.usual_width if shape else len(contract.columns)
    return header.declared_names(width, text.name, contract)


class _WithoutHeaders:
    """A parser that rejects a header that stands again among the rows."""

    def __init__(self, parser: Parser, found: Sequence[str | None], columns: Sequence[str]) -> None:
        self._parser, self._found, self._first = parser, found, columns[0]

    def parse(self, text: bytes) -> tuple[Rows, Rejects]:
        rows, rejects = self._parser.parse(text)
        if not (pl.Series(rows[self._first]) == self._found[0]).any():
            return rows, rejects
        frame = as_frame(rows)
        same = (pl.col(name) == text for name, text in zip(frame.columns, self._found, strict=True))
        again = frame.select(pl.all_horizontal(same)).to_series()
        if again.sum() > MOST_REFUSED:
            raise TooMuchDamage
        kept = kept_row_numbers(1, frame.height + len(rejects), [place for place, _ in rejects])
        headers = [(place, RowFault.HEADER_AGAIN) for place in kept.filter(again)]
        return frame.filter(~again), sorted([*rejects, *headers])
