"""The code book: what it counts, what it leaves out, and what a reader of two deliveries cannot subtract."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from samkorning.delivery.codebook import Bin, CodebookVariable, Published, codebook, published, published_facts
from samkorning.delivery.codebook.distribution import distribution
from samkorning.delivery.description import DeliveredFile, DeliveredUnit, DeliveredVariable
from samkorning.delivery.rendering.histogram import number_bounds
from samkorning.own_registers.catalogue.models import Code
from tests.rendered import a_delivered_file

NAME = "ut_r_par_sv_36759_2021"
SEX = (
    Code(code="1", label_sv="man", label_en="man"),
    Code(code="2", label_sv="kvinna", label_en="woman", to_year=2219),
)
UNIT = DeliveredUnit("par_sv 2219", 1, "6" * 64)


def a_variable(name: str, **more: Any) -> DeliveredVariable:
    return DeliveredVariable(name, name, name, more.pop("type", "text"), 1, **more)


def a_file(persons: int, unit: DeliveredUnit = UNIT, **columns: list[Any]) -> DeliveredFile:
    """A file with one row a person."""
    frame = pl.DataFrame({"LopNr": list(range(1, persons + 1)), **columns})
    variables = tuple(a_variable(name, codes=SEX if name == "KON" else ()) for name in frame.columns)
    return a_delivered_file(NAME, frame, variables, (unit,))


def entry(file: DeliveredFile, before: Published | None = None, limit: int = 5) -> CodebookVariable:
    """What the code book says of the second variable."""
    return codebook([file], limit, *([before] if before else []))[1]


def values(found: CodebookVariable) -> dict[str, int | None]:
    return {value.code: value.rows for value in found.values}


@pytest.mark.parametrize(
    ("column", "filled", "missing", "shown"),
    [
        (["1"] * 10 + ["2"] * 12, 22, 0, {"1": 10, "2": 12, "": 0}),
        (["1"] * 10 + ["2"] * 12 + ["9"] * 6, 28, 0, {"1": 10, "2": 12, "": 6}),
        (["1"] * 3 + ["2"] * 12, 15, 0, {"1": None, "2": None, "": 0}),
        (["1"] * 3 + ["2"] * 12 + ["9"] * 30, 45, 0, {"1": None, "2": None, "": 30}),
        (["1"] * 10 + ["2"] * 12 + [None] * 8, 22, 8, {"1": 10, "2": 12, "": 0}),
        (["1"] * 10 + ["2"] * 12 + [None] * 2, None, None, {"1": None, "2": 12, "": 0}),
        (["1"] * 2 + [None] * 20, None, None, {"1": None, "2": None, "": None}),
    ],
)
def test_counts_of_a_value_set(
    column: list[str | None], filled: int | None, missing: int | None, shown: dict[str, int | None]
) -> None:
    """A count is shown where five persons or more stand behind it and none of fewer can be reckoned from it."""
    found = entry(a_file(len(column), KON=column))
    assert (found.rows, found.filled, found.missing, values(found)) == (len(column), filled, missing, shown)


def test_many_rows_of_one_person_are_a_small_count() -> None:
    """It is persons that are few, not rows."""
    frame = pl.DataFrame({"LopNr": [1] * 50 + list(range(2, 42)), "KON": ["1"] * 50 + ["2"] * 20 + ["9"] * 20})
    variables = (a_variable("LopNr"), a_variable("KON", codes=SEX))
    found = codebook([a_delivered_file(NAME, frame, variables, (UNIT,))], 5)[1]
    assert values(found) == {"1": None, "2": None, "": None}


def test_a_value_set_is_shown_with_its_labels_and_years() -> None:
    found = entry(a_file(20, KON=["1"] * 10 + ["2"] * 10))
    said = [(value.code, value.label_sv, value.label_en, value.from_year, value.to_year) for value in found.values]
    assert said == [
        ("1", "man", "man", None, None),
        ("2", "kvinna", "woman", None, 2219),
        ("", "andra värden", "other values", None, None),
    ]


def test_different_values_are_counted_while_they_are_few() -> None:
    few, many = a_file(500, X=[str(n) for n in range(500)]), a_file(501, X=[str(n) for n in range(501)])
    assert [(entry(each).distinct, entry(each).more_distinct) for each in (few, many)] == [(500, False), (None, True)]
    assert codebook([many], 5)[0].distinct == 501, "the persons of a file are counted whatever they are"


@pytest.mark.parametrize(
    ("then", "now", "filled"),
    [
        (20, 20, 20),
        (20, 30, 30),
        (20, 22, None),  # 22 - 20: two persons have come to have a value
        (20, 18, None),
        (None, 22, 22),
    ],
)
def test_a_count_that_has_changed_by_a_few_since_the_delivery_before_is_left_out(
    then: int | None, now: int, filled: int | None
) -> None:
    """Whoever has both deliveries could subtract."""
    before = None
    if then is not None:
        files = [a_file(50, X=["a"] * then + [None] * (50 - then))]
        before = published(published_facts(files, codebook(files, 5)))
    found = entry(
        a_file(50, DeliveredUnit("par_sv 2219", 1, "6" * 64, "L001"), X=["a"] * now + [None] * (50 - now)), before
    )
    assert (found.filled, found.years[0].filled) == (filled, filled)


def test_counts_are_held_against_the_same_variable_of_the_same_unit_alone() -> None:
    files = [a_file(50, X=["a"] * 20 + [None] * 30)]
    before = published(published_facts(files, codebook(files, 5)))
    other_unit = a_file(50, DeliveredUnit("par_sv 2220", 1, "6" * 64), X=["a"] * 22 + [None] * 28)
    other_variable = a_file(50, DeliveredUnit("par_sv 2219", 1, "6" * 64, "L001"), Y=["a"] * 22 + [None] * 28)
    assert [entry(each, before).filled for each in (other_unit, other_variable)] == [22, 22]


def test_the_steps_of_a_distribution_hold_many_and_are_open_at_both_ends() -> None:
    """No least and no greatest value, and no bound that is a value of the data."""
    found = entry(a_file(1200, INK=[n * 1.37 for n in range(1200)])).distribution
    assert (found[0].low, found[-1].high) == (None, None)
    assert sum(step.rows for step in found) == 1200
    assert all(step.rows >= 100 for step in found)
    assert [step.high for step in found[:-1]] == [step.low for step in found[1:]]
    assert all(low.high == float(f"{low.high:.2g}") for low in found[:-1] if low.high is not None)


def test_dates_are_shown_by_year_and_few_values_not_at_all() -> None:
    days = [date(2219, 1, 1)] * 60 + [date(2220, 5, 5)] * 70
    frame = pl.DataFrame({"LopNr": range(130), "DAG": days})
    file = a_delivered_file(NAME, frame, (a_variable("LopNr"), a_variable("DAG", type="date")), (UNIT,))
    assert codebook([file], 5)[1].distribution == (Bin(None, 2220.0, 60), Bin(2220.0, None, 70))
    assert entry(a_file(90, X=[float(n) for n in range(90)])).distribution == ()


@pytest.mark.parametrize(
    ("value", "bounds"),
    [(0.0, (0.0, 0.001)), (7.25, (7.2, 7.3)), (99.9, (99.0, 100.0)), (104.0, (100.0, 110.0)), (-5.0, (-5.0, -4.9))],
)
def test_steps_are_the_same_for_all_data(value: float, bounds: tuple[float, float]) -> None:
    """Numbers by two digits that count."""
    frame = pl.DataFrame({"LopNr": [1], "X": [value]})
    file = a_delivered_file(NAME, frame, (a_variable("LopNr"), a_variable("X")))
    [[step, rows]] = file.rendered.taken["variable counts"]["X"]["bins"]  # type: ignore[index, call-overload]
    assert rows == 1
    assert number_bounds(step) == pytest.approx(bounds)


def test_nothing_is_shown_of_one_bin() -> None:
    assert distribution(a_variable("X"), [[1000, 500]], 500, 5) == ()
