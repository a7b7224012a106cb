"""The values of a column while they are few, against plain counting: any type, batch by batch, in several units."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.delivery.rendering.few_values import MOST_DISTINCT, FewValues
from samkorning.delivery.rendering.known_texts import KnownTexts
from samkorning.delivery.rendering.persons import each_once, runs
from samkorning.machine.text_views import LONGEST

TEXTS = ["", "\x00", "a", "a\x00", "abcd", "abcde", "å" * 6, "å" * 6 + "a", "twelve bytes", "twelve bytez", "z" * 40]
NUMBERS = [-1, 0, 1, 2**40]
OF_TYPE: list[tuple[Any, list[Any]]] = [
    (pl.String, TEXTS[:5]),
    (pl.String, TEXTS),
    (pl.Categorical, TEXTS),
    (pl.Binary, [text.encode() for text in TEXTS]),
    (pl.Int64, NUMBERS),
    (pl.Float64, [-1.5, 0.0, 1e300]),
    (pl.Decimal(10, 2), [Decimal("0.10"), Decimal("-1.00")]),
    (pl.Date, [date(2219, 1, 1), date(1900, 12, 31)]),
    (pl.Boolean, [True, False]),
]
Rows = list[tuple[Any, int]]


@st.composite
def columns(draw: st.DrawFn) -> tuple[Any, int, list[Rows]]:
    """A type, how many units, and batches of a value and its unit."""
    dtype, values = draw(st.sampled_from(OF_TYPE))
    units = draw(st.integers(1, 3))
    row = st.tuples(st.none() | st.sampled_from(values), st.integers(0, units - 1))
    return dtype, units, draw(st.lists(st.lists(row, max_size=12), max_size=4))


def in_pieces(values: list[Any], dtype: Any) -> pl.Series:
    """A column that begins within its memory and lies in two chunks."""
    half = len(values) // 2
    first = pl.Series([None, *values[:half]], dtype=dtype).slice(1)
    return first.append(pl.Series([*values[half:], None], dtype=dtype).head(len(values) - half))


@given(columns())
@settings(max_examples=150, deadline=None)
def test_values_are_counted_as_one_would_by_hand(drawn: tuple[Any, int, list[Rows]]) -> None:
    dtype, units, batches = drawn
    few = FewValues(units)
    for batch in batches:
        counted = few.take(in_pieces([v for v, _ in batch], dtype), pl.Series([u for _, u in batch], dtype=pl.Int16))
        assert counted is not None
        found: Counter[Any] = Counter()
        for value, rows in zip(counted.values.to_list(), counted.rows.to_list(), strict=True):
            found[value] += rows
        assert found == Counter(value for value, _ in batch if value is not None)
    every = [row for batch in batches for row in batch if row[0] is not None]
    assert few.all_distinct() == len({value for value, _ in every})
    assert few.distinct() == [len({value for value, of in every if of == unit}) for unit in range(units)]


@given(st.lists(st.integers(0, 3) | st.none(), max_size=12))
def test_persons_who_stand_together_are_told_each_once(who: list[int | None]) -> None:
    serials = pl.Series(sorted(who, key=lambda one: (one is None, one)), dtype=pl.Int32)
    assert runs(serials) == len(set(who))
    assert each_once(serials).to_list() == sorted(set(who), key=lambda one: (one is None, one))


def test_values_are_many_when_a_later_batch_brings_the_one_too_much() -> None:
    few, units = FewValues(1), pl.zeros(400, dtype=pl.Int16, eager=True)
    for first, distinct in ((0, 400), (MOST_DISTINCT - 400, MOST_DISTINCT), (MOST_DISTINCT - 399, -1), (0, -1)):
        few.take(pl.Series(range(first, first + 400)).cast(pl.String), units)
        assert (few.all_distinct(), few.distinct()) == (distinct, [distinct])


def test_as_many_short_texts_as_are_few_find_slots_of_their_own() -> None:
    for texts in ([f"{n:012d}" for n in range(MOST_DISTINCT)], [f"{n:04d}" for n in range(MOST_DISTINCT)], [""]):
        known = KnownTexts.of(texts)
        assert known is not None
        column, one_unit = pl.Series([*texts, texts[0]]), pl.zeros(len(texts) + 1, dtype=pl.Int16, eager=True)
        found = known.rows(column, one_unit, 1)
        assert found is not None
        assert found.tolist() == [[2, *([1] * (len(texts) - 1))]]
        for strange in ("x", "x" * LONGEST, "x" * (LONGEST + 1), texts[0] + "\x00"):
            assert known.rows(pl.Series([*texts, strange]), one_unit, 1) is None


def test_texts_that_do_not_lie_in_their_views_are_left_to_grouping() -> None:
    assert KnownTexts.of(["a", "x" * (LONGEST + 1)]) is None
    assert KnownTexts.of([]) is None
