"""Delimited text (semicolon, tab, comma, pipe) as a format of register files.

What belongs here: separator, header, and the parser that reads each row up to its mark. What must not: encodings,
lines, quotes and the account; each has a module.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from samkorning.errors import CheckFailed, FileRefused
from samkorning.register_files import header
from samkorning.register_files.content import TEXT, Content, kind_of
from samkorning.register_files.contract import FileContract
from samkorning.register_files.fields import split_records
from samkorning.register_files.lines import TooMuchDamage, line_ends_of
from samkorning.register_files.locked_parser import LockedParser
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.records import ROW_MARK, RecordSplitter
from samkorning.register_files.separators import CANDIDATES, NO_SEPARATOR, find_separator, shape_with
from samkorning.register_files.table import MOST_REFUSED, Remark, RowFault, kept_row_numbers
from samkorning.register_files.text_rows import Parser, Rejects, TextFile, TextRows, open_text, skip_lines, take_off

NAME = "delimited"
SUFFIXES = (".csv", ".txt", ".tsv", ".tab", ".skv", ".dat", ".asc")


def recognises(head: bytes) -> bool:
    """Whether the first bytes are text of any encoding."""
    return kind_of(head) == TEXT


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The file opened under its contract: names known, rows still to be read."""
    text = open_text(content, name, contract, "delimited text")
    told = _take_separator_line(text)
    skip_lines(text, contract.skip_rows)
    separator = _choose_separator(text, told, contract)
    found = _take_header(text, separator) if contract.header else None
    columns = header.name_columns(found, name, contract) if found else _declared(text, separator, contract)
    rows = TextRows(text, RecordSplitter(separator, single=len(columns) == 1, marked=True))
    return OpenedFile(
        name=name,
        format=NAME,
        columns=columns,
        encoding=text.encoding,
        separator=None if separator == NO_SEPARATOR else separator,
        tally=text.tally,
        batches=rows.batches(lambda: _marked_parser(separator, columns, found)),
    )


def _take_separator_line(text: TextFile) -> str | None:
    """Takes off the line ``sep=;`` that Excel writes and reads, and gives what it tells."""
    head = text.first.data[:7].decode("latin-1")
    if head[:4].lower() != "sep=" or head[4:5] not in CANDIDATES or head[5:6] not in ("\r", "\n"):
        return None
    take_off(text, 7 if head[5:7] == "\r\n" else 6, 1)
    text.tally.remarks[Remark.SEPARATOR_LINE] += 1
    return head[4]


def _choose_separator(text: TextFile, told: str | None, contract: FileContract) -> str:
    if contract.separator != "auto":
        return contract.separator
    return told or find_separator(text.first.data, [column.name for column in contract.columns])


def _take_header(text: TextFile, separator: str) -> list[str | None]:
    """Takes off the first record and gives its fields."""
    first = RecordSplitter(separator, single=False).first(text.first.data)
    if not first or not first.strip():
        raise FileRefused(text.name, "the first row is no readable header", "send the file with names in its first row")
    body = first.rstrip(b"\r\n")
    text.line_ends.update(line_ends_of(first[len(body) :]))
    take_off(text, len(first), 1)
    return next(split_records(body + b"\n", separator))


def _declared(text: TextFile, separator: str, contract: FileContract) -> tuple[str, ...]:
    shape = shape_with(text.first.data, separator)
    width = shape.usual_width if shape else len(contract.columns)
    return header.declared_names(width, text.name, contract)


@contextmanager
def _marked_parser(separator: str, columns: Sequence[str], found: Sequence[str | None] | None) -> Iterator[Parser]:
    """A parser of rows that end with a mark; a header that stands again among the rows is rejected."""
    with LockedParser(separator, len(columns) + 1) as parser:
        yield _MarkedParser(parser, columns, found)


class _MarkedParser:
    def __init__(self, parser: Parser, columns: Sequence[str], found: Sequence[str | None] | None) -> None:
        self._parser, self._columns, self._found = parser, columns, found

    def parse(self, text: bytes) -> tuple[pl.DataFrame, Rejects]:
        frame, rejects = self._parser.parse(text)
        mark = frame.columns[-1]
        if not (frame[mark] == ROW_MARK).all():
            raise CheckFailed("row accounting: the parser lost the end of a row")
        named = frame.drop(mark).rename(dict(zip(frame.columns, self._columns, strict=False)))
        return self._without_headers(named, rejects)

    def _without_headers(self, frame: pl.DataFrame, rejects: Rejects) -> tuple[pl.DataFrame, Rejects]:
        if self._found is None or not (frame.to_series(0) == self._found[0]).any():
            return frame, rejects
        same = pl.all_horizontal(pl.col(name) == text for name, text in zip(self._columns, self._found, strict=True))
        again = frame.select(same).to_series()
        if again.sum() > MOST_REFUSED:
            raise TooMuchDamage
        kept = kept_row_numbers(1, frame.height + len(rejects), [place for place, _ in rejects])
        headers = [(place, RowFault.HEADER_AGAIN) for place in kept.filter(again)]
        return frame.filter(~again), sorted([*rejects, *headers])
