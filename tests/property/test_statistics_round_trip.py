"""Random tables written in every form by real writers and read back equal, value by value, against a plain oracle."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.register_files import FileContract
from tests.examples import examples
from tests.reading_here import inspect_register_file
from tests.statistics_files import WRITERS, Writer

ASCII = st.text("abcXYZ 0019;,.-_\"'", max_size=12)
SWEDISH = st.text("abc åäöÅÄÖéü 019;-", max_size=12)
LEADING_ZEROS = st.from_regex(r"0{1,4}[0-9]{1,8}", fullmatch=True)
WHOLE = st.integers(-(10**15) + 1, 10**15 - 1)
DECIMAL = st.decimals(-(10**6), 10**6, places=2).map(float)
DATES = st.dates(dt.date(1850, 1, 1), dt.date(2299, 12, 31))
MOMENTS = st.datetimes(dt.datetime(1850, 1, 1), dt.datetime(2299, 12, 31)).map(lambda each: each.replace(microsecond=0))
TIMES = st.times().map(lambda each: each.replace(microsecond=0))
MOMENT_FORMATS = {
    "spss": "DATETIME20",
    "spss_portable": "DATETIME20",
    "stata": "%tc",
    "sas": "DATETIME20",
    "sas_transport": "DATETIME20",
}
Row = dict[str, Any]


def rows_of(writer: Writer) -> st.SearchStrategy[list[Row]]:
    text = ASCII if writer.form == "spss_portable" else SWEDISH
    row = st.fixed_dictionaries(
        {
            "t": st.none() | text,
            "z": LEADING_ZEROS,
            "w": st.none() | WHOLE,
            "n": st.none() | DECIMAL,
            "d": st.none() | DATES,
            "m": st.none() | MOMENTS,
            "k": st.none() | TIMES,
        }
    )
    return st.lists(row, min_size=1, max_size=6)


TYPES = {
    "t": pl.String,
    "z": pl.String,
    "w": pl.Float64,
    "n": pl.Float64,
    "d": pl.Date,
    "m": pl.Datetime("ms"),
    "k": pl.Time,
}


def expected(value: Any, column: str, writer: Writer) -> str | None:
    """The text of a value, in plain Python."""
    if column == "t":
        kept = (value or "").rstrip(" ") if writer.pads_text else value or ""
        return kept or None
    if value is None or column in ("z", "w"):
        return None if value is None else str(value)
    if column == "n":
        return str(int(value)) if value == int(value) else str(value)
    if column == "m":
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ")
    return str(value.isoformat())


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_a_random_table_is_read_back_equal(writer: Writer, data: st.DataObject) -> None:
    rows = data.draw(rows_of(writer))
    frame = pl.DataFrame(rows, schema=TYPES)
    said = [] if writer is WRITERS["other sav"] else [{"m": MOMENT_FORMATS[writer.form]}]
    content = writer.write(frame, *said)
    table = inspect_register_file(content, writer.file, FileContract())
    assert table.frame.rows() == [tuple(expected(row[column], column, writer) for column in TYPES) for row in rows]
    assert (table.rows, table.records, table.refused_rows) == (len(rows), len(rows), 0)


@settings(max_examples=examples(60), deadline=None)
@given(
    values=st.lists(
        st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-1e60, max_value=1e60), min_size=1
    )
)
@pytest.mark.parametrize("name", ["sav", "zsav", "dta", "sas7bdat"])
def test_any_number_is_read_back_to_the_last_bit(name: str, values: list[float]) -> None:
    writer = WRITERS[name]
    content = writer.write(pl.DataFrame({"n": values}))
    table = inspect_register_file(content, writer.file, FileContract())
    assert [float(text) for text in table.frame["n"]] == values
