"""Chains of changes against a plain dictionary that is followed step by step."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.errors import FileRefused
from samkorning.persons.number_history import latest_numbers
from tests.examples import examples

SCHEMA = {"old_number": pl.Int64, "new_number": pl.Int64}
changes = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=12)


def followed(rows: list[tuple[int, int]]) -> dict[int, int] | None:
    """Every number's latest; None where an old number has several new ones or the way never ends."""
    onward: dict[int, int] = {}
    for old, new in rows:
        if onward.setdefault(old, new) != new:
            return None
    latest = {}
    for number in {number for row in rows for number in row}:
        last, steps = number, 0
        while last in onward:
            last, steps = onward[last], steps + 1
            if steps > len(rows):
                return None
        latest[number] = last
    return latest


@settings(max_examples=examples(300), deadline=None)
@given(changes)
def test_latest_numbers_are_those_of_a_dictionary_followed_step_by_step(rows: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    expected = followed(rows)
    if expected is None:
        with pytest.raises(FileRefused):
            latest_numbers(frame)
    else:
        assert dict(latest_numbers(frame).rows()) == expected
