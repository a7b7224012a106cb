"""One reading of ordered rows, against plain Python: the bytes, and what the takers say of rows and units."""

from collections import Counter
from datetime import date
from functools import cmp_to_key
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.delivery.formats import Table
from samkorning.delivery.rendering import FilledValues, Rendering, SerialNumbers, UnitContents
from samkorning.delivery.rendering.filled_values import filled_values
from samkorning.delivery.rendering.serial_numbers import strange_serial_numbers
from samkorning.delivery.rendering.unit_contents import unit_facts
from samkorning.linkage import in_order
from samkorning.linkage.ordering import sorted_rows
from samkorning.vault import Part
from tests.rendered import csv_of

SCHEMA = {"LopNr": pl.Int32, "TEXT": pl.String, "NUMBER": pl.Float64, "DAY": pl.Date, "YES": pl.Boolean}
VALUES = (
    st.sampled_from([1, 2, 3, 40]),
    st.none() | st.sampled_from(["", "a", "ab", "b", "Å", "å", "\x00", "a\x00", "zz" * 20]),
    st.none() | st.sampled_from([-1.5, 0.0, 2.25, 1e300]),
    st.none() | st.sampled_from([date(2219, 1, 1), date(1900, 12, 31)]),
    st.none() | st.booleans(),
)
Row = tuple[Any, ...]
tables = st.lists(st.tuples(*VALUES), max_size=25)
KNOWN = pl.Series([3, 1, 2], dtype=pl.Int32)


def table(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, SCHEMA, orient="row")


def before(one: Row, other: Row) -> int:
    """Column by column, missing last; text by its bytes."""
    for a, b in zip(one, other, strict=True):
        if a != b:
            if a is None or b is None:
                return 1 if a is None else -1
            left, right = (value.encode() if isinstance(value, str) else value for value in (a, b))
            return -1 if left < right else 1
    return 0


@given(rows=tables)
@settings(max_examples=200, deadline=None)
def test_rows_are_ordered_column_by_column_with_missing_last(rows: list[Row]) -> None:
    assert sorted_rows(table(rows), list(SCHEMA)).rows() == sorted(rows, key=cmp_to_key(before))


@given(units=st.lists(tables, min_size=1, max_size=3), most_rows=st.sampled_from([1, 4, 100]), cut=st.integers(0, 25))
@settings(max_examples=60, deadline=None)
def test_one_reading_tells_what_plain_counting_tells(units: list[list[Row]], most_rows: int, cut: int) -> None:
    frames = [table(rows) for rows in units]
    parts = [
        [Part(None, None, each.height, each.lazy()) for each in (frame.head(cut), frame.slice(cut))] for frame in frames
    ]
    schema = pl.Schema(SCHEMA)
    takers = [UnitContents(schema, len(units)), FilledValues(), SerialNumbers({"LopNr": KNOWN})]
    rendering = Rendering(Table("test", schema), takers)
    content = b"".join(chunk["csv"] for chunk in rendering.chunks(in_order(parts, list(SCHEMA), most_rows)))
    facts, rows = rendering.facts(), [row for unit in units for row in unit]
    assert content == csv_of(table(sorted(rows, key=cmp_to_key(before))))
    assert [unit.rows for unit in unit_facts(facts)] == [len(unit) for unit in units]
    assert [unit.repeated for unit in unit_facts(facts)] == [len(unit) - len(set(unit)) for unit in units]
    alike = [Counter(one) == Counter(other) for one in units for other in units]
    digests = [unit.digest for unit in unit_facts(facts)]
    assert [one == other for one in digests for other in digests] == alike
    filled = [filled_values(facts, name) for name in SCHEMA]
    assert filled == [sum(row[place] is not None for row in rows) for place in range(len(SCHEMA))]
    assert (strange_serial_numbers(facts) > 0) == any(row[0] == 40 for row in rows)
