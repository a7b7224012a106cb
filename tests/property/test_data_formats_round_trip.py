"""Any table in any format is read as it was by a library that has not written it, or was refused by name before."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.data_formats import FormatName
from samkorning.delivery.formats import Declared
from samkorning.errors import CheckFailed
from tests.data_formats import FILE, READERS, in_format, rows_of
from tests.examples import examples

SHAPES = {"YYYY-MM-DD": "%Y-%m-%d", "YYYYMMDD": "%Y%m%d", "DD.MM.YYYY": "%d.%m.%Y", "DD/MM/YYYY": "%d/%m/%Y"}
NEAR = (2**53, 2**53 - 1, 2**53 + 1, -(2**53), 10**15, 2**63 - 1, 0, 7)
DIRT = (
    *("", " ", "  x", "x  ", "å", "ä" * 130, "😀", "\x00", "a\x00b", "\x01", "\n", "\r", "a\r\nb", "\t", '"', ";"),
    *("=1+1", "_x0041_", "_x005F_", "\ufeff", "\uffff", "\ufffe", "\ufffd", "\U0010ffff", "\x7f", "\x85", "\u2028"),
    *("NA", "nan", ".", "-", "True", "e\u0301", "<&>", "'", "x'00'", "é" * 1022, "x" * 255, "x" * 256),
    *("y" * 2044, "y" * 2045, "å" * 16_384, "z" * 32_767, "z" * 32_768),
)
NUMERALS = (
    *("0", "-0", "00", "1", "01", "+1", "1.0", "1,5", "1.5", "1.50", "-0.0", "1e5", "9007199254740993", "0.1"),
    *("123456789012345", "1234567890123456", ".5", "5.", "-7", "1 000", "0.30000000000000004", "inf", "NaN"),
)
DAYS = (
    *("2219-05-04", "22190504", "04.05.2219", "04/05/2219", "2219-02-30", "2219", "221905", "22190500", "24-01-01"),
    *("1899-12-31", "1582-10-14", "1582-10-15", "0099-12-31", "0001-01-01", "0000-01-01", "9999-12-31", "1900-02-28"),
)
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(DIRT + NUMERALS + DAYS)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    pl.Int32: st.integers(-(2**31), 2**31 - 1),
    pl.Int64: st.sampled_from(NEAR) | st.integers(-(2**63), 2**63 - 1),
    pl.Float64: st.floats() | st.sampled_from([-0.0, 0.1, 1e-80, 1e80, 1e308, 5e-324, 1.5, 2**53 + 2.0]),
    pl.Boolean: st.booleans(),
    pl.Date: st.dates() | st.sampled_from([date(1582, 10, 14), date(1900, 2, 28), date(99, 1, 1)]),
    pl.String: texts,
}
DECLARED: dict[str, st.SearchStrategy[str]] = {
    "text": texts,
    "integer": st.integers(-(10**16), 10**16).map(str) | st.sampled_from(NUMERALS),
    "decimal": st.decimals(-1000, 1000, places=2).map(str) | st.sampled_from(NUMERALS),
    "date": st.dates(date(1850, 1, 1)).map(date.isoformat) | st.sampled_from(DAYS),
    "boolean": st.sampled_from(["True", "False", "1", "0", "x"]),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[pl.DataFrame, list[Declared]]:
    """A serial number and some columns, each of a type that linked rows have; now and then all of one form."""
    height = draw(st.integers(0, 5))
    columns = [pl.Series("LopNr", range(1, height + 1), dtype=pl.Int32)]
    said = [Declared("LopNr", "integer", "Löpnummer")]
    for place in range(draw(st.integers(1, 3))):
        name, dtype = f"K{place}", draw(st.sampled_from([*VALUES, pl.String, pl.String]))
        kind = draw(st.sampled_from(list(DECLARED))) if dtype == pl.String else "text"
        values = DECLARED[kind] if dtype == pl.String else VALUES[dtype]
        if draw(st.booleans()):
            values = st.sampled_from(draw(st.lists(values, min_size=1, max_size=2)))
        drawn = draw(st.lists(st.none() | values, min_size=height, max_size=height))
        columns.append(pl.Series(name, drawn, dtype=dtype))
        said.append(
            Declared(
                name,
                kind,
                draw(st.sampled_from(["", "Kön", "å" * 300])),
                draw(st.sampled_from([(), (("1", "ja"), ("C50å", "x"))])),
                draw(st.sampled_from(".,")),
                tuple(draw(st.permutations(list(SHAPES)))),
                ("True", "1"),
                ("False", "0"),
            )
        )
    return pl.DataFrame(columns), said


def is_same(sent: Any, read: Any, said: Declared, format_name: FormatName) -> bool:
    """Whether a value has come back: of text that has become a number, a day or a yes, whether that is what it said."""
    if format_name in ("csv", "tab"):
        return as_in_lines(sent) == read
    if sent is None or sent == "":
        return read in (None, "")
    if isinstance(sent, str) and not isinstance(read, str):
        return says(sent, read, said)
    if isinstance(sent, str):
        return read == (sent.rstrip(" ") if format_name in ("spss", "sas_transport") else sent)
    if isinstance(sent, date):
        return read == sent or read == sent.isoformat()
    return bool(sent == read) or (sent != sent and (read is None or read != read))


def as_in_lines(sent: Any) -> str:
    if isinstance(sent, bool):
        return str(sent).lower()
    if isinstance(sent, float):
        return pl.Series([sent]).cast(pl.String)[0]
    return "" if sent is None else str(sent)


def says(sent: str, read: Any, said: Declared) -> bool:
    if isinstance(read, date):
        return any(sent == read.strftime(form).zfill(len(sent)) for form in SHAPES.values())
    if said.type == "boolean":
        return sent in (said.true_values if read else said.false_values)
    return said.type in ("integer", "decimal") and Decimal(sent.replace(said.decimal_mark, ".")) == Decimal(repr(read))


@pytest.mark.parametrize("format_name", READERS)
@given(table=tables(), batch=st.integers(1, 3))
@settings(max_examples=examples(150), deadline=None)
def test_every_value_comes_back_or_was_refused_by_name(
    format_name: FormatName, table: tuple[pl.DataFrame, list[Declared]], batch: int
) -> None:
    frame, said = table
    try:
        content = in_format(frame, format_name, said, batch)
    except CheckFailed as refused:
        assert str(refused).startswith(f"{FILE}: {format_name}: ") and "choose csv or parquet" in str(refused)
        assert format_name not in ("csv", "tab", "parquet")
        return
    read = rows_of(content, format_name)
    assert len(read) == frame.height
    for sent_row, read_row in zip(frame.rows(), read, strict=True):
        for sent, value, column in zip(sent_row, read_row, said, strict=True):
            assert is_same(sent, value, column, format_name), column.name


@pytest.mark.parametrize("format_name", READERS)
@given(table=tables())
@settings(max_examples=examples(25), deadline=None)
def test_the_same_rows_are_the_same_bytes_however_they_come(
    format_name: FormatName, table: tuple[pl.DataFrame, list[Declared]]
) -> None:
    frame, said = table
    try:
        whole = in_format(frame, format_name, said)
    except CheckFailed:
        return
    assert in_format(frame, format_name, said, batch=1) == whole
