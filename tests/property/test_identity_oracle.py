"""Column, single value and a slow oracle agree on everything that can be written in a cell."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from samkorning.identity import (
    HOLDERS_OWN_KINDS,
    ORGANISATION_KINDS,
    PERSON_KINDS,
    IdentityRules,
    Issuer,
    Repair,
    diagnose,
    diagnose_value,
)
from tests.examples import examples
from tests.property.identity_oracle import Answer, ask

REFERENCE_DATES = [date(2221, 12, 31), date(2221, 2, 28), date(2026, 7, 1), date(2000, 2, 29), date(2099, 12, 31)]
KINDS = [PERSON_KINDS, PERSON_KINDS, ORGANISATION_KINDS, *(frozenset({kind}) for kind in sorted(HOLDERS_OWN_KINDS))]
TAILS = "0123456789ABCDEFGKLMNPRSTUXZ"
FIXED = [
    None, "", "NA", "okänd", "Okänt", "?", "0", "77", "000000000000", "9999999999", "1.98504E+11", "1,5E3",
    "0.0", "00,00", "X-X", "xx–X", "-X", "<NA>", "(null)", "160326310018", "2120000143", "19280118—000 ",
]  # fmt: skip

rules_of_a_column = st.builds(
    IdentityRules,
    reference_date=st.sampled_from(REFERENCE_DATES),
    issuer=st.one_of(st.none(), st.sampled_from(Issuer)),
    strict_century=st.booleans(),
    allow_synthetic=st.booleans(),
    ages=st.sampled_from([None, None, (0, 99), (18, 64), (0, 120), (100, 199)]),
    repairs=st.frozensets(st.sampled_from(Repair)),
    kinds=st.sampled_from(KINDS),
)
likely_days = st.one_of(st.integers(1, 31), st.integers(60, 91), st.integers(32, 59), st.integers(0, 99))
years = st.one_of(
    st.integers(1930, 1970), st.integers(2120, 2221), st.integers(0, 9999), st.sampled_from([1600, 1850, 9921])
)
dates = st.builds(lambda y, m, d: f"{y:04}{m:02}{d:02}", years, st.integers(0, 14), likely_days)
digit_tails = st.integers(0, 9999).map(lambda value: f"{value:04}")
letter_tails = st.one_of(
    st.text(TAILS, min_size=4, max_size=4),
    st.from_regex(
        r"[KMXTDSERA][0-9]{3}|[0-9]{3}[XRA]|[A-Z]{2}[0-9]{2}|[A-Z]{2}[01][A-J]|TF[0-9]{2}|[0-9]{2}[MKX][0-9]",
        fullmatch=True,
    ),
)
signs = st.sampled_from(["", "", "", "-", "+", "–", "—", "\u200e", "\u00ad"])
lengths = st.sampled_from([8, 8, 8, 6, 6, 5, 4, 3, 2])
numbers = st.builds(
    lambda day, sign, tail, length: day[-length:] + sign + tail,
    dates,
    signs,
    st.one_of(digit_tails, letter_tails),
    lengths,
)
eleven_digits = st.builds(
    lambda day, tail, end: day + tail[:3] + end, dates, digit_tails, st.sampled_from(["", " ", "\u00a0", ' "'])
)
spoilt = st.builds(
    lambda before, value, after: before + value + after,
    st.sampled_from(["", "", '"', " ", "'", "\ufeff", "1", "16"]),
    st.one_of(numbers, eleven_digits),
    st.sampled_from(["", "", ".0", ",00", "E+11", "E9", '"', " ", "\u00a0", "X", ".5"]),
)
odd = st.one_of(
    st.sampled_from(FIXED),
    st.text("0123456789.,-+Ee \u00a0Xk٣３", max_size=14),
    st.text(max_size=6),
    st.from_regex(r"[1-9][.,][0-9]{9,11}[eE]\+?(11|09|9)", fullmatch=True),
)
cells = st.one_of(numbers, spoilt, odd, numbers.map(str.lower))


class Cells:
    """Values of a column that are never printed: a failing example names rows."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"<{len(self.values)} cells>")


columns = st.lists(cells, min_size=50, max_size=150).map(Cells)


def column_answers(frame: pl.DataFrame, rules: IdentityRules) -> list[Answer]:
    return [Answer(*row) for row in diagnose(frame, "value", rules).drop("value").iter_rows()]


def single_answer(value: str | int | float | None, rules: IdentityRules) -> Answer:
    found = diagnose_value(value, rules)
    return Answer(
        found.number, found.text, found.issuer, found.kind, found.problem, found.guessed_century, found.repair
    )


