"""Data files in any format rendered in memory, and read by libraries that have not written them.

What belongs here: making and reading them. What must not: expectations.
"""

import csv
import io
import math
import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import fastexcel
import pandas as pd
import polars as pl
import pyreadstat

from samkorning.data_formats import FormatName
from samkorning.delivery.formats import Declared, Table, formats_of
from samkorning.delivery.formats.examination import examined
from samkorning.delivery.rendering import RenderedFacts, Rendering
from tests.rendered import in_one_unit

FILE = "ut_r_test_36759_2021"
Rows = list[tuple[Any, ...]]


def a_table(frame: pl.DataFrame, said: Iterable[Declared] = ()) -> Table:
    """A frame looked through; columns of which nothing is said are text, or what they are."""
    declared = {each.name: each for each in said}
    columns = [declared.get(name, Declared(name)) for name in frame.columns]
    return examined(FILE, frame.schema, columns, [frame.lazy()])


def in_formats(
    frame: pl.DataFrame, formats: Sequence[FormatName], said: Iterable[Declared] = (), batch: int = 1000
) -> tuple[RenderedFacts, dict[str, bytes]]:
    """What is known of a frame in some formats, and its bytes in each."""
    rendering = Rendering(a_table(frame, said), [], formats_of(formats))
    content = dict.fromkeys(rendering.formats, b"")
    for chunk in rendering.chunks(map(in_one_unit, frame.iter_slices(batch))):
        for name, some in chunk.items():
            content[name] += some
    return rendering.facts(), content


def in_format(frame: pl.DataFrame, name: FormatName, said: Iterable[Declared] = (), batch: int = 1000) -> bytes:
    """A frame's bytes in one format."""
    return in_formats(frame, [name], said, batch)[1][name]


def rows_of(content: bytes, name: FormatName) -> Rows:
    """The rows of a file, missing as None, as a library reads them that has not written them."""
    return [tuple(None if _is_none(value) else value for value in row) for row in READERS[name](content)]


def _is_none(value: Any) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _csv(content: bytes) -> Rows:
    return _lines(content.decode("utf-8-sig"), ";")


def _tab(content: bytes) -> Rows:
    return _lines(content.decode("utf-8"), "\t")


def _lines(text: str, separator: str) -> Rows:
    csv.field_size_limit(2**27)
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)][1:]


def _parquet(content: bytes) -> Rows:
    return pl.read_parquet(io.BytesIO(content)).rows()


def _spss(content: bytes) -> Rows:
    rows, about = pyreadstat.read_sav(io.BytesIO(content), output_format="dict", disable_datetime_conversion=True)
    days = {name for name, form in about.original_variable_types.items() if form.startswith("SDATE")}
    return _by_row(rows, days, lambda value: date(1582, 10, 14) + timedelta(seconds=value))


def _stata(content: bytes) -> Rows:
    with pd.read_stata(io.BytesIO(content), iterator=True, convert_dates=False, convert_categoricals=False) as reader:
        read = reader.read()
        days = {name for name, form in zip(reader._varlist, reader._fmtlist, strict=True) if form.startswith("%td")}
    columns = {name: read[name].tolist() for name in read.columns}
    return _by_row(columns, days, lambda value: date(1960, 1, 1) + timedelta(days=value))


def _by_row(columns: dict[str, list[Any]], days: set[str], day: Callable[[float], date]) -> Rows:
    read = [
        [day(value) if name in days and not _is_none(value) else value for value in values]
        for name, values in columns.items()
    ]
    return list(zip(*read, strict=True))


def _sas_transport(content: bytes) -> Rows:
    """A small reader of version 8, byte by byte."""
    names = content.index(b"HEADER RECORD*******NAMSTV8")
    count = int(content[names + 54 : names + 58])
    fields = [content[names + 80 + 140 * place :][:140] for place in range(count)]
    start = content.index(b"HEADER RECORD*******OBSV8", names)
    height, first = int(content[start + 48 : start + 63]), start + 80
    kinds = [(struct.unpack_from(">hhh", field), field[56:64].rstrip()) for field in fields]
    width, rows = sum(kind[2] for kind, _ in kinds), []
    assert len(content) % 80 == 0
    for place in range(height):
        row, at = [], first + place * width
        for (kind, _, length), form in kinds:
            row.append(_transported(content[at : at + length], kind == 1, form == b"YYMMDD"))
            at += length
        rows.append(tuple(row))
    assert not content[first + height * width :].strip(b" ")
    return rows


def _transported(content: bytes, number: bool, day: bool) -> Any:
    if not number:
        return content.decode().rstrip(" ")
    if content[1:] == bytes(7) and content[0:1] == b".":
        return None
    sign = -1 if content[0] & 0x80 else 1
    value = sign * math.ldexp(int.from_bytes(content[1:], "big"), 4 * ((content[0] & 0x7F) - 64) - 56)
    return date(1960, 1, 1) + timedelta(days=value) if day else value


def _excel(content: bytes) -> Rows:
    rows = fastexcel.read_excel(content).load_sheet(0, header_row=None, skip_rows=1).to_polars().rows()
    return [tuple(each.date() if isinstance(each, datetime) else each for each in row) for row in rows]


READERS: dict[str, Callable[[bytes], Rows]] = {
    "csv": _csv,
    "tab": _tab,
    "parquet": _parquet,
    "spss": _spss,
    "stata": _stata,
    "sas_transport": _sas_transport,
    "excel": _excel,
}
