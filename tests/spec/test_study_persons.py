"""Persons by age and sex, and one row per person."""

import polars as pl
import pytest

from samkorning.delivery.description import DeliveredFile, DeliveredUnit
from samkorning.delivery.rendering.facts import Form, RenderedFacts
from samkorning.delivery.study_persons.groups import GROUPS, group_of
from samkorning.delivery.study_persons.making import study_persons
from samkorning.delivery.study_persons.persons_file import SourcePersons, person_columns, person_rows
from tests.factories import read


@pytest.mark.parametrize(
    ("number", "sex", "ages"),
    [
        (222112310010, "m", "0–9"),
        (222112310000, "k", "0–9"),
        (221212310010, "m", "0–9"),
        (221112310010, "m", "10–19"),
        (213101010020, "k", "90+"),
        (211101910030, "m", "90+"),  # a coordination number
        (230001010010, "", ""),
        (5, "", ""),  # what stands for an identity of text
        (None, "", ""),
    ],
)
def test_the_group_of_a_number(number: int | None, sex: str, ages: str) -> None:
    """The age at the reference date, and the sex, as the number says them."""
    frame = pl.DataFrame({"number": [number]}, schema={"number": pl.Int64})
    group = GROUPS[frame.select(group_of("number", 2221)).item()]
    assert (group.sex or "", group.ages) == (sex, ages)


def counted(everybody: list[int], unit: list[int], replaces: str | None = None) -> DeliveredFile:
    taken = {"persons by group": {"everybody": everybody, "units": [unit]}}
    form = Form(format="csv", ending=".csv", bytes=1, sha256="0" * 64)
    facts = RenderedFacts(columns=("LopNr",), rows=1, forms=(form,), taken=taken)
    return DeliveredFile(
        "ut_r_x_36759_2021", facts, lambda _: iter(()), (), (DeliveredUnit("x", 1, "6" * 64, replaces),)
    )


@pytest.mark.parametrize(
    ("everybody", "unit", "groups", "shares"),
    [
        ([40, 50], [20, 25], [40, 50], [20, 25]),
        ([40, 50, 3, 9], [20, 25, 1, 5], [40, 50, None, None], [20, 25, None, None]),
        ([40, 50, 3, 9], [20, 25, 1, 1], [40, 50, None, None], [20, None, None, None]),
        ([40, 50, 60], [20, 2, 30], [40, 50, 60], [20, None, None]),
        ([40, 50, 60], [40, 0, 60], [40, 50, 60], [40, 0, 60]),
    ],
)
def test_groups_of_few_are_left_out(
    everybody: list[int], unit: list[int], groups: list[int | None], shares: list[int | None]
) -> None:
    """Of the study and of each unit, so that none can be had from the sums."""
    found = study_persons([counted(everybody, unit)], 5)
    assert found is not None
    assert (list(found.by_group), list(found.units[0].by_group)) == (groups, shares)
    assert (found.persons, found.units[0].linked) == (sum(everybody), sum(unit))


def test_a_group_that_has_changed_by_a_few_since_the_delivery_before_is_left_out() -> None:
    found = study_persons([counted([41, 50, 60], [20, 25, 30])], 5, [40, 50, 60])
    assert found is not None
    assert list(found.by_group) == [None, None, 60]


def test_a_unit_that_replaces_another_is_not_told_by_group() -> None:
    found = study_persons([counted([40, 50], [20, 25], "L001")], 5)
    assert found is not None
    assert (found.units[0].linked, list(found.units[0].by_group)) == (45, [None, None])


def test_one_row_per_person_says_what_could_come_and_what_came() -> None:
    """Persons whose rows are disposed of are told as not known, those of no years without years."""
    persons = pl.Series([11, 22, 33], dtype=pl.Int32)
    sources = [
        SourcePersons("lisa", persons, pl.Series([22], dtype=pl.Int32)),
        SourcePersons("par_sv", pl.Series([11, 22], dtype=pl.Int32), pl.Series([11], dtype=pl.Int32), 2219, 2220),
        SourcePersons("gone", persons, None),
    ]
    rows = person_rows(persons, {"FALL": pl.Series([11, 33], dtype=pl.Int32)}, sources)
    assert rows.columns[:6] == ["LopNr", "FALL", "BER_lisa", "LANK_lisa", "FRAN_lisa", "TILL_lisa"]
    assert rows.rows() == [
        (11, 1, 1, 0, None, None, 1, 1, 2219, 2220, 1, None, None, None),
        (22, 0, 1, 1, None, None, 1, 0, 2219, 2220, 1, None, None, None),
        (33, 1, 1, 0, None, None, 0, 0, None, None, 1, None, None, None),
    ]


def test_the_columns_of_the_file_are_those_of_the_order() -> None:
    columns = person_columns(read().specification)
    assert columns[:5] == ["LopNr", "BER_lisa", "LANK_lisa", "FRAN_lisa", "TILL_lisa"]
    assert len(columns) == 1 + 4 * 7
