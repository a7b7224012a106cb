"""What documents report of the balance: no share of a few persons, nor what tells it."""

from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.reported_balance import hidden_levels, reported_balance
from samkorning.own_registers.controls.balance import GROUPS, PERSONS, SCHEMA

LIMIT = 4
HIDDEN = ("–",) * 5


def balance(column: str, **levels: tuple[int, int, int]) -> pl.DataFrame:
    """A balance in which each person weighs the same."""
    totals = [sum(counts) or 1 for counts in zip(*levels.values(), strict=True)]
    rows = [
        {
            "column": column,
            "level": level,
            **{at: count / total for at, count, total in zip(GROUPS, counts, totals, strict=True)},
            **{PERSONS[at]: count for at, count in zip(GROUPS, counts, strict=True)},
            "difference_before": 0.5,
            "difference_after": None,
        }
        for level, counts in levels.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


@pytest.mark.parametrize(
    ("persons", "left_out"),
    [
        ([(20, 90, 40), (14, 80, 28)], [False, False]),
        ([(33, 90, 66), (1, 80, 2)], [True, True]),
        ([(25, 90, 50), (8, 85, 16), (1, 80, 2)], [False, True, True]),
        ([(25, 90, 50), (8, 85, 16), (0, 80, 0)], [False, False, False]),
        ([(25, 90, 50), (9, 85, 8), (8, 85, 3)], [False, True, True]),
        ([(25, 90, 50), (9, 2, 9), (8, 85, 9)], [False, False, False]),
        ([(25, 90, 50), (9, 2, 0), (8, 85, 9)], [False, True, True]),
        ([(3, 90, 6), (0, 80, 0)], [True, True]),
        ([(34, 300, 68)], [False]),
        ([(3, 300, 6)], [True]),
    ],
    ids=[
        "no few",
        "one case of 34: the other level tells it",
        "one case of 34: the next smaller level goes with it",
        "nobody is not few",
        "few were drawn",
        "more were drawn than one risk set shows",
        "few could be drawn",
        "few cases in all",
        "a mean",
        "a mean of few",
    ],
)
def test_levels_of_a_few_and_those_that_tell_them_are_left_out(
    persons: list[tuple[int, int, int]], left_out: list[bool]
) -> None:
    written = reported_balance(balance("area", **{f"{place:04}": each for place, each in enumerate(persons)}), LIMIT)
    assert [row[2:] == HIDDEN for row in written[1:]] == left_out
    assert all("–" not in row for row, out in zip(written[1:], left_out, strict=True) if not out)


def test_each_column_is_looked_at_by_itself_and_stays_in_its_place() -> None:
    both = pl.concat([balance("sex", a=(33, 90, 66), b=(1, 80, 2)), balance("area", a=(30, 90, 60), b=(4, 80, 8))])
    assert reported_balance(both, LIMIT) == (
        ("column", "level", "cases", "eligible", "drawn", "difference_before", "difference_after"),
        ("sex", "a", *HIDDEN),
        ("sex", "b", *HIDDEN),
        ("area", "a", "0.8824", "0.5294", "0.8824", "0.5", ""),
        ("area", "b", "0.1176", "0.4706", "0.1176", "0.5", ""),
    )


def test_of_a_balance_kept_without_persons_all_is_left_out() -> None:
    """As those of an earlier version were: nobody knows what its shares are of."""
    kept = balance("sex", a=(40, 90, 60), b=(40, 80, 80)).drop(PERSONS.values())
    assert [row[2:] for row in reported_balance(kept, LIMIT)[1:]] == [HIDDEN, HIDDEN]


COUNTS = st.tuples(*[st.integers(0, 9)] * 3)


@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_no_count_of_a_few_can_be_reckoned_from_the_shares_that_are_shown(persons: list[tuple[int, int, int]]) -> None:
    """The reader knows how many there are in all: each table that would look alike is tried."""
    left_out = hidden_levels(persons, LIMIT)
    assert any(left_out) == any(0 < count < LIMIT for level in persons for count in level)
    for counts in zip(*persons, strict=True):
        shown = [count for count, out in zip(counts, left_out, strict=True) if not out]
        dark = [count for count, out in zip(counts, left_out, strict=True) if out]
        assert not {1, 2, 3} & set(shown)
        spans = [range(1, sum(dark) + 1) if count else range(1) for count in dark]
        alike = [each for each in product(*spans) if sum(each) == sum(dark)]
        for place, count in enumerate(dark):
            could_be = {each[place] for each in alike}
            assert not shown or not 0 < count < LIMIT or len(could_be) >= LIMIT
