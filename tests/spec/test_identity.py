"""What a value of an identifier column is, as tables. Persons are synthetic or published test numbers."""

from datetime import date

import duckdb
import polars as pl
import pytest

from samkorning.identity import IdentityRules, Repair, diagnose

RULES = IdentityRules(date(2221, 12, 31), allow_synthetic=True)
REPAIRING = IdentityRules(date(2221, 12, 31), allow_synthetic=True, repairs=frozenset(Repair))


def diagnosed(value: str | int | None, rules: IdentityRules = RULES) -> dict[str, object]:
    dtype = pl.Int64 if isinstance(value, int) else pl.String
    frame = diagnose(pl.DataFrame({"id": [value]}, schema={"id": dtype}), "id", rules)
    return {name.removeprefix("identity_"): cell for name, cell in frame.drop("id").row(0, named=True).items()}


TAKEN = [
    ("219108182388", 219108182388, False),
    ("21910818-2388", 219108182388, False),
    ("21910818+2388", 219108182388, False),
    ("910818-2388", 219108182388, False),
    ("910818+2388", 209108182388, False),
    ("9108182388", 219108182388, True),
    (" 21910818 2388 ", 219108182388, False),
    ("21910818\u00a02388", 219108182388, False),
    ('"219108182388"', 219108182388, False),
    ("21910818\u20132388", 219108182388, False),
    (219108182388, 219108182388, False),
    (9108182388, 219108182388, True),
]


@pytest.mark.parametrize(("value", "number", "guessed"), TAKEN)
def test_a_number_is_read_however_it_is_written(value: str | int, number: int, guessed: bool) -> None:
    found = diagnosed(value)
    assert (found["number"], found["problem"], found["guessed_century"]) == (number, None, guessed)


REFUSED = [
    (None, "missing"),
    ("", "missing"),
    (" \u00a0", "missing"),
    ("NA", "placeholder"),
    ("okänd", "placeholder"),
    ("000000000000", "placeholder"),
    ("0000000000", "placeholder"),
    ("-", "placeholder"),
    ("00010101-1234", "bad_date"),
    ("1.98504E+11", "exponent"),
    ("219108182388.0", "float"),
    ("109010017", "lost_leading_zero"),
    ("21910818238", "bad_length"),
    ("2191-08182386", "bad_separator"),
    ("219108182388A!", "bad_character"),
    ("２１９１０８１８２３８６", "foreign_digits"),
    ("219113182386", "bad_date"),
    ("219102302386", "bad_date"),
    ("219108180005", "serial_000"),
    ("219108182386", "bad_check_digit"),
    ("5560360793", "organisation_number"),
    ("556036-0793", "organisation_number"),
    ("165560360793", "organisation_number"),
]


@pytest.mark.parametrize(("value", "problem"), REFUSED)
def test_what_is_not_a_person_is_named(value: str | None, problem: str) -> None:
    found = diagnosed(value)
    assert (found["problem"], found["number"], found["issuer"]) == (problem, None, None)


def test_duckdb_and_polars_give_the_same_answer() -> None:
    values = [value for value, *_ in (*TAKEN, *REFUSED) if not isinstance(value, int)]
    frame = pl.DataFrame({"row": range(len(values)), "id": values})
    relation = duckdb.from_arrow(frame.to_arrow())
    assert diagnose(relation, "id", RULES).pl().sort("row").equals(diagnose(frame, "id", RULES))
    assert diagnose(frame.lazy(), "id", RULES).collect().equals(diagnose(frame, "id", RULES))


def test_repairs_are_made_only_where_the_rules_allow_them_and_are_named() -> None:
    for value, number, repair in [
        ("109010017", 220109010017, "leading_zero"),
        (109010017, 220109010017, "leading_zero"),
        ("219108182388.0", 219108182388, "float"),
        ("2.19108182388E+11", 219108182388, "float"),
    ]:
        made, refused = diagnosed(value, REPAIRING), diagnosed(value, RULES)
        assert (made["number"], made["problem"], made["repair"]) == (number, None, repair)
        assert (refused["number"], refused["repair"]) == (None, repair)
        assert refused["problem"] is not None


def test_synthetic_persons_are_refused_in_a_real_case() -> None:
    found = diagnosed("219108182388", IdentityRules(date(2221, 12, 31)))
    assert (found["number"], found["kind"], found["problem"]) == (None, "synthetic_number", "synthetic_not_allowed")


def test_a_coordination_number_may_have_month_00_day_60_and_days_89_to_91() -> None:
    for value in ("219100601239", "219102911235", "219100611237"):
        frame = [diagnosed(value[:11] + str(check))["problem"] for check in range(10)]
        assert sorted(map(str, frame)) == ["None"] + ["bad_check_digit"] * 9


def test_a_strict_century_refuses_ten_digits_without_separator() -> None:
    strict = IdentityRules(date(2221, 12, 31), allow_synthetic=True, strict_century=True)
    assert diagnosed("9108182388", strict)["problem"] == "ambiguous_century"
    assert diagnosed("910818-2388", strict)["number"] == 219108182388
