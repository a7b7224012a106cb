"""Any frame comes back from its CSV bytes value by value, read by a plain parser; batches leave no trace."""

import hashlib
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samkorning.data_formats import header_problem
from samkorning.delivery.recipient.check import RowCounter
from samkorning.delivery.rendering import one_reading
from samkorning.register_files.columns.header import PATTERN_OF_NAMES
from tests.examples import examples
from tests.rendered import csv_of, rendered

Cell = tuple[str, bool]  # the text, and whether it stood in quotes

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["", '"', ";", "\r", "\n", "\r\n", '";"', "=1+1"]
)
COLUMNS = {
    pl.Int32: st.integers(-(2**31), 2**31 - 1),
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.Float64: st.floats(allow_nan=False),
    pl.String: TEXTS,
    pl.Boolean: st.booleans(),
    pl.Date: st.dates(date(1000, 1, 1)),
    pl.Datetime("us"): st.datetimes(datetime(1000, 1, 1)),
    pl.Time: st.times(),
}
READ_BACK: dict[Any, Any] = {
    pl.Int32: int,
    pl.Int64: int,
    pl.Float64: float,
    pl.String: str,
    pl.Boolean: {"true": True, "false": False}.__getitem__,
    pl.Date: date.fromisoformat,
    pl.Datetime("us"): datetime.fromisoformat,
    pl.Time: time.fromisoformat,
}
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=8).filter(
    lambda name: (
        not PATTERN_OF_NAMES.fullmatch(name)  # no file comes in with such a column
        and header_problem(name, "csv") is None
    )
)


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    names = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    types = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=len(names), max_size=len(names)))
    rows = draw(st.integers(0, 7))
    columns = [
        pl.Series(name, draw(st.lists(st.none() | COLUMNS[dtype], min_size=rows, max_size=rows)), dtype=dtype)
        for name, dtype in zip(names, types, strict=True)
    ]
    return pl.DataFrame(columns)


def parsed(content: bytes) -> list[list[Cell]]:
    """The rows of a CSV file after RFC 4180, character by character."""
    rows, row, text, inside, quoted = [], [], "", False, False
    signs = iter(content.decode("utf-8-sig"))
    held = next(signs, None)
    while held is not None:
        sign, held = held, next(signs, None)
        if inside and sign == '"' and held == '"':
            text, held = text + '"', next(signs, None)
        elif sign == '"':
            inside, quoted = not inside, True
        elif inside:
            text += sign
        elif sign == ";":
            row, text, quoted = [*row, (text, quoted)], "", False
        elif sign == "\r" and held == "\n":
            rows, row, text, quoted, held = [*rows, [*row, (text, quoted)]], [], "", False, next(signs, None)
        else:
            text += sign
    assert (row, text) == ([], ""), "the file ends in the middle of a row"
    return rows


def value(cell: Cell, dtype: Any) -> Any:
    text, quoted = cell
    return None if text == "" and not quoted else READ_BACK[dtype](text)


@given(frame=frames(), batch=st.integers(1, 4))
@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_frame_comes_back_from_its_csv_file(frame: pl.DataFrame, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_reading, "BYTES_AT_ONCE", 16)
    header, *rows = parsed(b"".join(rendered(frame, *frame.iter_slices(batch))[1]))
    assert [text for text, _ in header] == frame.columns
    types = frame.dtypes
    read = [tuple(value(cell, dtype) for cell, dtype in zip(row, types, strict=True)) for row in rows]
    assert read == frame.rows()


@given(frame=frames())
@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_measures_are_those_of_the_bytes_whatever_the_batches(
    frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = csv_of(frame)
    counter = RowCounter()
    counter.update(whole)
    for batch, at_once in ((1, 1), (2, 100), (50_000, 2**22)):
        monkeypatch.setattr(one_reading, "BYTES_AT_ONCE", at_once)
        facts, chunks = rendered(frame, *frame.iter_slices(batch))
        assert b"".join(chunks) == whole
        assert facts.forms[0].sha256 == hashlib.sha256(whole).hexdigest()
        assert (facts.forms[0].bytes, facts.rows) == (len(whole), frame.height)
        assert counter.rows == frame.height


@given(chunks=st.lists(st.binary(max_size=20), max_size=20), sizes=st.lists(st.integers(1, 30), min_size=1))
def test_rows_are_counted_alike_however_a_file_is_cut(chunks: list[bytes], sizes: list[int]) -> None:
    content = b"".join(chunks)
    whole, cut, start = RowCounter(), RowCounter(), 0
    whole.update(content)
    for size in [*sizes, len(content)]:
        cut.update(content[start : start + size])
        start += size
    assert cut.rows == whole.rows


def test_the_order_of_a_large_frame_is_kept() -> None:
    numbers = pl.int_range(0, 600_000, eager=True).alias("LopNr").to_frame()
    frame = numbers.filter(pl.col("LopNr") % 7 != 0).with_columns(TEXT=pl.col("LopNr").cast(pl.String))
    rows = "".join(f"{number};{number}\r\n" for number in range(600_000) if number % 7)
    assert csv_of(frame) == f"\ufeffLopNr;TEXT\r\n{rows}".encode()
