"""The mark of a code key against a plain set of pairs: it holds exactly where the same pairs are there."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from samkorning.code_key import SCHEMA
from samkorning.code_key.marks import holds, mark_from, mark_of

SECRET, CASE, SERIES = b"s" * 32, "36759-2021", "code_key.person"
NUMBERS = st.one_of(st.none(), st.integers(212001010000, 212001010030))
ROWS = st.dictionaries(st.integers(100_000_001, 100_000_012), st.tuples(NUMBERS, st.integers(1, 3)), max_size=8)
Pairs = dict[int, tuple[int | None, int]]


def frame(rows: Pairs) -> pl.DataFrame:
    data = [(number, serial, generation) for serial, (number, generation) in rows.items()]
    return pl.DataFrame(data, schema=SCHEMA, orient="row")


@given(ROWS, ROWS)
def test_a_mark_holds_where_the_pairs_of_its_time_are_there_and_no_others(then: Pairs, now: Pairs) -> None:
    mark = mark_of(frame(then), SECRET, CASE, SERIES)
    newest = max((generation for _, generation in then.values()), default=0)
    of_its_time = {serial: number for serial, (number, generation) in now.items() if generation <= newest}
    newest_there = max((generation for _, generation in now.values() if generation <= newest), default=0)
    expected = of_its_time == {serial: number for serial, (number, _) in then.items()} and newest_there == newest
    assert holds(frame(now), mark, [SECRET], CASE, SERIES) == expected


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_later_ones_neither(rows: Pairs, chance: object) -> None:
    mark = mark_of(frame(rows), SECRET, CASE, SERIES)
    shuffled = list(rows.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    later = {serial + 1_000: (number, 4) for serial, (number, _) in rows.items()}
    assert holds(frame({**dict(shuffled), **later}), mark, [SECRET], CASE, SERIES)
    assert mark_from(mark.fields()) == mark


@given(ROWS)
def test_a_mark_is_of_one_secret_case_and_series(rows: Pairs) -> None:
    mark = mark_of(frame(rows), SECRET, CASE, SERIES)
    assert holds(frame(rows), mark, [SECRET, b"later" * 8], CASE, SERIES)
    assert not holds(frame(rows), mark, [b"o" * 32], CASE, SERIES)
    assert not holds(frame(rows), mark, [SECRET], "10001-2026", SERIES)
    assert not holds(frame(rows), mark, [SECRET], CASE, "code_key.workplace")
