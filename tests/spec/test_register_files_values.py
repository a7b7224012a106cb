"""The named rules on values: what each takes for right, and that it counts and never shows."""

import calendar
import re
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from samkorning.register_files import FileContract, inspect_register_file
from samkorning.register_files.declared.date_shapes import DATE_SHAPES

Finding = tuple[str, int, tuple[int, ...]]


def findings(column: dict[str, object], values: list[str], **terms: object) -> list[Finding]:
    contract = FileContract.model_validate({"columns": [{"name": "x", **column}], **terms})
    content = "y;x\n" + "".join(f"1;{value}\n" for value in values)
    table = inspect_register_file(content.encode(), "file.csv", contract)
    assert table.frame["x"].to_list() == [value or None for value in values]
    return [(finding.rule, finding.count, finding.rows) for finding in table.findings]


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        ({"type": "integer"}, ["0", "-12", "+7", "007"], ["1.0", "1 000", "x", "1e5", "٣", " 1"]),
        ({"type": "decimal"}, ["1", "-1.5", ".5", "2."], ["1,5", "1.5.2", "1.98504E+11", "."]),
        ({"type": "decimal", "decimal_mark": ","}, ["1", "1,5", ",5", "-1,5"], ["1.5", "1,5,2", ",", "1 000,5"]),
        ({"type": "boolean"}, ["True", "true", "0"], ["J", "TRUE", "2"]),
        ({"type": "boolean", "true_values": ["True"], "false_values": []}, ["True"], ["False", "1"]),
        ({"type": "boolean", "true_values": ["J"], "false_values": ["N"]}, ["J", "N"], ["True", "j"]),
        ({"codes": ["1", "2"]}, ["1", "2"], ["3", "01", "1 "]),
        ({"max_length": 3}, ["abc", "åäö"], ["abcd"]),
        ({"pattern": "[A-Z][0-9]+|X"}, ["A12", "X"], ["a12", "A12B", "XX"]),
        ({"type": "date"}, ["2219-02-28", "2220-02-29", "1850-12-31"], ["2219-02-29", "22190228", "2219-13-01"]),
        ({"type": "date", "date_shapes": ["YYYYMMDD", "YYYYMM00"]}, ["22190430", "22190400"], ["22190431", "22190000"]),
        ({"type": "date", "date_shapes": ["YYYY0000", "YYYYMM"]}, ["22190000", "195410"], ["195413", "22190100"]),
        ({"type": "date", "date_shapes": ["YYWW"]}, ["8513", "8553"], ["8554", "8500", "198513"]),
        ({"type": "date", "date_shapes": ["YYYYWW"]}, ["198501", "222053"], ["198500", "198554", "8513", "1985W1"]),
        ({"type": "date", "date_shapes": ["YYYY", "YYYY-MM"]}, ["2219", "2219-12"], ["2219-13", "221", "2219-1"]),
        ({"type": "date", "date_shapes": ["DD.MM.YYYY"]}, ["29.02.2220", "01.12.2219"], ["29.02.2219", "1.12.2219"]),
        ({"type": "date", "date_shapes": ["YYYY-MM-DD hh:mm:ss"]}, ["2219-01-02 23:59:59"], ["2219-01-02 24:00:00"]),
    ],
)
def test_a_type_takes_right_texts_and_counts_wrong_ones(
    column: dict[str, object], right: list[str], wrong: list[str]
) -> None:
    assert findings(column, [*right, ""]) == []
    rule = next(name for name in ("codes", "max_length", "pattern", "type") if name in column)
    said = str(column["type"]) if rule == "type" else rule
    rows = tuple(range(len(right) + 1, len(right) + len(wrong) + 1))
    assert findings(column, right + wrong) == [(said, len(wrong), rows)]


def test_a_required_column_has_a_value_in_every_row() -> None:
    assert findings({"required": True}, ["1", "", "NA"], missing_values=["NA"]) == [("required", 2, (2, 3))]


def test_a_declared_missing_value_breaks_no_other_rule() -> None:
    assert findings({"type": "integer"}, [".", "NA"], missing_values=[".", "NA"]) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [("Rökning_Värde", "Rökning_Beskrivning"), ("ROKNING_VARDE", "ROKNING_BESKRIVNING"), ("r_värde", "R_Beskrivning")],
)
def test_a_code_and_its_description_are_both_there_or_neither(code: str, text: str) -> None:
    columns = [{"name": code}, {"name": text}, {"name": "_Beskrivning_x"}]
    content = f"{code};{text};_Beskrivning_x\n1;ja;\n;;\n2;;\n;nej;\n".encode()
    table = inspect_register_file(content, "file.csv", FileContract.model_validate({"columns": columns}))
    assert [(finding.column, finding.rule, finding.rows) for finding in table.findings] == [(text, "pair", (3, 4))]


def test_a_correction_is_a_negative_number_and_stays_one() -> None:
    assert findings({"type": "integer"}, ["-2", "+2", "2"]) == []


def test_rules_follow_a_column_whose_name_is_spelled_in_other_case() -> None:
    contract = FileContract.model_validate({"columns": [{"name": "DispInk04", "type": "integer"}]})
    for header in ("DISPINK04", "dispink04", " DispInk04 "):
        table = inspect_register_file(f"y;{header}\n1;7\n1;x\n".encode(), "file.csv", contract)
        assert table.columns == ("y", "DispInk04")
        assert [(finding.column, finding.rows) for finding in table.findings] == [("DispInk04", (2,))]


def test_row_numbers_count_the_refused_rows_too() -> None:
    contract = FileContract.model_validate({"columns": [{"name": "x", "type": "integer"}]})
    table = inspect_register_file(b"y;x\n1;1\n1\n1;z\n", "file.csv", contract)
    assert [finding.rows for finding in table.findings] == [(3,)]


def test_full_dates_are_exactly_the_days_of_the_calendar() -> None:
    """Against the calendar of the standard library, over two leap years, a century year and 2000."""
    whole = re.compile(DATE_SHAPES["YYYY-MM-DD"])
    for year in (1899, 1900, 2000, 2219, 2220):
        days = {(date(year, 1, 1) + timedelta(days=day)).isoformat() for day in range(365 + calendar.isleap(year))}
        written = {f"{year}-{month:02}-{day:02}" for month in range(14) for day in range(33)}
        assert {text for text in written if whole.fullmatch(text)} == days


@pytest.mark.parametrize(
    "terms",
    [
        {"columns": [{"name": "a"}, {"name": "A"}]},
        {"header": False},
        {"tolerance": 1.5},
        {"unknown": 1},
        {"columns": [{"name": "a", "pattern": "("}]},
        {"columns": [{"name": "a", "type": "date", "date_shapes": []}]},
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(terms: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FileContract.model_validate(terms)


def test_every_field_of_a_contract_says_what_it_means() -> None:
    column_model = FileContract.model_fields["columns"].annotation.__args__[0]  # type: ignore[union-attr]
    for model in (FileContract, column_model):
        assert all(field.description for field in model.model_fields.values())
