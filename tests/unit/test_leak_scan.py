"""The leak scan finds identity numbers in any column and spelling, and leaves ordinary numbers alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from samkorning.identity import IdentityRules
from samkorning.leak_scan import (
    cells_with_identity_numbers,
    columns_with_identity_numbers,
    no_file,
    redact_file_name,
    redact_numbers,
)
from samkorning.synthetic import make_world

NUMBERS = make_world(30, 3).persons["number"].to_list()
RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
KNOWN = pl.LazyFrame({"number": NUMBERS[:20]})
DIGITS = str(NUMBERS[0])
STRANGER = str(NUMBERS[25])


@pytest.mark.parametrize(
    ("values", "hits"),
    [
        ([DIGITS, "a"], 1),
        ([f"{DIGITS[:8]}-{DIGITS[8:]}"], 1),
        ([f"se journal {DIGITS[2:8]}-{DIGITS[8:]}, tack"], 1),
        ([DIGITS[2:]], 1),
        ([STRANGER], 1),
        ([STRANGER[2:]], 0),
        (["1234567890", "2219-01-01", "070-123 45 67", "", None], 0),
        ([DIGITS[:11]], 0),
        ([NUMBERS[0], 5, None], 1),
        ([int(DIGITS[2:])], 1 if DIGITS[2] != "0" else 0),
        ([float(NUMBERS[1]), 2.5], 1),
        ([1_795_334_541], 0),
    ],
)
def test_a_column_is_told_by_how_many_values_it_leaks(values: list[object], hits: int) -> None:
    frame = pl.LazyFrame({"x": pl.Series(values), "LopNr": [271_828_182] * len(values)})
    found = columns_with_identity_numbers(frame, KNOWN, RULES)
    assert found == ({"x": hits} if hits else {})


@pytest.mark.parametrize("rules", [replace(RULES, strict_century=True), replace(RULES, ages=(400, 450))])
def test_a_number_is_found_however_strict_the_case_is_with_centuries(rules: IdentityRules) -> None:
    values = [DIGITS[2:], f"{STRANGER[2:8]}-{STRANGER[8:]}", "1234567890"]
    assert columns_with_identity_numbers(pl.LazyFrame({"x": values}), KNOWN, rules) == {"x": 2}
    assert cells_with_identity_numbers(pl.Series(values), rules).to_list() == [False, True, False]


def test_ten_digits_of_the_case_are_found_in_whatever_century_the_case_holds_them() -> None:
    earlier = KNOWN.select(pl.col("number") - 10**10)
    assert columns_with_identity_numbers(pl.LazyFrame({"x": [DIGITS[2:]]}), earlier, RULES) == {"x": 1}


def test_an_identity_of_text_is_found_as_a_whole_cell() -> None:
    frame = pl.LazyFrame({"note": ["992175-123455", "992175123455 and more", "x"], "n": [1, 2, 3]})
    texts = pl.LazyFrame({"text": ["992175123455", "AB12"]})
    assert columns_with_identity_numbers(frame, KNOWN, RULES, texts)["note"] >= 1
    assert "note" not in columns_with_identity_numbers(
        frame.select(pl.col("note").str.slice(0, 4)), KNOWN, RULES, texts
    )


def test_redaction_leaves_times_hashes_and_file_names_alone() -> None:
    harmless = (
        '{"timestamp": 1795334541.25, "run": "a1b2795334-1541", "file": "ut_r_par_sv_36759_2021", "rows": 1234567890}'
    )
    assert redact_numbers(harmless) == harmless
    assert redact_numbers(f"about {DIGITS} and {DIGITS[2:8]}-{DIGITS[8:]}.") == "about [number] and [number]."


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"{DIGITS}.csv", "[number].csv"),
        (f"svar_{DIGITS[:8]}-{DIGITS[8:]}.csv", "svar_[number].csv"),
        (f"PNR{DIGITS}.csv", "PNR[number].csv"),
        (f"{DIGITS[2:8]}_{DIGITS[8:]}x.csv", "[number]x.csv"),
        (f"{DIGITS[:8]} {DIGITS[8:]}, {DIGITS[2:]}.csv", "[number], [number].csv"),
        (f"{DIGITS[:8]}123x.csv", "[number].csv"),
        ("ut_r_par_sv_36759_2021.csv", "ut_r_par_sv_36759_2021.csv"),
        ("SYNT_Lev_lisa_2220.txt", "SYNT_Lev_lisa_2220.txt"),
        ("lab_20191231.csv", "lab_20191231.csv"),
        ("åäö\u00a0é.csv", "åäö\u00a0é.csv"),
        ("v\udce4ntar\n\x1b.csv", "v\ufffdntar\ufffd\ufffd.csv"),
        ("lab_20191231235959.csv", "lab_20191231235959.csv"),
    ],
)
def test_the_name_of_a_file_is_told_without_the_number_in_it(name: str, told: str) -> None:
    assert redact_file_name(name) == told
    assert redact_file_name(told) == told


def test_a_file_that_is_not_there_is_told_without_a_number() -> None:
    assert str(no_file(Path("sent/219108182388.csv"))) == "no file [number].csv there"
