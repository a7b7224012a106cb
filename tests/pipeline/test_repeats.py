"""Repeat deliveries, announced files and stopped deliveries, with the production job and its sensors."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.steps.case_account import case_account
from assets.steps.delivery.due import due_cases
from assets.steps.intake.receiving import receive_file
from pipelines.delivering import run_delivery
from pipelines.instance import dagster_instance
from pipelines.triggers import due_deliveries_sensor, repeat_deliveries
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind, acts
from samkorning.case.announcements import announce
from samkorning.errors import CheckFailed, FileRefused
from samkorning.synthetic import NEW_YEAR
from tests.looks import requests_of
from tests.office import ENGINEER, OFFICER, Office
from tests.small_office import CASE, SmallOffice, prepare

TOLERANT = (("linked_share_at_least: 0.5", "linked_share_at_least: 0"), ("allowed: 0.05", "allowed: 0.5"))
OWN = "  own_registers:\n"
FOLLOW = ("      repeats_until: 2225\n", "      repeats_until: 2225\n      corrections: follow\n")
ACCEPTS = ("        encoding: utf-8-sig\n", "        encoding: utf-8-sig\n        other_identifying: accept\n")


def on(office: Office, day: date) -> Desk:
    """The desk of the office on another day."""
    return replace(office.desk, clock=Clock(day))


def months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def keep_key(office: Office, case: str) -> None:
    today = office.desk.clock.today()
    until = today + timedelta(days=800)
    office.act(case, OFFICER, lambda found: acts.keep_code_key(found, until, today, "repeats"))


def asked_for(desk: Desk) -> list[str]:
    """Which cases the schedule asks deliveries for."""
    with dagster_instance(desk) as instance:
        context = dg.build_schedule_context(instance=instance)
        return [str(request.partition_key) for request in requests_of(repeat_deliveries(context, desk=desk))]


@pytest.mark.slow
def test_a_year_that_grows_comes_once_in_each_month_and_nothing_is_lost_while_nothing_ran(office: Office) -> None:
    office.persons = 100
    case = office.delivered_case(*TOLERANT, FOLLOW)["case"]
    keep_key(office, case)
    start, year = office.desk.clock.today(), office.world.register("LMED", NEW_YEAR)
    made = []
    for month, share in ((1, 3), (2, 2), (5, 1)):  # nothing runs for two months in between
        if office.desk.registers.load("LMED", NEW_YEAR, year.head(year.height // share)).held:
            office.desk.registers.accept("LMED", NEW_YEAR)
        day = months_on(start, month)
        assert asked_for(on(office, day)) == [case]
        made.append(run_delivery(on(office, day), case))
        assert asked_for(on(office, day + timedelta(days=20))) == [], "once in a month"
    assert [delivery["kind"] for delivery in made] == ["repeat"] * 3
    assert [[file["name"] for file in delivery["files"]] for delivery in made] == [
        ["data/ut_r_lmed_36759_2021.csv"]
    ] * 3
    rows = [delivery["files"][0]["rows"] for delivery in made]
    assert rows == sorted(rows) and rows[0] < rows[2], "the year has grown"


def test_a_repeat_that_ships_whole_holds_everything_again(office: Office) -> None:
    office.persons = 100
    case = office.ready_case(*TOLERANT, (OWN, "  repeats: {ships: whole, every: quarter}\n" + OWN))
    first = office.deliver(case)
    keep_key(office, case)
    office.desk.registers.load("LMED", NEW_YEAR, office.world.register("LMED", NEW_YEAR))
    today = office.desk.clock.today()
    quarter = months_on(today, 3 - (today.month - 1) % 3)
    assert asked_for(on(office, quarter - timedelta(days=1))) == []
    assert asked_for(on(office, quarter)) == [case]
    account = case_account(office.desk, office.desk.case(case))
    assert account.next_delivery is not None
    assert (account.next_delivery.kind, account.next_delivery.by_itself_from) == ("complete", quarter)
    made = run_delivery(on(office, quarter), case)
    assert made["kind"] == "complete"
    before, after = ({file["name"]: file for file in delivery["files"]} for delivery in (first, made))
    assert before.keys() == after.keys()
    assert {name for name in before if before[name]["sha256"] != after[name]["sha256"]} == {
        "data/ut_r_lmed_36759_2021.csv"
    }, "all else is the same once more"
    assert asked_for(on(office, quarter + timedelta(days=80))) == []


@pytest.fixture
def small(office: Office) -> SmallOffice:
    """A small office whose case has linked nothing yet."""
    small = SmallOffice(office.folder)
    prepare(small, "ready")
    return small


def test_an_announced_number_of_rows_holds_a_file_back_that_has_others(small: SmallOffice) -> None:
    today = small.desk.clock.today()
    path = small.visits("half", 2219)
    small.act(CASE, OFFICER, lambda case: announce(case, "diabetes", 99, None, today))
    with pytest.raises(FileRefused, match="99 rows are declared and 12 are in the file"):
        receive_file(small.desk, small.desk.case(CASE), "diabetes", path, ENGINEER, "the year after")
    small.act(CASE, OFFICER, lambda case: announce(case, "diabetes", 12, None, today))
    receive_file(small.desk, small.desk.case(CASE), "diabetes", path, ENGINEER, "the year after")
    last = small.desk.case(CASE).received_files("diabetes")[-1]
    assert last.detail["announced_rows"] == 12


@pytest.mark.slow
def test_a_stopped_delivery_is_remembered_and_not_asked_for_again(office: Office) -> None:
    office.persons = 100
    case = office.open_case(*TOLERANT, ACCEPTS)
    office.decide(case)
    office.release_holders(case, "SCB", "Exempelregistret")
    office.review(case)
    office.release(case)
    office.load_registers()
    office.receive(case, "population", "number_history", "lisa")
    office.deliver(case)
    receive_file(office.desk, office.desk.case(case), "diabetes", leaking(office), ENGINEER)
    with dagster_instance(office.desk) as instance:
        sensor = dg.build_sensor_context(instance=instance)
        assert due_deliveries_sensor(sensor, desk=office.desk).run_requests
        with pytest.raises(CheckFailed, match="no_identity_number"):
            office.deliver(case)
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests, "it waits for a person"
    with pytest.raises(CheckFailed):
        office.deliver(case)
    stopped = office.desk.case(case).of(EventKind.DELIVERY_BLOCKED)
    assert [event.detail["check"] for event in stopped] == ["no_identity_number"], "said once, however often it runs"
    act = case_account(office.desk, office.desk.case(case)).next_act
    assert act.what.startswith("no_identity_number stopped the delivery: something that would leave")
    receive_file(office.desk, office.desk.case(case), "diabetes", office.sent("diabetes"), ENGINEER, "corrected")
    [due] = due_cases(office.desk)
    assert due.late, "another file is asked for again"
    assert office.deliver(case)["kind"] == "supplement"


def leaking(office: Office) -> Path:
    """The quality register's file with a person's number in a column that is delivered as it comes."""
    path, number = office.folder / "leaking.csv", str(office.world.study()[0])
    text = office.sent("diabetes").read_text(encoding="utf-8-sig")
    path.write_text(text.replace("Slutat röka", f"se {number[:8]}-{number[8:]}"), encoding="utf-8-sig")
    return path
