"""The work list and the reports' summaries are kept, and never say anything but what the cases say."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import assets.steps.overview as steps
from assets.steps.case_account import case_account
from assets.steps.overview import overview, summaries
from assets.steps.safekeeping.doctor import examine
from resources.desk import Desk
from samkorning.case.assignment import assign
from samkorning.case.overview import as_text
from tests.commands import answer, program
from tests.office import MANAGER, OFFICER, Office
from tests.unit.test_commands import loads

FIRST, SECOND, READY = "10001-2021", "10002-2021", "10003-2021"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One case that waits for an officer, one that has one, one that can deliver."""
    office = Office(tmp_path_factory.mktemp("overview"), persons=60)
    office.open_case(number=FIRST)
    office.open_case(number=SECOND)
    office.act(SECOND, MANAGER, lambda case: assign(case, OFFICER, "next in the queue"))
    office.ready_case(number=READY)
    return office


def opened_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cases that are found out anew from then on."""
    seen: list[str] = []
    found_out = steps._row
    monkeypatch.setattr(
        steps, "_row", lambda desk, case, marks: seen.append(case.number) or found_out(desk, case, marks)
    )
    return seen


def listed(office: Office, *filters: str, today: str = "") -> list[str]:
    said = answer(
        program(office.desk.home.root, *(("--today", today) if today else ()), "case", "list", *filters, "--json")
    )
    return [row["case"] for row in said["cases"]]


def test_a_line_says_what_the_case_says(office: Office) -> None:
    for row in overview(office.desk):
        account = case_account(office.desk, office.desk.case(row.case_number))
        act = account.next_act
        assert (row.line.what, row.line.whose, row.line.due) == (act.what, act.whose, act.due)
        assert row.line.state == account.state


def test_looking_waits_for_no_library_of_rows_or_databases(office: Office) -> None:
    home, heavy = str(office.desk.home.root), ("dagster", "sqlalchemy", "duckdb", "pyarrow", "polars", "weasyprint")
    assert loads("--home", home, "case", "show", READY, "--json", modules=heavy) == []
    assert loads("--home", home, "case", "list", "--json", modules=heavy) == []


def test_only_cases_that_changed_are_opened(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    overview(office.desk)
    seen = opened_anew(monkeypatch)
    overview(office.desk)
    assert seen == []
    office.act(SECOND, MANAGER, lambda case: assign(case, "Rut", "Olle is away"))
    assert [row.line.officer for row in overview(office.desk) if row.case_number == SECOND] == ["Rut"]
    assert seen == [SECOND]


def test_a_case_that_has_not_delivered_is_looked_at_anew_every_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    overview(office.desk)
    tomorrow = office.desk.clock.today() + timedelta(days=1)
    monkeypatch.setenv("SAMKORNING_TODAY", tomorrow.isoformat())
    seen = opened_anew(monkeypatch)
    overview(Desk.at(office.desk.home.root))
    assert seen == [FIRST, SECOND, READY]


def test_a_loaded_register_year_opens_the_cases_that_take_from_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    overview(office.desk)
    seen = opened_anew(monkeypatch)
    office.load("DORS", 2219)
    overview(office.desk)
    assert seen == [FIRST, SECOND, READY]
    seen.clear()
    office.load("CAN", 2219)
    overview(office.desk)
    assert seen == []


def test_a_lost_table_is_made_anew_and_a_forged_row_is_named(office: Office) -> None:
    before = overview(office.desk)
    for path in office.desk.home.root.glob("overview.sqlite*"):
        Path(path).unlink()
    fresh = Desk.at(office.desk.home.root)
    assert [row.line for row in overview(fresh)] == [row.line for row in before]
    fresh.overview.keep([replace(before[0], line_text=as_text(replace(before[0].line, what="nothing")))])
    problems = [str(misfit) for misfit in examine(fresh).misfits if misfit.is_grave]
    assert problems == [f"case {FIRST}: the overview is told wrongly; delete overview.sqlite, it is found out anew"]
    for path in fresh.home.root.glob("overview.sqlite*"):
        path.unlink()


def test_the_list_is_cut_by_filters(office: Office) -> None:
    assert listed(office) == [FIRST, SECOND, READY]
    assert listed(office, "--queue", "waiting for an officer") == [FIRST]
    assert listed(office, "--officer", "nobody") == [FIRST, READY]
    assert listed(office, "--waits-for", "SCB") == [FIRST, SECOND]
    assert listed(office, "--waits-for", "Region Exempel") == [FIRST, SECOND, READY]
    whose = {row.case_number: row.line.whose for row in overview(office.desk)}
    assert listed(office, "--whose", whose[READY][1:].upper()) == [READY] != list(whose)
    assert listed(office, "--state", "approved") == [READY]
    assert listed(office, "--due-before", "2000-01-01") == []
    assert program(office.desk.home.root, "case", "list", "--queue", "nowhere").returncode == 2


def test_reports_of_a_home_are_told_and_written(office: Office, tmp_path: Path) -> None:
    home = office.desk.home.root
    given = answer(program(home, "report", "lead-times", "--json", "--csv", tmp_path / "all.csv"))
    year = str(office.desk.clock.today().year)
    assert given["tables"]["orders"]["rows"][0][year] == 3 == len(summaries(office.desk))
    assert given["files"] == [str(tmp_path / "all.csv")]
    for report in ("waiting-times", "holders", "errors", "satisfaction"):
        assert answer(program(home, "report", report, "--json"))["report"] == report
    assert "needs 10 cases" in program(home, "report", "forecast").stderr
    done = program(home, "report", "waiting-times", "--out", tmp_path / "page")
    assert done.returncode == 0, done.stderr
    names = {path.name.split("-20")[0] + "".join(path.suffixes[-2:]) for path in (tmp_path / "page").iterdir()}
    assert {"waiting-times.html", "waiting-times.sv.html"} <= names
