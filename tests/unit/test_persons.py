"""The latest number of each person."""

import polars as pl
import pytest

from samkorning.errors import FileRefused
from samkorning.persons.number_history import latest_numbers

A, B, C, D, E = (212001010000 + place for place in range(5))


def history(*changes: tuple[int, int]) -> pl.DataFrame:
    return pl.DataFrame(changes, schema={"old_number": pl.Int64, "new_number": pl.Int64}, orient="row")


def persons(*changes: tuple[int, int]) -> dict[int, int]:
    return dict(latest_numbers(history(*changes)).rows())


def test_a_changed_number_leads_to_the_new_one_and_the_new_one_to_itself() -> None:
    assert persons((A, B)) == {A: B, B: B}


def test_changes_are_followed_to_the_end() -> None:
    assert persons((A, B), (B, C), (C, D)) == dict.fromkeys((A, B, C, D), D)


def test_several_old_numbers_of_one_person_meet() -> None:
    assert persons((A, C), (B, C), (C, D)) == dict.fromkeys((A, B, C, D), D)


def test_the_same_row_twice_counts_once() -> None:
    assert persons((A, B), (A, B)) == {A: B, B: B}


def test_an_empty_history_gives_an_empty_answer() -> None:
    assert latest_numbers(history()).schema == {"number": pl.Int64, "person_number": pl.Int64}
    assert persons() == {}


def test_a_long_chain_is_followed_whole() -> None:
    chain = [(A + place, A + place + 1) for place in range(1000)]
    assert set(persons(*reversed(chain)).values()) == {A + 1000}


@pytest.mark.parametrize("changes", [[(A, A)], [(A, B), (B, A)], [(A, B), (B, C), (C, A)], [(E, A), (A, B), (B, A)]])
def test_a_circle_is_refused(changes: list[tuple[int, int]]) -> None:
    with pytest.raises(FileRefused, match="lead back"):
        persons(*changes)


def test_two_new_numbers_for_one_old_are_refused_by_row_number() -> None:
    with pytest.raises(FileRefused, match=r"2 rows give one old number several new ones \(rows 1, 3\)"):
        persons((A, B), (D, E), (A, C))
