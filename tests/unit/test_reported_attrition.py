"""What documents report of the way to the study: counts of a few are left out, and those that tell them."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.reported_attrition import ReportedStep, reported_attrition
from samkorning.persons.attrition import AttritionStep

LIMIT = 5


def reported(*steps: tuple[str, int, int | None]) -> list[tuple[int | None, int | None]]:
    """Persons and removed of steps, as they are reported."""
    made = [AttritionStep(of, str(place), "criterion", *counts) for place, (of, *counts) in enumerate(steps)]
    return [(each.persons, each.removed) for each in reported_attrition(made, LIMIT)]


def test_how_many_a_criterion_removed_is_left_out_where_they_are_few() -> None:
    """And what was left before it, since the size of the study is known."""
    chain = (("in_hospital", 50, None), ("in_hospital", 48, 2), ("patients", 48, 0), ("patients", 38, 10))
    assert reported(*chain) == [(None, None), (48, None), (48, 0), (38, 10)]


def test_a_group_of_a_few_persons_is_left_out() -> None:
    steps = (("died", 1, None), ("patients", 60, None), ("patients", 50, 10), ("relatives", 3, None))
    assert reported(*steps) == [(None, None), (60, None), (50, 10), (None, None)]


def test_cases_that_are_shared_out_do_not_tell_the_few_ones_by_their_sum() -> None:
    cases = [("controls", count, None) for count in (48, 0, 2, 12, 17, 17)]
    assert [persons for persons, _ in reported(*cases)] == [48, 0, None, None, 17, 17]


def test_a_step_that_begins_is_told_from_one_whose_removed_are_left_out() -> None:
    steps = [AttritionStep("a", "1", "one", 50), AttritionStep("a", "2", "two", 47, 3)]
    assert reported_attrition(steps, LIMIT) == [
        ReportedStep("a", "one", None, None, True),
        ReportedStep("a", "two", 47, None, False),
    ]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(0, 40))
def test_no_two_counts_that_are_shown_differ_by_a_few(removed: list[int], last: int) -> None:
    left = [last + sum(removed[place + 1 :]) for place in range(len(removed))]
    steps = [
        ("a", persons, gone if place else None) for place, (persons, gone) in enumerate(zip(left, removed, strict=True))
    ]
    shown = reported(*steps)
    persons = [each for each, _ in shown if each is not None]
    assert all(abs(one - other) not in range(1, LIMIT) for one, other in combinations(persons, 2))
    assert not {each for pair in shown for each in pair if each is not None} & set(range(1, LIMIT))
    for (before, _), (after, gone) in pairwise(shown):
        assert not gone or (before is not None and after is not None)
    assert last in range(1, LIMIT) or shown[-1][0] == last
