"""Persons with several numbers, as tables. All persons are synthetic."""

from datetime import date

import polars as pl
import pytest

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules
from samkorning.persons.number_history import (
    Impact,
    NumberHistory,
    corrected,
    impact_of,
    persons_of,
    read_number_history,
)

RULES = IdentityRules(date(2221, 12, 31), allow_synthetic=True)


def luhn_ended(eleven: str) -> str:
    """Eleven digits with the check digit that holds."""
    digits = [int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(eleven[2:])]
    return eleven + str(-sum(digit // 10 + digit % 10 for digit in digits) % 10)


A, B, C, D = (luhn_ended(f"2191051{day}238") for day in (1, 2, 3, 4))
FIRST, SECOND = luhn_ended("21910563238"), luhn_ended("21910564238")  # coordination numbers


def history(*changes: tuple[str, str] | tuple[str, str, str]) -> NumberHistory:
    rows = [(change[0], change[1], change[2] if len(change) == 3 else None) for change in changes]
    table = pl.DataFrame(
        rows, schema=dict.fromkeys(("old_number", "new_number", "changed_on"), pl.String), orient="row"
    )
    return read_number_history(table, RULES)


def persons(*changes: tuple[str, str] | tuple[str, str, str], known_reused: tuple[str, ...] = ()) -> dict[str, str]:
    found = persons_of(history(*changes), [int(number) for number in known_reused])
    return {str(number): str(person) for number, person in found.select("number", "person_number").iter_rows()}


@pytest.mark.parametrize(("old", "new"), [(A, B), (FIRST, A), (FIRST, SECOND)])
def test_the_three_references_of_the_population_register_make_one_person(old: str, new: str) -> None:
    assert persons((old, new)) == {old: new, new: new}


def test_a_personnummer_never_becomes_a_coordination_number() -> None:
    with pytest.raises(FileRefused, match=r"1 rows change a personnummer to a coordination number \(rows 2\)"):
        history((A, B), (C, FIRST))


def test_a_person_from_coordination_number_over_a_changed_number_is_one() -> None:
    assert set(persons((FIRST, A), (A, B)).values()) == {B}


def test_a_number_given_again_after_it_was_left_never_merges_and_is_flagged() -> None:
    found = persons_of(history((A, B, "2150-01-01"), (C, A, "2160-01-01")))
    assert dict(found.select("number", "person_number").iter_rows()) == {int(n): int(n) for n in (A, B, C)}
    assert found.filter("reused")["number"].to_list() == [int(A)]


def test_a_chain_in_the_order_of_dates_is_one_person() -> None:
    assert set(persons((C, A, "2150-01-01"), (A, B, "21600101")).values()) == {B}


def test_a_number_that_a_register_flags_as_reused_never_merges() -> None:
    assert persons((A, B), (B, C), (C, D), known_reused=(B,)) == {A: A, B: B, C: D, D: D}


def test_a_reused_number_may_have_been_left_twice() -> None:
    assert persons((A, B, "2150-01-01"), (D, A, "2155-01-01"), (A, C, "2160-01-01")) == {n: n for n in (A, B, C, D)}


def test_a_circle_is_refused_also_when_dates_make_it_look_like_reuse() -> None:
    with pytest.raises(FileRefused, match="lead back"):
        persons((A, B, "2150-01-01"), (B, A, "2160-01-01"))


def test_two_new_numbers_for_one_old_are_refused() -> None:
    with pytest.raises(FileRefused, match=r"\(rows 1, 2\)"):
        persons((A, B), (A, C))


def test_a_damaged_number_is_named_by_row_and_column_and_changes_nothing() -> None:
    read = history((A, B), ("okänd", C), (C, A[:-1]))
    assert read.changes.height == 1
    assert read.damaged.rows() == [(2, "old_number", "placeholder"), (3, "new_number", "bad_length")]


def test_a_date_that_cannot_be_read_says_nothing_since_it_could_hide_that_a_number_was_reused() -> None:
    read = history((A, B, "2150-13-01"), (C, A, "2160-01-01"), (C, A, " "))
    assert read.damaged.rows() == [(1, "changed_on", "bad_date")]
    assert read.changes["row"].to_list() == [2, 3]
    assert set(persons((A, B, "2150-13-01"), (C, A, "2160-01-01"))) == {A, C}


def test_dates_are_read_as_registers_and_workbooks_write_them() -> None:
    read = history((A, B, "2150-01-02"), (B, C, "21500102"), (C, D, "2150-01-02 00:00:00"))
    assert read.changes["changed_on"].to_list() == [date(2150, 1, 2)] * 3


def test_a_history_may_have_other_columns_and_row_numbers_of_its_own() -> None:
    table = pl.DataFrame({"row": ["x", "y"], "old_number": [A, A], "new_number": [B, C]})
    with pytest.raises(FileRefused, match=r"\(rows 7, 9\)"):
        persons_of(read_number_history(table, RULES, rows=pl.Series([7, 9])))


def test_row_numbers_are_those_of_the_file_when_damaged_rows_stand_between() -> None:
    with pytest.raises(FileRefused, match=r"\(rows 2, 3\)"):
        persons(("", B), (A, B), (A, C))


def impact(generations: tuple[int, int]) -> Impact:
    code_key = pl.DataFrame(
        {"number": [int(A), int(B), int(C)], "serial_number": [111, 222, 333], "generation": [*generations, 1]},
        schema={"number": pl.Int64, "serial_number": pl.Int32, "generation": pl.Int16},
    )
    delivered = pl.DataFrame(
        {"delivery": ["L001", "L001", "L001", "L002", "L002"], "serial_number": [111, 333, 111, 111, 222]},
        schema={"delivery": pl.String, "serial_number": pl.Int32},
    )
    return impact_of(code_key, persons_of(history((A, B))), delivered)


def test_a_late_history_names_serial_numbers_and_deliveries_and_the_first_drawn_stays() -> None:
    found = impact(generations=(1, 2))
    assert found.corrections.rows() == [(222, 111)]
    assert found.deliveries.rows() == [("L002", 222, 111)]
    assert found.facts() == {"persons": 1, "serial_numbers": 1, "delivered.L002": 1}


def test_within_a_generation_the_serial_number_of_the_latest_number_stays() -> None:
    found = impact(generations=(1, 1))
    assert found.corrections.rows() == [(111, 222)]
    assert found.deliveries.rows() == [("L001", 111, 222), ("L002", 111, 222)]


def test_a_history_without_effect_has_no_impact() -> None:
    empty = pl.DataFrame(schema={"number": pl.Int64, "serial_number": pl.Int32, "generation": pl.Int16})
    delivered = pl.DataFrame(schema={"delivery": pl.String, "serial_number": pl.Int32})
    found = impact_of(empty, persons_of(history((A, B))), delivered)
    assert found.facts() == {"persons": 0, "serial_numbers": 0}


def test_an_accepted_correction_moves_its_serial_numbers_and_no_others() -> None:
    rows = pl.LazyFrame({"LopNr": [333, 222, 111], "value": [1, 2, 3]}, schema_overrides={"LopNr": pl.Int32})
    moved = corrected(rows, impact(generations=(1, 2)).corrections, column="LopNr").collect()
    assert moved.rows() == [(333, 1), (111, 2), (111, 3)]
    assert moved.schema["LopNr"] == pl.Int32
