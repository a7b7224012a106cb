"""SPSS data files (.sav), not compressed, in UTF-8.

What belongs here: what such a file holds, and its bytes. What must not: other formats. Layout: the header of a file
that pyreadstat writes, with the number of rows put in; every text is filled with blanks to whole groups of eight bytes,
and one of more than 255 bytes lies in segments of 255 bytes and a blank.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
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
from samkorning.delivery.formats.format import (
    Loss,
    Refusal,
    Writer,
    blanks_at_the_end,
    empty_text,
    name_refusals,
    untyped_refusals,
)
from samkorning.delivery.formats.labels import cut, labels_cut, numeric_labels
from samkorning.delivery.formats.limits import number_refusals, text_refusals, whole_width
from samkorning.delivery.formats.statistics_reader import in_numbers_and_text, read_statistics
from samkorning.delivery.formats.values_as_text import days_as_text, within_calendar

MISSING = -1.7976931348623157e308
GREATEST = 1.7976931348623155e308
LONGEST_TEXT, LONGEST_LABEL, LONGEST_CODE_LABEL, LONGEST_LABELLED_TEXT = 32_767, 255, 120, 8
MOST_ROWS = 2**31 - 1
FIRST_DAY, _ZERO_DAY, _DAY = date(1582, 10, 15), date(1582, 10, 14), 86_400.0
_ROWS_AT, _CREATED_AT, _CREATED = 80, 92, b"01 Jan 0000:00:00"
_LEAST_SHOWN, _DECIMALS, _MOST_DECIMALS = 8, 6, 16
_SEGMENT, _SEGMENT_TEXT, _SEGMENT_COUNTED = 256, 255, 252
_LONG_COUNT = b"\x07\x00\x00\x00\x10\x00\x00\x00\x08\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"


class Spss:
    """The format."""

    name: FormatName = "spss"
    ending = ".sav"
    typed = True

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """Names, numbers and text that SPSS does not hold."""
        yield from name_refusals(table, self.name)
        yield from untyped_refusals(table)
        yield from number_refusals(table.columns, GREATEST)
        yield from text_refusals(within_calendar(table.columns, FIRST_DAY), LONGEST_TEXT)
        if table.rows > MOST_ROWS:
            yield Refusal(None, f"has more than {MOST_ROWS} rows")

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """What SPSS has no place for."""
        columns = within_calendar(table.columns, FIRST_DAY)
        yield from empty_text(columns)
        yield from blanks_at_the_end(columns)
        yield from labels_cut(columns, LONGEST_LABEL, LONGEST_CODE_LABEL, _labelled)
        yield from days_as_text(table.columns, columns)

    def writer(self, table: Table) -> Writer:
        """A writer of records."""
        columns = within_calendar(table.columns, FIRST_DAY)
        fields = [_field(column) for column in columns]
        return RecordWriter(_frame(table, columns, fields), fields, columns, table.rows, _read, in_numbers_and_text)


def _read(content: bytes) -> pl.DataFrame:
    return read_statistics(content, Spss.ending)


def _labelled(column: Column) -> dict[Any, str]:
    """The labels of codes: of numbers, and of texts of at most eight bytes."""
    if column.kind != "text":
        return dict(numeric_labels(column))
    return {code: label for code, label in column.codes if 0 < len(code.encode()) <= LONGEST_LABELLED_TEXT}


def _frame(table: Table, columns: Sequence[Column], fields: Sequence[Field]) -> Frame:
    import pyreadstat

    labels = {
        each.name: {code: cut(text, LONGEST_CODE_LABEL) for code, text in _labelled(each).items()} for each in columns
    }
    content = written_by_library(
        lambda path: pyreadstat.write_sav(
            one_row(columns),
            path,
            file_label=cut(table.name, 64),
            column_labels={column.name: cut(column.label, LONGEST_LABEL) for column in columns},
            variable_value_labels={name: each for name, each in labels.items() if each},
            variable_measure={
                each.name: "scale" if each.kind in ("decimal", "date") else "nominal" for each in columns
            },
            variable_format={column.name: _shown(column) for column in columns if column.kind != "text"},
        )
    )
    record = sum(field.width for field in fields)
    before, _ = around_row(content, len(content) - record, columns, fields)
    start = bytearray(before)
    start[_CREATED_AT : _CREATED_AT + len(_CREATED)] = _CREATED
    long_count = start.rfind(_LONG_COUNT)

    def header(rows: int) -> bytes:
        start[_ROWS_AT : _ROWS_AT + 4] = rows.to_bytes(4, "little")
        if long_count >= 0:
            place = long_count + len(_LONG_COUNT)
            start[place : place + 8] = rows.to_bytes(8, "little")
        return bytes(start)

    return Frame(header, lambda rows: b"")


def _shown(column: Column) -> str:
    if column.kind == "date":
        return "SDATE10"
    if column.kind == "decimal":
        return f"F20.{min(column.decimals, _MOST_DECIMALS) or _DECIMALS}"
    return f"F{max(_LEAST_SHOWN, whole_width(column))}"


def _width(column: Column) -> int:
    """Bytes of a column in a record."""
    if column.kind != "text":
        return 8
    segments = -(-column.width // _SEGMENT_COUNTED) if column.width > _SEGMENT_TEXT else 1
    last = max(column.width, 1) - (segments - 1) * _SEGMENT_COUNTED
    return (segments - 1) * _SEGMENT + -(-last // 8) * 8


def _field(column: Column) -> Field:
    width = _width(column)
    if column.kind == "date":
        return Field(8, lambda values: double_matrix(days_since(values, _ZERO_DAY).cast(pl.Float64) * _DAY, MISSING))
    if column.kind != "text":
        return Field(8, lambda values: double_matrix(values, MISSING))
    if column.width <= _SEGMENT_TEXT:
        return Field(width, lambda values: text_matrix(values, width, " "))
    return Field(width, lambda values: _in_segments(values, width))


def _in_segments(values: pl.Series, width: int) -> np.ndarray:
    """Long text: 255 bytes and a blank, again and again."""
    segments = -(-width // _SEGMENT)
    texts = text_matrix(values, segments * _SEGMENT_TEXT, " ")
    apart = np.full((len(texts), segments, _SEGMENT), ord(" "), dtype=np.uint8)
    apart[:, :, :_SEGMENT_TEXT] = texts.reshape(len(texts), segments, _SEGMENT_TEXT)
    return apart.reshape(len(texts), segments * _SEGMENT)[:, :width]
