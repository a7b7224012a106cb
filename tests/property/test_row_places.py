"""Rows by all of their columns, whatever type these have and however much of them is the same, against plain Python."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.linkage.ordering import sorted_rows
from tests.examples import examples

INSTANTS = [datetime(2219, 5, 4), datetime(1899, 12, 31, 23, 59, 59, 999_999)]
COLUMNS: list[tuple[pl.DataType, list[Any]]] = [
    (pl.Int8(), [-128, -1, 0, 127]),
    (pl.Int64(), [-(2**63), -1, 0, 2**63 - 1]),
    (pl.UInt64(), [0, 1, 2**63, 2**64 - 1]),
    (pl.Int128(), [-(2**100), 0, 2**100]),
    (pl.Float32(), [-1.5, 0.0, 2.25, float("-inf")]),
    (pl.Float64(), [-5e-324, 0.0, 1.0, 1.5, float("inf")]),
    (pl.Datetime("us"), INSTANTS),
    (pl.Duration("us"), [timedelta(days=-1), timedelta(0)]),
    (pl.Boolean(), [False, True]),
    (pl.Enum(["a", "b", "c"]), ["a", "b", "c"]),
    (pl.Decimal(10, 2), [Decimal("-1.50"), Decimal("0.25")]),
    (pl.Null(), [None]),
    (pl.String(), ["", "a", "a\x00", "abcd", "abcde", "abcdefghijkl", "abcdefghijk"]),
    (pl.String(), ["", "å", "abcdefghijklm", "abcdefghijkln", "abce"]),
]
Row = tuple[Any, ...]


@st.composite
def tables(draw: st.DrawFn) -> tuple[pl.Schema, list[Row]]:
    chosen = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=5))
    values = [st.sampled_from(of if draw(st.booleans()) else [*of, None]) for _, of in chosen]
    rows = draw(st.lists(st.tuples(*values), max_size=90))
    return pl.Schema({f"c{place}": dtype for place, (dtype, _) in enumerate(chosen)}), rows


def before(one: Row, other: Row) -> int:
    for a, b in zip(one, other, strict=True):
        if a != b:
            if a is None or b is None:
                return 1 if a is None else -1
            left, right = (value.encode() if isinstance(value, str) else value for value in (a, b))
            return -1 if left < right else 1
    return 0


@given(table=tables(), cut=st.integers(0, 90))
@settings(max_examples=examples(150), deadline=None)
def test_rows_of_any_types_are_ordered_column_by_column(table: tuple[pl.Schema, list[Row]], cut: int) -> None:
    schema, rows = table
    pieces = [pl.DataFrame(some, schema, orient="row") for some in (rows[:cut], rows[cut:])]
    found = sorted_rows(pl.concat(pieces, rechunk=False), schema.names())
    assert found.schema == schema
    assert found.rows() == sorted(rows, key=cmp_to_key(before))


def test_the_few_rows_that_begin_alike_are_ordered_by_what_follows() -> None:
    """Whole numbers take all that is looked at of all rows; three of a hundred rows are the same so far."""
    many = [(10**18 * (place % 9) + place, "same", place) for place in range(100)]
    alike = [(7, "same", 9), (7, "same", 7), (7, "same", 8)]
    mixed = pl.DataFrame([*alike, *many], {"first": pl.Int64, "second": pl.String, "third": pl.Int64}, orient="row")
    assert sorted_rows(mixed, mixed.columns).rows() == sorted([*alike, *many])


def test_what_is_no_number_comes_behind_all_numbers_and_before_what_is_missing() -> None:
    values = pl.DataFrame({"value": [None, float("nan"), 1.0, -float("nan"), float("inf"), -0.0]})
    assert [str(value) for value in sorted_rows(values, ["value"])["value"]] == [
        "-0.0",
        "1.0",
        "inf",
        "nan",
        "nan",
        "None",
    ]
