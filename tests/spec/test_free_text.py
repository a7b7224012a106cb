"""Free text: which spellings read as an identity number, and which ordinary texts do not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.errors import RuleRefused
from samkorning.identity import IdentityRules, diagnose_value
from samkorning.identity.free_text import (
    reads_as_number,
    require_no_number,
    require_no_numbers_within,
    squeezed,
    without_numbers,
)
from samkorning.synthetic import make_world
from tests.spelled import SPELLINGS, grouped, in_script

NUMBERS = [str(number) for number in make_world(60, 5).persons["number"].to_list()]

RULES_DAY = date(2221, 12, 31)


def the_check_digit(start: str) -> str:
    """Eleven digits and the check digit that makes them whole."""
    doubled = "".join(str(int(digit) * (2, 1)[place % 2]) for place, digit in enumerate(start[2:]))
    return start + str(-sum(map(int, doubled)) % 10)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=SPELLINGS.keys())
def test_a_number_is_refused_in_every_usual_spelling(spelling: str) -> None:
    for number in NUMBERS:
        spelled = SPELLINGS[spelling](number)
        for text in (spelled, f"the row of {spelled} is wrong", f"({spelled})", f"2219 {spelled}, 3 rows"):
            assert reads_as_number(text), spelling
        assert without_numbers(f"row {spelled}.") == "row [number]."


@pytest.mark.parametrize("start", ["21240679001", "22000060001", "21200191123"])
def test_coordination_numbers_are_numbers(start: str) -> None:
    number = the_check_digit(start)
    assert all(reads_as_number(spell(number)) for spell in SPELLINGS.values())


def test_national_reserve_numbers_are_numbers() -> None:
    rules = IdentityRules(reference_date=RULES_DAY, allow_synthetic=True)
    held = [f"22150818AA{middle}{check}" for middle in range(10) for check in range(10)]
    held = [number for number in held if diagnose_value(number, rules).problem is None]
    assert len(held) == 10
    for number in held:
        for text in (number, f"{number[:8]}-{number[8:]}", f"see {number.lower()}.", in_script(number, "０")):
            assert reads_as_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "L001", "rows 4, 18, 90 and 123", "070-123 45 67", "0701234567", "0701-12 34 56", "08-505 000 00",
        "+46 70 123 45 67", "0046701234567", "36759/2021", "36759-2021", "5.1-36759/2021", "2019-01234",
        "2221-00412-02", "978-91-0-012345-6", "9789100123456", "221903141231", "556036-0793", "5560360793",
        "1795334541", "1234567890",
        "order 4500123456", "2221-12-31", "2221-12-31T12:00:00", "2221-12-31 12:00", "2219-01-01 - 2220-12-31",
        "2219-01-01–2220-12-31", "22190101-22201231", "2219-01 – 2220-02", "2219, 2220 and 2221", "2219 2220 2221",
        "2219-2220-2221", "1 000 000 000 SEK", "bankgiro 5050-1055", "4532 0151 1283 0366", "192.168.100.200",
        "SE45 5000 0000 0583 9825 7466", "version 1.13.27", "000000000000", "a" * 64, "0" * 64, "12345678" * 8,
        "12345678-1234-4123-8123-123456789012", "ut_r_par_sv_2219_36759_2021.csv",
    ],
)  # fmt: skip
def test_ordinary_texts_pass(text: str) -> None:
    assert not reads_as_number(text)
    assert without_numbers(text) == text
    require_no_number("the reason", text)


def test_a_hash_is_not_looked_into() -> None:
    assert not reads_as_number(f"a1f{NUMBERS[0]}c0")
    assert reads_as_number(f"PNR{NUMBERS[0]}")


def test_a_mistyped_number_with_its_century_and_sign_is_one_all_the_same() -> None:
    wrong = f"{NUMBERS[0][:8]}-{NUMBERS[0][8:11]}{(int(NUMBERS[0][11]) + 1) % 10}"
    assert reads_as_number(wrong)
    assert not reads_as_number(wrong[2:])


def test_the_refusal_names_what_to_write_and_quotes_nothing() -> None:
    with pytest.raises(RuleRefused) as refused:
        require_no_numbers_within({"delivery": "L001", "more": [{"reason": f"row of {NUMBERS[0]}"}]})
    assert str(refused.value) == ("free text: reason reads as an identity number; write the serial number or the row")
    require_no_numbers_within({"sealed_sha256": "0" * 52 + NUMBERS[0], "order": NUMBERS[0]}, "order")


@given(number=st.sampled_from(NUMBERS), between=st.lists(st.sampled_from(" -.,:;/_*\u00a0\u200b"), max_size=2))
def test_a_known_number_is_found_when_everything_between_its_digits_is_left_out(
    number: str, between: list[str]
) -> None:
    text = "".join(between).join(number).replace("0", "O").replace("1", "l")
    assert number in squeezed(f"the row of {text} there")


@given(st.text(max_size=300))
def test_any_text_is_looked_at_and_told_without_numbers(text: str) -> None:
    said = without_numbers(text)
    assert reads_as_number(text) == (said != text)
    assert not reads_as_number(said)


@given(st.sampled_from(NUMBERS), st.text(max_size=20), st.text(max_size=20), st.sampled_from(list(SPELLINGS)))
def test_what_stands_around_a_number_hides_nothing(number: str, before: str, after: str, spelling: str) -> None:
    assert reads_as_number(f"{before} | {SPELLINGS[spelling](number)} | {after}")


def test_other_groupings_are_left_to_the_numbers_of_the_case() -> None:
    assert not reads_as_number(grouped(NUMBERS[0], 5, 3, 4))
    assert NUMBERS[0] in squeezed(grouped(NUMBERS[0], 5, 3, 4))
