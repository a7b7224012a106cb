"""The table of what is due: it says what the cases say, costs nothing for those that rest, may be lost or forged."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.steps.delivery.due import due_cases, wrong_cases
from assets.steps.safekeeping.doctor import examine
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import acts
from samkorning.synthetic import NEW_YEAR
from tests.office import OFFICER, Office


@pytest.fixture
def delivering(office: Office) -> tuple[Office, str]:
    """An office with one case that has delivered."""
    office.persons = 100
    made = office.delivered_case(
        ("linked_share_at_least: 0.5", "linked_share_at_least: 0"), ("allowed: 0.05", "allowed: 0.5")
    )
    return office, made["case"]


def said(office: Office, desk: Desk | None = None) -> list[tuple[str, bool, bool]]:
    return [(row.case_number, bool(row.late), bool(row.repeat)) for row in due_cases(desk or office.desk)]


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@pytest.mark.slow
def test_it_says_after_each_act_what_the_case_says(delivering: tuple[Office, str]) -> None:
    office, case = delivering
    today = office.desk.clock.today()
    assert said(office) == [(case, False, False)], "everything in place has left"
    office.receive(case, "region_labb")
    assert said(office) == [(case, False, False)], "no release from the region (R04)"
    office.release_holders(case, "Region Exempel")
    assert said(office) == [(case, True, False)], "a late file is due"
    office.deliver(case)
    assert said(office) == [(case, False, False)], "and has left"
    office.desk.registers.load("LMED", NEW_YEAR, office.world.register("LMED", NEW_YEAR))
    assert said(office) == [(case, False, False)], "a new year needs a kept code key (R18)"
    until = today + timedelta(days=60)
    office.act(case, OFFICER, lambda found: acts.keep_code_key(found, until, today, "repeats"))
    assert said(office) == [(case, False, False)], "a repeat comes in the month after the first delivery"
    later = replace(office.desk, clock=Clock(next_month(today)))
    assert said(office, later) == [(case, False, True)], "a repeat is due"
    assert wrong_cases(later) == [], "what is found out anew is what the table said"


@pytest.mark.slow
def test_a_day_that_passes_is_noticed(delivering: tuple[Office, str]) -> None:
    office, case = delivering
    today = office.desk.clock.today()
    until = today + timedelta(days=60)
    office.act(case, OFFICER, lambda found: acts.keep_code_key(found, until, today, "repeats"))
    office.desk.registers.load("LMED", NEW_YEAR, office.world.register("LMED", NEW_YEAR))
    assert said(office, replace(office.desk, clock=Clock(next_month(today)))) == [(case, False, True)]
    later = replace(office.desk, clock=Clock(until + timedelta(days=1)))
    assert [bool(row.repeat) for row in due_cases(later)] == [False], "the code key is kept no longer (R17)"


@pytest.mark.slow
def test_another_entry_of_the_catalogue_is_noticed(delivering: tuple[Office, str]) -> None:
    """The code review is bound to what the catalogue says: what was due is not, from the next look on."""
    office, case = delivering
    office.receive(case, "region_labb")
    office.release_holders(case, "Region Exempel")
    assert said(office) == [(case, True, False)]
    own = office.desk.home.catalogue
    own.mkdir()
    shipped = (office.desk.settings.catalogue / "LMED.yaml").read_text("utf-8")
    (own / "LMED.yaml").write_text(shipped.replace('"ATC-kod"', '"Kod enligt ATC"'), "utf-8")
    assert said(office) == [(case, False, False)], "the review is asked for again (R12)"


@pytest.mark.slow
def test_a_case_that_rests_is_not_opened(delivering: tuple[Office, str], monkeypatch: pytest.MonkeyPatch) -> None:
    office, case = delivering
    due_cases(office.desk)
    again = Desk.at(office.desk.home.root)

    def opened(number: str) -> None:
        raise AssertionError("a resting case was opened")

    monkeypatch.setattr(again.cases, "case", opened)
    assert [row.case_number for row in due_cases(again)] == [case]
    again.cases.close()


def test_many_changed_cases_are_found_out_in_turns(office: Office) -> None:
    numbers = [office.open_case(number=f"{n}-2026") for n in (1, 2, 3)]
    assert len(due_cases(office.desk, most=2)) == 2
    assert [row.case_number for row in due_cases(office.desk, most=2)] == numbers


def test_a_lost_table_is_made_anew_and_a_forged_row_is_named(delivering: tuple[Office, str]) -> None:
    office, case = delivering
    office.receive(case, "region_labb")
    office.release_holders(case, "Region Exempel")
    [true] = due_cases(office.desk)
    for path in office.desk.home.root.glob("due.sqlite*"):
        Path(path).unlink()
    assert due_cases(Desk.at(office.desk.home.root)) == [true]
    fresh = Desk.at(office.desk.home.root)
    fresh.due.keep([replace(true, late="")])
    problems = [str(misfit) for misfit in examine(fresh).misfits if misfit.is_grave]
    assert problems == [f"case {case}: what is due is told wrongly; delete due.sqlite, it is found out anew"]
    for path in office.desk.home.root.glob("due.sqlite*"):
        path.unlink()
    fresh.home.due.write_bytes(b"no database")
    damaged = Desk.at(office.desk.home.root)
    assert [str(misfit) for misfit in examine(damaged).misfits if misfit.is_grave] == [
        "the table of what is due is no whole database; delete due.sqlite, it is found out anew"
    ]
    fresh.home.due.unlink()
    assert due_cases(Desk.at(office.desk.home.root)) == [true]


def test_a_register_year_that_changes_is_noticed_without_opening_it(office: Office) -> None:
    rows = pl.DataFrame({"number": [212001010000]})
    before = office.desk.registers.marks()
    office.desk.registers.load("LMED", 2219, rows)
    first = office.desk.registers.marks()
    office.desk.registers.load("LMED", 2219, rows)
    assert before == {}
    assert first.keys() == {"lmed"}
    assert office.desk.registers.marks() != first
