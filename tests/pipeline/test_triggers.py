"""Sensors over registers, histories, reminders and disposals; repeats of all cases at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.steps.delivery.due import due_cases
from pipelines.acts import repeats
from pipelines.asking import DELIVERY, HOLDER, KIND, WANTED
from pipelines.instance import dagster_instance
from pipelines.triggers import (
    disposal_sensor,
    due_deliveries_sensor,
    number_history_sensor,
    register_files_sensor,
    reminder_sensor,
)
from pipelines.triggers.registers import REGISTER
from pipelines.wanted_deliveries import delivery_tags
from resources.clock import Clock
from resources.desk import Desk
from resources.inbox import DONE
from samkorning.case import EventKind
from samkorning.case.derived import NO_DAY
from samkorning.case.enquiries import ask
from tests.launching import Launchpad
from tests.looks import requests_of, said_by
from tests.office import MANAGER, OFFICER, Office
from tests.small_office import CASE, SmallOffice, copied, prepare

K = EventKind


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """A small case that has delivered once."""
    office = SmallOffice(tmp_path_factory.mktemp("triggers") / "template")
    office.folder.mkdir()
    prepare(office, "delivered")
    return office


@pytest.fixture
def delivered(template: SmallOffice, tmp_path: Path, office: Office) -> Iterator[SmallOffice]:
    """A copy of it; the environment is as before when the test ends."""
    mine = copied(template, tmp_path / "mine")
    yield mine
    mine.desk.cases.close()


def looked(sensor: dg.SensorDefinition, desk: Desk) -> dg.SensorResult:
    with dagster_instance(desk) as instance:
        result = sensor(dg.build_sensor_context(instance=instance), desk=desk)
    assert isinstance(result, dg.SensorResult)
    return result


def later(office: Office, days: int) -> Desk:
    return replace(office.desk, clock=Clock(office.desk.clock.today() + timedelta(days=days)))


def test_register_years_that_lie_whole_are_loaded_and_others_are_told(office: Office) -> None:
    assert said_by(looked(register_files_sensor, office.desk)) == (
        "looked at 0 register years in `register_inbox`; asked for nothing"
    )
    folder = office.desk.home.register_inbox("LMED")
    folder.mkdir(parents=True)
    for year in (2219, 2220):
        office.world.register("LMED", 2219).write_parquet(folder / f"{year}.parquet")
    (folder / f"2219.parquet{DONE}").touch()
    (folder / "notes.txt").write_text("of nobody")
    result = looked(register_files_sensor, office.desk)
    [asked] = requests_of(result)
    assert (asked.partition_key, asked.tags[KIND], asked.tags[REGISTER]) == (None, "register load", "LMED 2219")
    assert said_by(result) == (
        "looked at 2 register years in `register_inbox`; asked for 1: LMED 2219; left 1 (without `.done` beside it): "
        "LMED 2220"
    )
    config = asked.run_config["ops"]["register_load"]["config"]
    with dagster_instance(office.desk) as instance:
        assert f"LMED 2219: {office.world.register('LMED', 2219).height} rows" in Launchpad(
            office.desk, instance
        ).launch("register_load", **config)
    assert sorted(path.name for path in folder.iterdir()) == ["2220.parquet", "notes.txt"]
    assert requests_of(looked(register_files_sensor, office.desk)) == []


def test_what_is_owed_and_late_is_reminded_of_by_the_job(office: Office) -> None:
    office.open_case(number=CASE)
    today = office.desk.clock.today()
    office.act(CASE, OFFICER, lambda case: ask(case, ["which years?"], today + timedelta(days=14), today))
    assert requests_of(looked(reminder_sensor, office.desk)) == []
    then = later(office, 15)
    result = looked(reminder_sensor, then)
    [asked] = requests_of(result)
    assert (asked.partition_key, asked.tags[KIND]) == (CASE, "reminder")
    assert said_by(result) == f"looked at 1 cases, 1 with a reminder due; asked for 1: {CASE}"
    with dagster_instance(then) as instance:
        Launchpad(then, instance).launch("remind", CASE)
        Launchpad(then, instance).launch("remind", CASE)
    [reminded] = office.desk.case(CASE).of(K.REMINDER_SENT)
    assert (reminded.person, reminded.detail["about"]) == ("samkorning", "questions")
    assert reminded.detail["deadline"] == (then.clock.today() + timedelta(days=14)).isoformat()
    assert requests_of(looked(reminder_sensor, then)) == []


def test_a_disposal_that_was_confirmed_goes_on_and_what_waits_for_two_persons_is_told(delivered: SmallOffice) -> None:
    assert said_by(looked(disposal_sensor, delivered.desk)) == "looked at 1 cases; asked for nothing"
    [row] = due_cases(delivered.desk)
    assert NO_DAY > row.disposal > delivered.desk.clock.today() and row.completion == NO_DAY
    then = later(delivered, 200)
    result = looked(disposal_sensor, then)
    assert requests_of(result) == []
    assert said_by(result).endswith(
        f"left 1 (something is due; one person orders it with `disposal_take`, another confirms it): {CASE}"
    )
    with dagster_instance(then) as instance:
        page = Launchpad(then, instance)
        page.launch("disposal_take", CASE, acting=OFFICER)
        page.launch("disposal_take", CASE, acting=MANAGER)
    assert requests_of(looked(disposal_sensor, then)) == [], "its second receipt waits for the keystore's backups"
    much_later = later(delivered, 200 + delivered.desk.settings.keystore_backup_days + 1)
    [asked] = requests_of(looked(disposal_sensor, much_later))
    with dagster_instance(much_later) as instance:
        Launchpad(much_later, instance).launch("complete_disposal", CASE)
    assert delivered.desk.case(CASE).events[-1].kind is K.DISPOSAL_COMPLETED
    assert asked.partition_key == CASE
    assert requests_of(looked(disposal_sensor, much_later)) == []


def test_a_late_number_history_is_looked_into_once(delivered: SmallOffice) -> None:
    assert requests_of(looked(number_history_sensor, delivered.desk)) == []
    old, new = delivered.first[0], delivered.later[0]
    history = delivered.folder / "history.csv"
    history.write_text(f"old_number;new_number;changed_on;source\n{old};{new};2217-01-01;SKV\n")
    delivered.take(CASE, "number_history", history, "it came late")
    [asked] = requests_of(looked(number_history_sensor, delivered.desk))
    assert asked.tags[KIND] == "number history"
    with dagster_instance(delivered.desk) as instance:
        page = Launchpad(delivered.desk, instance)
        job = page.definitions.resolve_job_def("number_history")
        assert job.execute_in_process(instance=instance, partition_key=CASE, tags=dict(asked.tags)).success
    assert delivered.desk.audit.records()[-1].act == "impact"
    assert said_by(looked(number_history_sensor, delivered.desk)).endswith(
        f"left 1 (done today, and nothing new since): {CASE}"
    )
    assert "done" in said_by(looked(number_history_sensor, later(delivered, 3))), "not again on another day"


def test_a_run_says_what_it_would_deliver_and_whose(delivered: SmallOffice) -> None:
    delivered.release(CASE)
    delivered.take(CASE, "diabetes", delivered.visits("corrected", 2219), "a year was wrong")
    delivered.replace(CASE, "diabetes")
    [asked] = requests_of(looked(due_deliveries_sensor, delivered.desk))
    assert asked.tags[DELIVERY] == "L002" and asked.tags[KIND] == "replacement"
    assert asked.tags[HOLDER] == "Exempelregistret" and asked.tags[WANTED] in str(asked.run_key)
    assert delivery_tags(delivered.desk, "99999-2026") == {}, "a case that cannot be read stops no look"


def test_the_estimate_is_reckoned_from_the_last_deliveries(delivered: SmallOffice) -> None:
    with dagster_instance(delivered.desk) as instance:
        assert repeats.seconds_each(instance) is not None
        said = Launchpad(delivered.desk, instance).launch("repeats_for_all", preview=True, acting=OFFICER)
    assert said.startswith("looked at 1 cases, of which 0 have a repeat due; asked for nothing; about 1 minutes, ")
    assert repeats.in_words(90.0, 400) == "about 600 minutes, 90 seconds each"
    assert repeats.in_words(None, 3) == "no delivery has been timed yet"


def test_a_table_of_another_version_is_found_out_anew(office: Office) -> None:
    office.open_case(number=CASE)
    import sqlite3

    with sqlite3.connect(office.desk.home.due) as database:
        database.execute("CREATE TABLE due (case_number VARCHAR(32) PRIMARY KEY, events INTEGER)")
    [row] = due_cases(office.desk)
    assert (row.case_number, row.reminder) == (CASE, NO_DAY)
    assert isinstance(row.last_day, date)
