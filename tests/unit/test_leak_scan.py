"""Number-shaped text is found in incoming cells and taken out of messages and names; ordinary numbers stay."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from samkorning.identity import IdentityRules
from samkorning.identity.cells import cells_with_identity_numbers
from samkorning.identity.redaction import (
    no_file,
    redact_file_name,
    redact_numbers,
)
from samkorning.synthetic import make_world

RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
DIGITS = str(make_world(30, 3).persons["number"][0])


@pytest.mark.parametrize("rules", [replace(RULES, strict_century=True), replace(RULES, ages=(400, 450))])
def test_a_number_is_found_however_strict_the_case_is_with_centuries(rules: IdentityRules) -> None:
    values = [DIGITS[2:], f"{DIGITS[2:8]}-{DIGITS[8:]}", "1234567890"]
    assert cells_with_identity_numbers(pl.Series(values), rules).to_list() == [False, True, False]


def test_redaction_leaves_times_hashes_and_file_names_alone() -> None:
    harmless = (
        '{"timestamp": 1795334541.25, "run": "a1b2795334-1541", "file": "ut_r_par_sv_36759_2021", "rows": 1234567890}'
    )
    assert redact_numbers(harmless) == harmless
    assert redact_numbers(f"about {DIGITS} and {DIGITS[2:8]}-{DIGITS[8:]}.") == "about [number] and [number]."


@pytest.mark.parametrize(
    ("name", "said"),
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
def test_the_name_of_a_file_is_told_without_the_number_in_it(name: str, said: str) -> None:
    assert redact_file_name(name) == said
    assert redact_file_name(said) == said


def test_a_file_that_is_not_there_is_told_without_a_number() -> None:
    assert str(no_file(Path("sent/219108182388.csv"))) == "no file [number].csv there"
