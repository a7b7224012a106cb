"""Registers whose persons have other numbers than the nation's of twelve digits, each beside its issuer."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, Issuer, diagnose_value
from samkorning.own_registers.sorting import GREATEST, LEAST, write_sorted
from samkorning.own_registers.text_identities import read_identities, stands_for, with_text_identities
from samkorning.own_registers.values import Fault
from tests.factories import CATALOGUE
from tests.office import Office
from tests.parts import PartsInMemory
from tests.pipeline.test_identities import reserve_numbers

DORS = CATALOGUE.register("DORS")
RESERVE = next(reserve_numbers())
WITHOUT_CHECK_DIGIT = "21280118123X"
NATIONAL = IdentityRules(date(2299, 12, 31), Issuer.NATIONAL, allow_synthetic=True)


def a_file(folder: Path, rows: list[tuple[str, str]]) -> Path:
    others = [variable.name for variable in DORS.variables if variable.name != "AR"]
    header = ";".join(["number", "issuer", "AR", *others])
    lines = [";".join([number, issuer, "2219", *[""] * len(others)]) for number, issuer in rows]
    path = folder / "dors.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_national_numbers_stay_and_others_stand_below_nought() -> None:
    read = read_identities(pl.Series(["221101012394", RESERVE]), pl.Series([None, "stockholm"]))
    assert read.faults == {}
    assert read.values[0] == 221101012394
    assert read.values[1] == stands_for(pl.Series(["stockholm"]), pl.Series([RESERVE]))[0]
    assert LEAST <= read.values[1] < 0


def test_a_person_without_check_digit_is_told_apart_by_the_text() -> None:
    assert diagnose_value(WITHOUT_CHECK_DIGIT, NATIONAL).problem is None
    read = read_identities(pl.Series([WITHOUT_CHECK_DIGIT, "21280118124X"]), pl.Series(["national"] * 2))
    assert read.faults == {}
    assert read.values.n_unique() == 2


@pytest.mark.parametrize(
    ("number", "issuer", "fault"),
    [
        (RESERVE[:-1], "stockholm", Fault.IDENTITY),
        (RESERVE, "nobody", Fault.ISSUER),
        (RESERVE, "holder", Fault.ISSUER),
        ("", "stockholm", Fault.IDENTITY),
        ("", "", Fault.MISSING),
        ("12345", "", Fault.NOT_TWELVE_DIGITS),
        (WITHOUT_CHECK_DIGIT, "", Fault.NOT_OF_TYPE),
    ],
)
def test_what_is_no_number_of_its_issuer_refuses_the_year(
    office: Office, number: str, issuer: str, fault: Fault
) -> None:
    path = a_file(office.folder, [("221101012394", ""), (number, issuer)])
    with pytest.raises(FileRefused, match=f"number: 1 {fault}") as refused:
        office.desk.registers.load_file(DORS, 2219, path)
    assert not number or number not in str(refused.value)


def test_the_same_number_of_two_issuers_is_two_persons() -> None:
    one, other = stands_for(pl.Series(["skane", "stockholm"]), pl.Series(["994512345678"] * 2))
    assert one != other


def test_persons_are_found_under_what_stands_for_them() -> None:
    persons = pl.DataFrame({"number": [1, 221101012394], "serial_number": [7, 8], "reused": [0, 0]})
    others = pl.DataFrame({"issuer": ["stockholm"], "text": [RESERVE], "number": [1]})
    found = with_text_identities(persons, others)
    [below] = found.filter(pl.col("number") < 0).rows()
    assert below == (stands_for(others["issuer"], others["text"])[0], 7, 0)
    assert found["number"].is_sorted()
    assert with_text_identities(persons, None) is persons


@given(st.lists(st.sampled_from([-5, -(2**61), -7, 210001011234, 211512319876]), min_size=1, max_size=60))
def test_no_cut_of_a_year_says_anything_of_an_identity_of_text(numbers: list[int]) -> None:
    frame, writing = pl.DataFrame({"number": numbers}, {"number": pl.Int64}), PartsInMemory()
    year = write_sorted(writing, frame.iter_slices(7), 600)
    ends = sorted(year.files.values())
    assert ends[0][0] == LEAST
    assert ends[-1][1] == GREATEST
    assert all(first > 0 for first, _ in ends[1:])
    assert year.persons == len(set(numbers))
    read = pl.concat([writing.rows_of(name) for name in year.files]).collect()
    assert sorted(read["number"]) == sorted(numbers)
