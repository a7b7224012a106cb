"""What documents tell of the rows that a source lost: counts of a few are left out, and what they are reckoned from."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.lost_persons import ReportedLost
from samkorning.delivery.reported_rows import ReportedRows, reported_rows
from samkorning.linkage.row_flow import RowFlow

LIMIT = 4


def reported(lost: ReportedLost | None = None, linked: int = 50, **dropped: int) -> ReportedRows:
    flow = RowFlow("lisa", linked + sum(dropped.values()), linked, dropped)
    return reported_rows(flow, lost, LIMIT)


@pytest.mark.parametrize(
    ("dropped", "rows_in", "told"),
    [
        ({"unknown_person": 90, "missing": 7}, 147, {"unknown_person": 90, "missing": 7}),
        ({"unknown_person": 90, "missing": 1}, 141, {"unknown_person": None, "missing": None}),
        ({"unknown_person": 90, "damaged_number": 8, "missing": 1}, 149, [90, None, None]),
        ({"unknown_person": 1}, None, {"unknown_person": None}),
        ({"unknown_person": 1, "missing": 0}, None, {"unknown_person": None, "missing": None}),
        ({"unknown_person": 0}, 50, {"unknown_person": 0}),
        ({}, 50, {}),
    ],
)
def test_few_rows_are_not_told_nor_had_from_rows_in_and_linked(
    dropped: dict[str, int], rows_in: int | None, told: dict[str, int | None] | list[int | None]
) -> None:
    found = reported(**dropped)
    assert found.rows_in == rows_in
    assert found.dropped == (told if isinstance(told, dict) else dict(zip(dropped, told, strict=True)))
    assert found.dropped_in_all == (None if rows_in is None else rows_in - 50)


def test_rows_without_a_number_do_not_tell_of_a_reason_that_is_left_out() -> None:
    assert reported(unknown_person=90).without_number is None
    assert reported(ReportedLost(90, {"unknown_person": 90}, 7), unknown_person=90, missing=7).without_number == 7
    assert reported(ReportedLost(90, {"unknown_person": 90}, 8), unknown_person=90, a=7, b=1).without_number is None


def test_of_linked_rows_a_few_read_in_a_way_or_blank_for_a_reason_are_left_out() -> None:
    blanks, readings = {"MOR": {"missing": 40, "unknown_person": 1}}, {"MOR": {"float": 2, "guessed_century": 9}}
    told = reported_rows(RowFlow("lisa", 50, 50, {}, blanks, readings=readings), None, LIMIT)
    assert told.blanks == {"MOR": {"missing": None, "unknown_person": None}}
    assert told.readings == {"MOR": {"float": None, "guessed_century": 9}}
    assert told.rows_in == 50


@given(st.lists(st.integers(0, 9), max_size=4))
def test_no_count_of_a_few_rows_can_be_reckoned_from_what_is_told(dropped: list[int]) -> None:
    """Each table that would look alike to a reader is tried, who knows how many rows are linked."""
    found = reported(**{f"reason {place}": rows for place, rows in enumerate(dropped)})
    shown = list(found.dropped.values())
    assert (None in shown) == any(0 < rows < LIMIT for rows in dropped)
    assert not {1, 2, 3} & {*shown, found.dropped_in_all}
    if found.rows_in is None:
        assert set(shown) == {None}, "what is shown would be the most of it"
        return
    dark = found.rows_in - 50 - sum(rows for rows in shown if rows)
    places = [place for place, rows in enumerate(shown) if rows is None]
    alike = [each for each in product(range(1, dark + 1), repeat=len(places)) if sum(each) == dark]
    assert all(len({each[at] for each in alike}) >= LIMIT for at in range(len(places)))
