"""JSON lines as a format of register files: one object a line, its names the columns.

What belongs here: objects, names and values. What must not: lines, encodings and the account. Numbers keep the text
they were written with (``1.50`` stays so); true and false are ``true`` and ``false``; null and a name that a row lacks
are empty cells.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.register_files.columns.header import MOST_COLUMNS, name_columns
from samkorning.register_files.content.content import JSON, Content, kind_of
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.table import Remark, RowFault, Tally
from samkorning.register_files.text.lines import LineSplitter
from samkorning.register_files.text.text_rows import Parser, Rejects, TextRows, open_text, skip_lines

NAME = "json_lines"
SUFFIXES = (".jsonl", ".ndjson")
Row = dict[str, str | None]


class _NotFlat(ValueError):
    """A row that is JSON and still no row of a table."""

    def __init__(self, fault: RowFault) -> None:
        self.fault = fault


def recognises(head: bytes) -> bool:
    """Whether the first bytes are JSON whose first line is a whole object."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return kind_of(head) == JSON and isinstance(_row_of(first), dict)


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The file opened: its names gathered in a first pass, its rows read in a second."""
    names = _gather_names(content, name, contract)
    columns = name_columns(names, name, contract)
    text = open_text(content, name, contract, "JSON lines", JSON)
    skip_lines(text, contract.skip_rows)
    return OpenedFile(
        name=name,
        format=NAME,
        columns=columns,
        encoding=text.encoding,
        separator=None,
        tally=text.tally,
        batches=TextRows(text, LineSplitter(text.order_mark)).batches(_parser(names, columns, text.tally)),
    )


def _gather_names(content: Content, name: str, contract: FileContract) -> list[str]:
    """All names of all rows, in the order in which they first stand."""
    text = open_text(content, name, contract, "JSON lines", JSON)
    skip_lines(text, contract.skip_rows)
    names: dict[str, None] = {}
    for _ in TextRows(text, LineSplitter(text.order_mark)).batches(_gatherer(names)):
        if len(names) > MOST_COLUMNS:
            break
    return list(names)


def _gatherer(names: dict[str, None]) -> Parser:
    return _Objects(lambda rows: names.update(dict.fromkeys(name for row in rows for name in row)))


def _parser(names: Sequence[str], columns: Sequence[str], tally: Tally) -> Parser:
    def remark(rows: Sequence[Row]) -> None:
        tally.remarks[Remark.ABSENT_NAMES] += sum(len(row) < len(names) for row in rows)

    return _Objects(remark, names, columns)


@dataclass(frozen=True)
class _Objects:
    """Parses lines into rows; without names it only looks at them."""

    look_at: Callable[[Sequence[Row]], None]
    names: Sequence[str] = ()
    columns: Sequence[str] = ()

    def parse(self, text: bytes) -> tuple[pl.DataFrame, Rejects]:
        results = [_row_of(line) for line in text.splitlines()]
        rows = [row for row in results if isinstance(row, dict)]
        self.look_at(rows)
        values = {
            column: pl.Series(column, [row.get(name) for row in rows], dtype=pl.String)
            for name, column in zip(self.names, self.columns, strict=True)
        }
        frame = pl.DataFrame(values) if self.names else pl.DataFrame(height=len(rows))
        return frame, [(place, row) for place, row in enumerate(results, 1) if isinstance(row, RowFault)]


def _row_of(line: bytes) -> Row | RowFault:
    """One line as names and exact texts, or why it is no row."""
    if not line:
        return RowFault.BLANK_LINE
    try:
        row = json.loads(
            line, parse_int=str, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_flat_object
        )
    except _NotFlat as error:
        return error.fault
    except (ValueError, RecursionError):
        return RowFault.NOT_AN_OBJECT
    return row if isinstance(row, dict) else RowFault.NOT_AN_OBJECT


def _no_constant(text: str) -> None:
    raise _NotFlat(RowFault.NOT_AN_OBJECT)


def _flat_object(pairs: list[tuple[str, object]]) -> Row:
    row = {_text(name) or "": _text(value) for name, value in pairs}
    if len(row) < len(pairs):
        raise _NotFlat(RowFault.REPEATED_NAME)
    return row


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise _NotFlat(RowFault.NESTED_VALUE)
    if not isinstance(value, str):
        return None
    if "\x00" in value:
        raise _NotFlat(RowFault.NUL_CHARACTER)
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _NotFlat(RowFault.UNDECODABLE)
    return value
