"""The forms in which the page shows things: tables, small pictures, checks; and the words of the front page."""

import base64
import re
from dataclasses import replace
from datetime import date

import pytest

from assets.checks import Look, shown
from assets.shown.case import units_in_words
from assets.shown.desk import case_link, desk_metadata, states_picture
from assets.shown.row_flow import row_flow_table
from assets.shown.tables import UNBROKEN, by_year, filled_table, spark_line, table
from assets.steps.desk_account import DeskAccount, DueThing
from samkorning.linkage.row_flow import LostPersons, RowFlow
from samkorning.own_registers.years_awaited import year_awaited
from samkorning.years import spans

TODAY = date(2026, 11, 30)


def drawn(picture: str) -> str:
    """The SVG within a picture of Markdown."""
    found = re.search(r"base64,([A-Za-z0-9+/=]+)\)", picture)
    assert found is not None
    return base64.b64decode(found[1]).decode()


def test_a_table_holds_what_markdown_would_take_apart() -> None:
    assert table(["case", "#rows"], [("a|b\nc", 3), (None, date(2026, 1, 2))]).splitlines() == [
        "| case | rows |",
        "|---|---:|",
        "| a\\|b c | 3 |",
        "|  | 2026-01-02 |".replace("-", UNBROKEN),
    ]
    assert table(["case"], []) == "none"


def test_a_column_that_says_nothing_is_left_out() -> None:
    rows = [("lisa", "", None, 0), ("lmed", "", "again", 0)]
    assert filled_table(["what", "why", "came", "#rows"], rows).splitlines() == [
        "| what | came | rows |",
        "|---|---|---:|",
        "| lisa |  | 0 |",
        "| lmed | again | 0 |",
    ]
    assert filled_table(["what"], []) == "none"


@pytest.mark.parametrize(("values", "points"), [([5.0], 2), ([0.0, 0.0], 2), ([1.0, 3.0, 2.0], 3)])
def test_a_spark_line_has_a_point_a_run_and_the_newest_as_a_dot(values: list[float], points: int) -> None:
    line = spark_line(values, "rows")
    assert f">{values[-1]:g}</text>" in drawn(line) and len(line) < 1000, "short enough to be drawn in place"
    found = re.search('points="([^"]*)"', drawn(line))
    assert (len(found[1].split()) if found else 0) == points
    assert drawn(line).count("<circle") == 1


def test_shares_by_year_are_a_line_a_register() -> None:
    picture = by_year({"lmed": {2005: 0.5, 2006: 1.0}, "par<sv>": {2006: 0.25}}, "linked")
    assert picture.startswith("![linked, 2005 to 2006](")
    svg = drawn(picture)
    assert (svg.count("<polyline"), "lmed 100%" in svg, "par&lt;sv&gt; 25%" in svg) == (2, True, True)
    assert by_year({}, "linked") == ""
    many = {f"register_{n}": dict.fromkeys(range(2000, 2026), 0.5) for n in range(9)}
    assert len(by_year(many, "linked")) < 1000, "as many as are drawn in place"


def test_units_of_a_delivery_are_told_with_their_years_together() -> None:
    assert units_in_words(["dors 2001", "lisa", "lmed 2005", "lmed 2006"]) == "dors 2001, lisa, lmed 2005-2006"


@pytest.mark.parametrize(("years", "said"), [([], ""), ([2001], "2001"), ([2003, 2001, 2002, 2006], "2001-2003, 2006")])
def test_years_are_written_as_people_write_them(years: list[int], said: str) -> None:
    assert spans(years) == said


@pytest.mark.parametrize(
    ("years", "today", "last", "awaited"),
    [
        ([], TODAY, None, None),
        ([2025], TODAY, None, None),
        ([2024], TODAY, None, 2025),
        ([2024], date(2026, 9, 30), None, None),
        ([2024], date(2026, 10, 1), None, 2025),
        ([1999], TODAY, 1999, None),
        ([1998], TODAY, 1999, 1999),
        ([2220], TODAY, None, None),
    ],
)
def test_a_year_is_awaited_from_october_of_the_next(
    years: list[int], today: date, last: int | None, awaited: int | None
) -> None:
    assert year_awaited(years, today, last) == awaited


def test_a_check_says_what_it_looked_at_found_and_what_to_do() -> None:
    fine = shown("rows", Look("3 files"), "ask the holder", {"rows": 3})
    assert (fine.passed, fine.description) == (True, "Nothing to act on. Looked at 3 files.")
    assert "remedy" not in fine.metadata
    bad = shown("rows", Look("3 files", ["2 rows too many", "1 file lacks"]), "ask the holder", {"rows": 3})
    assert not bad.passed
    assert bad.description == "2 rows too many; 1 file lacks. Remedy: ask the holder. Looked at 3 files."
    said = {name: value.value for name, value in bad.metadata.items()}
    assert said["looked_at"] == "3 files" and said["remedy"] == "ask the holder" and said["rows"] == 3


def test_the_front_page_tells_of_a_few_and_counts_the_rest() -> None:
    things = [DueThing(f"2026-12-{day:02d}", f"{day}-2026", "deliver", "data engineer") for day in range(1, 31)]
    late = DueThing("2026-11-01", "99-2026", "file of lisa", "SCB")
    account = DeskAccount(
        TODAY, {"opened": 2, "paused": 1}, [late, *things], {}, [], [], 1, 2, [], [], ["7-2026"], 10**9
    )
    seen = desk_metadata(account, {"runs under way": 1})
    assert (seen["due_this_week"], seen["over_their_day"], seen["cases"]) == (30, 1, 3)
    shown_at_once, late_day = seen["due"].value, "2026-11-01".replace("-", UNBROKEN)
    assert (
        len(shown_at_once) < 1000 and f"| {late_day} | {case_link('99-2026')} | file of lisa | SCB |" in shown_at_once
    )
    assert re.search(r"and \d+ more below", shown_at_once), "what is not drawn in place is said, and stands below"
    assert seen["due_all"].value.count("\n") == 2 + 31 - 1
    many = desk_metadata(replace(account, due=things * 3), {})["due_all"].value
    assert many.endswith("and 40 more: `samkorning case list`")
    assert "| cases that cannot be read | 1 | 7-2026: `samkorning doctor` |" in seen["health"].value
    assert seen["cases_by_state"].value.startswith("![2 opened, 1 paused](")
    assert case_link("7-2026").endswith("](/assets/case?view=partitions&partition=7-2026)")
    assert states_picture({}).startswith("![no case](")


def test_persons_behind_dropped_rows_stand_in_the_table_of_the_row_flow() -> None:
    """What was linked before they were counted says so, and so does a reason whose rows have no readable number."""
    dropped = {"unknown_person": 3, "missing": 2}
    now = RowFlow("lisa", 9, 4, dropped, lost=LostPersons(2, {"unknown_person": 2}))
    before = RowFlow.from_facts({"source": "diabetes", "rows_in": 9, "linked": 6, "dropped.unknown_person": 3})
    lines = row_flow_table([now, before]).splitlines()
    assert lines[0] == "| source | rows | persons | what became of them |"
    assert "| lisa | 3 | 2 | dropped: unknown person |" in lines
    assert "| lisa | 2 | no readable number | dropped: missing |" in lines
    assert "| lisa | 5 | 2 | dropped in all |" in lines
    assert "| diabetes | 3 | not counted | dropped: unknown person |" in lines
