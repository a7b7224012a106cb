"""Numbers looked up in a table, on pages or searched for, held against a dictionary."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.linkage.number_pages import pages_of
from samkorning.linkage.searching import NumberTable, NumberTables, looked_up
from tests.examples import examples

crowded = st.integers(220001010000, 220001039999)
numbers = st.one_of(crowded, st.integers(1, 40), st.integers(10**11, 10**12 - 1), st.sampled_from([2**62, -7]))
GREAT, NONE = 2**40, 0


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.one_of(crowded, numbers), unique=True, max_size=60),
    st.lists(st.one_of(numbers, st.none()), max_size=40),
    st.sampled_from([GREAT, NONE]),
)
def test_a_number_is_found_where_it_stands_and_no_other_is(
    held: list[int], others: list[int | None], most_bytes: int
) -> None:
    answers = {number: 100 + place for place, number in enumerate(held)}
    table = pl.DataFrame(
        {"number": list(answers), "serial_number": list(answers.values()), "reused": [n % 2 for n in answers]},
        schema={"number": pl.Int64, "serial_number": pl.Int32, "reused": pl.Int8},
    )
    beside = [number + step for number in held for step in (-32, -1, 0, 1, 32)]
    wanted = pl.DataFrame({"wanted": [*others, *beside]}, schema={"wanted": pl.Int64})
    found = looked_up(
        wanted.lazy(), "wanted", NumberTable.of(table, most_bytes), {"serial_number": "as", "reused": "flag"}
    ).collect()
    assert found["as"].to_list() == [answers.get(number) for number in [*others, *beside]]
    assert found["flag"].to_list() == [number % 2 if number in answers else None for number in [*others, *beside]]
    assert found.schema == {"wanted": pl.Int64, "as": pl.Int32, "flag": pl.Int8}


def test_pages_are_for_numbers_that_crowd() -> None:
    crowd = pl.Series([220001010000 + n for n in range(1000)])
    assert pages_of(crowd, GREAT) is not None
    assert pages_of(crowd, 2_000) is None, "they would take more than they may"
    assert pages_of(pl.Series([1, 999_999_999_999]), GREAT) is None, "and more than the few rows are worth"
    assert pages_of(pl.Series([-1, 5]), GREAT) is None
    assert pages_of(pl.Series([], dtype=pl.Int64), GREAT) is None


def test_a_number_that_stands_twice_is_no_table_to_look_up_in() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        pages_of(pl.Series([220001010000, 220001010001, 220001010000]), GREAT)


def test_a_table_is_read_once_however_often_it_is_asked_for() -> None:
    read = list[int]()

    def once(batch: pl.DataFrame) -> pl.DataFrame:
        read.append(batch.height)
        return batch

    table = pl.LazyFrame({"number": [220001010000], "serial_number": [7]}).map_batches(once)
    tables = NumberTables(2**30)
    assert tables.of(table) is tables.of(table)
    assert read == [1]
