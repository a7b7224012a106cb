"""A whole file of values checked: rows out and totals."""

import json
from datetime import date
from io import StringIO

import polars as pl
import pytest

from samkorning.identity import IdentityRules, Repair, check_frame, check_lines, checking, write_csv, write_json

RULES = IdentityRules(date(2221, 12, 31), allow_synthetic=True, repairs=frozenset({Repair.LEADING_ZERO}))
LINES = ["219108182388\n", "\n", "9108182388\r\n", "109010017\n", "212000-0142"]
ROWS = [
    (1, "synthetic_number", None),
    (2, None, "missing"),
    (3, "synthetic_number", None),
    (4, "synthetic_number", None),
    (5, "organisation_number", "organisation_number"),
]


def test_every_line_gives_a_row_and_an_empty_line_is_missing() -> None:
    out = StringIO()
    totals = check_lines(LINES, RULES, out, write_csv)
    header, *rows = out.getvalue().splitlines()
    assert header == "row,kind,problem"
    assert rows == [f"{row},{kind or ''},{problem or ''}" for row, kind, problem in ROWS]
    assert totals.as_dict() == {
        "rows": 5,
        "taken": 3,
        "refused": 2,
        "guessed_centuries": 2,
        "kinds": {"synthetic_number": 3},
        "problems": {"missing": 1, "organisation_number": 1},
        "repairs": {"leading_zero": 1},
    }


def test_json_gives_one_object_per_row() -> None:
    out = StringIO()
    check_lines(LINES, RULES, out, write_json)
    assert [tuple(json.loads(line).values()) for line in out.getvalue().splitlines()] == ROWS


def test_a_column_of_a_frame_is_checked_as_lines_are() -> None:
    frame = pl.DataFrame({"id": ["219108182388", None, "9108182388", "109010017", "212000-0142"]})
    from_lines, from_frame = StringIO(), StringIO()
    totals = check_lines(LINES, RULES, from_lines, write_csv)
    assert check_frame(frame.lazy(), "id", RULES, from_frame, write_csv) == totals
    assert from_frame.getvalue() == from_lines.getvalue()


def test_rows_are_numbered_on_over_batches_and_the_header_stands_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROWS_AT_A_TIME", 2)
    out = StringIO()
    totals = check_lines(LINES, RULES, out, write_csv)
    assert [line.split(",")[0] for line in out.getvalue().splitlines()] == ["row", "1", "2", "3", "4", "5"]
    assert totals.rows == 5
    from_frame = StringIO()
    frame = pl.DataFrame({"id": [line.strip() for line in LINES]})
    assert check_frame(frame, "id", RULES, from_frame, write_csv) == totals
    assert from_frame.getvalue() == out.getvalue()


def test_an_empty_file_has_a_header_and_no_rows() -> None:
    for check in (
        lambda out: check_lines([], RULES, out, write_csv),
        lambda out: check_frame(pl.DataFrame({"id": []}, schema={"id": pl.String}), "id", RULES, out, write_csv),
    ):
        out = StringIO()
        assert check(out).rows == 0
        assert out.getvalue() == "row,kind,problem\n"


def test_a_blank_in_the_last_place_survives_the_reading_of_lines() -> None:
    out = StringIO()
    check_lines(["21280118123 \n"], RULES, out, write_csv)
    assert out.getvalue().splitlines()[1] == "1,no_check_digit,"
