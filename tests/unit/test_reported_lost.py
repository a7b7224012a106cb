"""What documents tell of persons whom a source lost: counts of a few are left out, and what they are reckoned from."""

from typing import Any

import pytest

from samkorning.delivery.lost_persons import ReportedLost, reported_lost
from samkorning.linkage.row_flow import LostPersons, RowFlow

LIMIT = 5


def reported(lost: LostPersons | None, *earlier: ReportedLost) -> dict[str, ReportedLost]:
    dropped = {"unknown_person": 90, "MOR:unknown_person": 50, "missing": 7}
    before: list[dict[str, dict[str, Any]]] = [{"lisa": each.fact()} for each in earlier]
    return reported_lost([RowFlow("lisa", 200, 53, dropped, lost=lost)], LIMIT, before)


@pytest.mark.parametrize(
    ("in_all", "unknown", "mother", "expected"),
    [
        (60, 40, 20, (60, 40, 20)),
        (50, 40, 20, (50, 40, 20)),  # ten for both reasons
        (58, 40, 20, (None, 40, 20)),  # two for both: the sum, less all, would tell of two
        (44, 40, 4, (None, 40, None)),  # all, less forty, would tell of four
        (5, 5, 0, (5, 5, 0)),
        (4, 4, 0, (None, None, 0)),
        (0, 0, 0, (0, 0, 0)),
    ],
)
def test_no_count_of_a_few_is_told_nor_had_by_subtraction(
    in_all: int, unknown: int, mother: int, expected: tuple[int | None, int | None, int | None]
) -> None:
    lost = LostPersons(in_all, {"unknown_person": unknown, "MOR:unknown_person": mother})
    found = reported(lost)["lisa"]
    assert (found.in_all, found.persons("unknown_person"), found.persons("MOR:unknown_person")) == expected
    assert (found.persons("missing"), found.rows_without_number) == (0, 7)


@pytest.mark.parametrize(("now", "expected"), [(40, 40), (43, None), (45, 45), (36, None), (35, 35)])
def test_a_count_that_differs_by_a_few_from_one_told_before_is_left_out(now: int, expected: int | None) -> None:
    earlier = reported(LostPersons(40, {"unknown_person": 40}))["lisa"]
    later = reported(LostPersons(400, {"unknown_person": 400}))["lisa"]
    found = reported(LostPersons(now, {"unknown_person": now}), earlier, later)["lisa"]
    assert (found.in_all, found.persons("unknown_person")) == (expected, expected)


def test_what_was_not_counted_is_not_told() -> None:
    assert reported(None) == {}
