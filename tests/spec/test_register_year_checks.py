"""Loading a register year: what it is held against, what is found in it, what stops it until a person accepts it."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.own_registers.account import YearAccount, YearCounter, differing
from samkorning.own_registers.catalogue import CatalogueRegister, read_register
from samkorning.own_registers.year_checks import Before, Finding, findings, in_words

YEAR = 2220
ENTRY = """
name: OWN
title_sv: Eget
title_en: Own
day: DAG
variables:
  - {name: DAG, type: date, length: 10, label_sv: Dag, label_en: Day}
  - {name: LATER, type: integer, length: 2, label_sv: Senare, label_en: Later, from_year: 2221}
  - name: KON
    type: integer
    length: 1
    label_sv: Kön
    label_en: Sex
    codes: [{code: "1", label_sv: Man, label_en: Man}, {code: "2", label_sv: Kvinna, label_en: Woman},
            {code: "3", label_sv: x, label_en: x, to_year: 2219}]
"""
OWN = read_register(ENTRY, "own.yaml")
SCHEMA = {"number": pl.Int64, "DAG": pl.Date, "LATER": pl.Int64, "KON": pl.Int64}
Row = tuple[int, date | None, int | None, int | None]


def account(rows: list[Row], batch: int = 3, year: int = YEAR, register: CatalogueRegister = OWN) -> YearAccount:
    """The account of some rows that come in batches."""
    frame, counter = pl.DataFrame(rows, SCHEMA, orient="row"), YearCounter(register, year)
    list(counter.watch(frame.slice(first, batch) for first in range(0, max(frame.height, 1), batch)))
    return counter.account(frame["number"].n_unique())


def a_row(number: int = 1, **changes: Any) -> Row:
    said = {"DAG": date(YEAR, 5, 1), "LATER": None, "KON": 1} | changes
    return number, said["DAG"], said["LATER"], said["KON"]


def of_size(rows: int, persons: int | None = None) -> YearAccount:
    return account([a_row(n % (persons or rows)) for n in range(rows)], 1000)


def found(now: YearAccount, before: YearAccount | None = None) -> dict[str, str]:
    return {each.check: each.said for each in findings(now, Before("2219", before) if before else None)}


@pytest.mark.parametrize(
    ("rows", "before", "stops"),
    [
        (701, 1000, False),
        (700, 1000, True),
        (0, 1000, True),
        (1000, 1000, False),
        (1300, 1000, False),
        (70, 100, True),
        (71, 100, False),
        (5, 8, False),
        (0, 8, False),
        (0, 9, True),
        (0, 0, False),
    ],
)
def test_a_year_with_30_percent_fewer_rows_stops(rows: int, before: int, stops: bool) -> None:
    """30 % fewer rows than the year before stop a year; where there are few, no fewer than can lack by chance."""
    now = findings(of_size(rows), Before("2219", of_size(before)))
    assert any(each.stops for each in now) == stops
    if stops:
        assert f"{rows} rows where 2219 has {before}" in [each.said for each in now]


def test_a_year_with_30_percent_fewer_persons_stops_though_its_rows_are_as_many() -> None:
    now = findings(of_size(1000, persons=600), Before("2219", of_size(1000, persons=900)))
    assert [each.said for each in now if each.stops] == ["600 persons where 2219 has 900"]


def test_the_first_year_of_a_register_is_held_against_nothing() -> None:
    assert found(of_size(5)) == {}


def test_a_variable_that_is_missing_more_often_is_named() -> None:
    half = account([a_row(n, KON=1 if n % 2 else None) for n in range(20)])
    assert found(half, of_size(20))["missing_values"] == "KON is missing in 50% of the rows, 0% before"
    assert "missing_values" not in found(half, half)


def test_new_codes_and_codes_that_are_gone_are_named() -> None:
    now, before = (account([a_row(n, KON=kon) for n in range(20)]) for kon in (2, 1))
    assert [each.said for each in findings(now, Before("2219", before))] == ["KON: new: 2", "KON: gone: 1"]


def test_values_outside_the_value_set_of_the_year_are_counted() -> None:
    """A code that has gone out of use, one that there never was, and a variable that the year does not have."""
    odd = account([a_row(1, KON=3), a_row(2, KON=9), a_row(3, LATER=7), a_row(4)])
    assert (odd.variables["KON"].outside, odd.variables["LATER"].outside) == (2, 1)
    assert "values outside" in found(odd)["values_outside"]
    assert account([a_row(1, KON=3, DAG=date(2219, 1, 1))], year=2219).variables["KON"].outside == 0


@pytest.mark.parametrize(
    ("days", "outside"),
    [([date(2220, 1, 1), date(2220, 12, 31), None], 0), ([date(2219, 12, 31), date(2221, 1, 1)], 2)],
)
def test_days_outside_the_year_are_counted(days: list[date | None], outside: int) -> None:
    counted = account([a_row(n, DAG=day) for n, day in enumerate(days)])
    assert counted.outside_year == outside
    assert ("days_outside" in found(counted)) == (outside > 0)


@pytest.mark.parametrize(
    ("text", "outside"), [("22200131", 0), ("222001", 0), ("22200000", 0), ("22190131", 1), ("", 1)]
)
def test_a_partial_day_lies_in_the_year_that_it_begins_with(text: str, outside: int) -> None:
    entry = ENTRY.replace("type: date, length: 10", "type: text, length: 8")
    counter = YearCounter(read_register(entry, "own.yaml"), YEAR)
    counter.add(pl.DataFrame({"number": [1], "DAG": [text]}))
    assert counter.account(1).outside_year == outside


def test_a_stay_lies_in_the_year_in_which_it_ends() -> None:
    entry = OWN.model_copy(update={"day": "LATER", "year_by": "DAG"})
    assert account([a_row(1)], register=entry).outside_year == 0


rows = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from([date(2220, 1, 1), date(2220, 2, 2), None]),
        st.none(),
        st.sampled_from([1, 2, None]),
    ),
    max_size=12,
)


@given(rows, st.integers(1, 12), st.randoms(use_true_random=False))
def test_an_account_does_not_depend_on_order_or_batches(seen: list[Row], batch: int, random: Any) -> None:
    mixed = random.sample(seen, len(seen))
    assert account(mixed, batch) == account(seen)


@given(rows, rows)
def test_a_variable_differs_where_its_pairs_of_number_and_value_do(one: list[Row], other: list[Row]) -> None:
    """Against plain lists: whose value it is counts, and how often; and so does who has none."""
    expected = []
    for place, name in enumerate(SCHEMA):
        pairs = [[(row[0], row[place]) for row in seen if row[place] is not None] for seen in (one, other)]
        missing = [sum(row[place] is None for row in seen) for seen in (one, other)]
        if sorted(pairs[0], key=repr) != sorted(pairs[1], key=repr) or missing[0] != missing[1]:
            expected.append(name)
    assert differing(account(one), account(other)) == expected


def test_an_account_is_read_as_it_was_written() -> None:
    counted = of_size(9)
    assert YearAccount.of({"account": counted.text}) == counted
    assert YearAccount.of({"content_digest": "x"}) is None


def test_an_account_has_counts_codes_of_the_catalogue_and_digests_and_no_value_of_the_rows() -> None:
    seen = account([a_row(210012319876, DAG=date(2220, 7, 19), KON=9), a_row(210012319876, KON=2)]).text
    assert '"codes":{"2":1}' in seen
    assert not any(value in seen for value in ("210012319876", "2220-07-19", '"9"'))


@pytest.mark.parametrize(
    ("differ", "said"),
    [
        (["KON", "DAG"], "differs in DAG, KON"),
        (["number", "DAG"], "differs in persons and rows, DAG"),
        (["LATER"], "differs in no variable that was ordered"),
        (None, "loaded by another version: which variables differ is not known"),
    ],
)
def test_what_differs_is_said_of_what_was_ordered(differ: list[str] | None, said: str) -> None:
    assert in_words(differ, ("DAG", "KON")) == said


def test_years_counted_by_different_versions_are_not_compared() -> None:
    one = of_size(3)
    assert differing(one, YearAccount(one.rows, one.persons, 0, one.variables, "polars-0")) is None


def test_a_finding_is_a_sentence_of_counts() -> None:
    assert Finding("codes", "x").stops is False
