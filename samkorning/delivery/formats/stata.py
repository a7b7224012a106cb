"""Stata data files (.dta) of version 118, in UTF-8.

What belongs here: what such a file holds, and its bytes. What must not: other formats. Layout: header and end of a file
that pyreadstat writes, with the number of rows put in and the places of the map moved on.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from samkorning.data_formats import FormatName
from samkorning.delivery.formats.columns import Column, Table
from samkorning.delivery.formats.fixed_records import (
    Field,
    Frame,
    RecordWriter,
    around_row,
    days_since,
    double_matrix,
    one_row,
    text_matrix,
    written_by_library,
)
from samkorning.delivery.formats.format import Loss, Refusal, Writer, empty_text, name_refusals, untyped_refusals
from samkorning.delivery.formats.labels import cut, labels_cut, numeric_labels
from samkorning.delivery.formats.limits import number_refusals, text_refusals, whole_width
from samkorning.delivery.formats.statistics_reader import in_numbers_and_text, read_statistics
from samkorning.delivery.formats.values_as_text import days_as_text, within_calendar

MISSING = float.fromhex("0x1.0p1023")
GREATEST = float.fromhex("0x1.fffffffffffffp1022")
LONGEST_TEXT, LONGEST_LABEL, LONGEST_CODE_LABEL = 2_044, 80, 32_000
"""Stata holds 2,045 bytes in a record; pyreadstat puts a text of so many outside the records (strL) already."""
MOST_VARIABLES = 32_767
FIRST_DAY, _ZERO_DAY = date(100, 1, 1), date(1960, 1, 1)
_RELEASE = 14  # the release of Stata that the version 118 came with
_ROWS, _CREATED, _MAP, _DATA = b"<N>", b"<timestamp>", b"<map>", b"<data>"
_LEAST_SHOWN, _MOST_DECIMALS = 10, 16
_PLACES, _DATA_PLACE, _PLACES_AFTER_DATA = 14, 9, 4
_TIME = b"\x1101 Jan 2000 00:00"


class Stata:
    """The format."""

    name: FormatName = "stata"
    ending = ".dta"
    typed = True

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """Names, numbers and text that Stata does not hold."""
        yield from name_refusals(table, self.name)
        yield from untyped_refusals(table)
        yield from number_refusals(table.columns, GREATEST)
        yield from text_refusals(within_calendar(table.columns, FIRST_DAY), LONGEST_TEXT)
        if len(table.columns) > MOST_VARIABLES:
            yield Refusal(None, f"has more than {MOST_VARIABLES} variables")

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """What Stata has no place for."""
        columns = within_calendar(table.columns, FIRST_DAY)
        yield from empty_text(columns)
        yield from labels_cut(columns, LONGEST_LABEL, LONGEST_CODE_LABEL, _labelled)
        yield from days_as_text(table.columns, columns)

    def writer(self, table: Table) -> Writer:
        """A writer of records."""
        columns = within_calendar(table.columns, FIRST_DAY)
        fields = [_field(column) for column in columns]
        return RecordWriter(_frame(table, columns, fields), fields, columns, table.rows, _read, in_numbers_and_text)


def _read(content: bytes) -> pl.DataFrame:
    return read_statistics(content, Stata.ending)


def _labelled(column: Column) -> dict[Any, str]:
    """The labels of codes that are numbers: Stata has none for text."""
    return {int(code): label for code, label in numeric_labels(column).items()} if column.kind != "text" else {}


def _frame(table: Table, columns: Sequence[Column], fields: Sequence[Field]) -> Frame:
    import pyreadstat

    labels = {
        each.name: {code: cut(text, LONGEST_CODE_LABEL) for code, text in _labelled(each).items()} for each in columns
    }
    content = written_by_library(
        lambda path: pyreadstat.write_dta(
            one_row(columns),
            path,
            file_label=cut(table.name, LONGEST_LABEL),
            column_labels={column.name: cut(column.label, LONGEST_LABEL) for column in columns},
            version=_RELEASE,
            variable_value_labels={name: each for name, each in labels.items() if each},
            variable_format={column.name: _shown(column) for column in columns if column.kind != "text"},
        )
    )
    record = sum(field.width for field in fields)
    places = content.index(_MAP) + len(_MAP)
    offsets = struct.unpack_from(f"<{_PLACES}Q", content, places)
    before, end = around_row(content, offsets[_DATA_PLACE] + len(_DATA), columns, fields)
    start = bytearray(before)
    count, created = start.index(_ROWS) + len(_ROWS), start.index(_CREATED) + len(_CREATED)
    start[created : created + len(_TIME)] = _TIME

    def header(rows: int) -> bytes:
        struct.pack_into("<Q", start, count, rows)
        moved = [place + (rows - 1) * record for place in offsets[-_PLACES_AFTER_DATA:]]
        struct.pack_into(f"<{_PLACES}Q", start, places, *offsets[:-_PLACES_AFTER_DATA], *moved)
        return bytes(start)

    return Frame(header, lambda rows: end)


def _shown(column: Column) -> str:
    if column.kind == "date":
        return "%tdCCYY-NN-DD"
    if column.kind == "decimal" and column.decimals:
        return f"%20.{min(column.decimals, _MOST_DECIMALS)}f"
    return f"%{max(_LEAST_SHOWN, whole_width(column))}.0g"


def _width(column: Column) -> int:
    return max(column.width, 1) if column.kind == "text" else 8


def _field(column: Column) -> Field:
    width = _width(column)
    if column.kind == "date":
        return Field(8, lambda values: double_matrix(days_since(values, _ZERO_DAY), MISSING))
    if column.kind != "text":
        return Field(8, lambda values: double_matrix(values, MISSING))
    return Field(width, lambda values: text_matrix(values, width, "\0"))