def rows_that_differ(first: list[Answer], second: list[Answer]) -> list[int]:
    """Row numbers, 1-based, so that no value is printed."""
    return [row for row, (one, other) in enumerate(zip(first, second, strict=True), start=1) if one != other]


@settings(max_examples=examples(20), deadline=None, phases=[Phase.generate])
@given(columns, rules_of_a_column)
def test_column_and_single_value_say_what_the_oracle_says(cells: Cells, rules: IdentityRules) -> None:
    values = cells.values
    expected = [ask(value, rules) for value in values]
    column = column_answers(pl.DataFrame({"value": values}, schema={"value": pl.String}), rules)
    assert rows_that_differ(column, expected) == [], "rows where the column differs from the oracle"
    single = [single_answer(value, rules) for value in values]
    assert rows_that_differ(single, expected) == [], "rows where the single value differs from the oracle"


whole_numbers = st.one_of(
    st.none(),
    st.integers(-100, 10**6),
    st.integers(0, 10**14),
    st.builds(lambda day, tail, length: int(day[-length:] + tail), dates, digit_tails, lengths),
    st.integers(1 - 2**63, 2**63 - 1),
)


@settings(max_examples=examples(10), deadline=None, phases=[Phase.generate])
@given(st.lists(whole_numbers, min_size=30, max_size=80).map(Cells), rules_of_a_column)
def test_whole_numbers_and_floats_are_read_as_their_text(cells: Cells, rules: IdentityRules) -> None:
    values = cells.values
    expected = [ask(None if value is None else str(value), rules) for value in values]
    column = column_answers(pl.DataFrame({"value": values}, schema={"value": pl.Int64}), rules)
    assert rows_that_differ(column, expected) == [], "rows of whole numbers that differ from the oracle"
    assert rows_that_differ([single_answer(value, rules) for value in values], expected) == []
    exact = [value for value in values if value is None or 0 <= value < 10**13]
    floats = [None if value is None else float(value) for value in exact]
    expected = [ask(None if value is None else f"{value}.0", rules) for value in exact]
    column = column_answers(pl.DataFrame({"value": floats}, schema={"value": pl.Float64}), rules)
    assert rows_that_differ(column, expected) == [], "rows of floats that differ from the oracle"
    assert rows_that_differ([single_answer(value, rules) for value in floats], expected) == []


def every_date(years: list[int], serials: list[int]) -> pl.DataFrame:
    """Every month 00-13, day 00-99 and check digit of the years."""
    ranges = {"month": range(14), "day": range(100), "check": range(10), "serial": serials, "year": years}
    frame = pl.DataFrame({"value": [0]}, schema={"value": pl.Int64})
    worth = {"year": 10**8, "month": 10**6, "day": 10**4, "serial": 10, "check": 1}
    for part, values in ranges.items():
        parts = pl.DataFrame({"part": [value * worth[part] for value in values]}, schema={"part": pl.Int64})
        frame = frame.join(parts, how="cross").select(pl.col("value") + pl.col("part"))
    return frame.select(pl.col("value").cast(pl.String).str.zfill(12))


@pytest.mark.parametrize("year", [2220, 2100])
def test_every_date_and_check_digit_of_a_year_is_judged_as_the_oracle_judges(year: int) -> None:
    rules = IdentityRules(date(2221, 6, 30), allow_synthetic=True)
    frame = every_date([year], [1])
    assert rows_that_differ(column_answers(frame, rules), [ask(value, rules) for value in frame["value"]]) == []


@pytest.mark.slow
def test_every_date_and_check_digit_of_leap_and_other_years_with_several_serials() -> None:
    rules = IdentityRules(date(2221, 6, 30), allow_synthetic=True)
    for year in (1799, 1800, 1900, 1968, 2000, 2023, 2024, 2221, 2299, 2300):
        frame = every_date([year], [0, 1, 128, 999]).gather_every(3)  # in three days, each check digit and serial
        assert rows_that_differ(column_answers(frame, rules), [ask(value, rules) for value in frame["value"]]) == []


@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_every_date_of_ten_digits_gets_the_oracles_century(sign: str) -> None:
    for rules in (
        IdentityRules(date(2221, 6, 30), allow_synthetic=True),
        IdentityRules(date(2020, 2, 29), ages=(0, 110)),
        IdentityRules(date(2021, 6, 30), strict_century=True),
    ):
        written = pl.col("value").str.slice(2, 6) + sign + pl.col("value").str.slice(8)
        frame = every_date([2000, 2020, 2021, 2022], [1]).select(written).gather_every(7)
        assert rows_that_differ(column_answers(frame, rules), [ask(value, rules) for value in frame["value"]]) == []
