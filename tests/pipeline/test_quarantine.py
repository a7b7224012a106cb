"""Files that come before the decision: encrypted, told, timed, and taken in when the decision is approved (R10)."""

from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps import stores
from assets.steps.intake import held_bytes
from assets.steps.intake.choosing import Choice, refuse
from assets.steps.intake.receiving import receive_file, receive_held_files, receive_or_hold
from assets.steps.intake.unmatched import hold_unmatched, match, unmatched_files
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.triggers import inbox_sensor, unmatched_files_sensor
from resources.inbox import DONE, WaitingFile
from samkorning.case import EventKind, acts
from samkorning.case.clocks import IN_QUARANTINE, clocks
from samkorning.case.second_files import held_name, one_file_says_who_is_studied
from samkorning.errors import FileRefused, NotFound, RuleRefused
from samkorning.keystore import RetentionClass
from tests.canary import hits
from tests.commands import program
from tests.office import ENGINEER, OFFICER, Office


def early(office: Office, case: str, source: str) -> None:
    with pytest.raises(RuleRefused, match="held encrypted in quarantine"):
        office.receive(case, source)


def test_an_early_file_is_held_and_listed_with_its_clock(office: Office) -> None:
    case = office.open_case()
    early(office, case, "diabetes")
    found = office.desk.case(case)
    [held] = found.held_files()
    assert held.kind is EventKind.FILE_QUARANTINED
    assert held.detail["source"] == "diabetes"
    assert not found.of(EventKind.FILE_RECEIVED)
    [clock] = [clock for clock in clocks(found, [], office.desk.clock.today()) if clock.rule == "R10"]
    assert (clock.due, held.detail["file"] in clock.what) == (held.at.date() + IN_QUARANTINE, True)
    records = [record.act for record in office.desk.audit.records()]
    assert "quarantine" in records


def test_the_same_early_file_again_is_held_once(office: Office) -> None:
    case = office.open_case()
    early(office, case, "diabetes")
    early(office, case, "diabetes")
    assert len(office.desk.case(case).held_files()) == 1


def test_what_is_held_is_taken_in_when_the_decision_is_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_bytes, "BLOCK", 1000)
    case = office.open_case()
    early(office, case, "diabetes")
    assert receive_held_files(office.desk, case, ENGINEER) == []
    office.decide(case)
    [taken] = receive_held_files(office.desk, case, ENGINEER)
    found = office.desk.case(case)
    assert not found.held_files()
    assert found.last(EventKind.FILE_RECEIVED).detail["rows"] == taken.rows > 0
    other = office.open_case(number="2-2026")
    office.decide(other)
    office.receive(other, "diabetes")
    once, twice = (
        stores.received(office.desk, office.desk.case(n), "diabetes").scan().collect() for n in (case, other)
    )
    assert once.equals(twice)
    name = f"held.diabetes.{found.of(EventKind.FILE_QUARANTINED)[0].detail['sha256'][:16]}"
    store = office.desk.vault.open_store(case, RetentionClass.MATERIAL, name)
    assert store.scan().collect().height == 0, "nothing of it is held any longer"
    assert receive_held_files(office.desk, case, ENGINEER) == []


def test_a_held_file_that_is_refused_leaves_quarantine_too(office: Office) -> None:
    case = office.open_case()
    bad = office.folder / "bad.csv"
    bad.write_bytes(b"")
    with pytest.raises(RuleRefused, match="quarantine"):
        receive_file(office.desk, office.desk.case(case), "diabetes", bad, ENGINEER)
    office.decide(case)
    assert receive_held_files(office.desk, case, ENGINEER) == []
    found = office.desk.case(case)
    assert found.events[-1].kind is EventKind.FILE_REFUSED
    assert not found.held_files()


def test_a_second_population_needs_its_reason_before_the_decision_too(office: Office) -> None:
    case = office.open_case()
    early(office, case, "population")
    header, *rows = office.sent("population").read_bytes().splitlines(keepends=True)
    without, with_reason = office.folder / "without.csv", office.folder / "with_reason.csv"
    without.write_bytes(b"".join([header, *rows[:-3]]))
    with_reason.write_bytes(b"".join([header, *rows[:-2]]))
    with pytest.raises(FileRefused, match="R19: another study population has come"):
        receive_file(office.desk, office.desk.case(case), "population", without, ENGINEER)
    assert len(office.desk.case(case).held_files()) == 1, "told at once, and not held"
    assert receive_or_hold(office.desk, office.desk.case(case), "population", without, ENGINEER) is None
    with pytest.raises(RuleRefused, match="held"):
        receive_file(office.desk, office.desk.case(case), "population", with_reason, ENGINEER, "a later extract")
    office.decide(case)
    assert [taken.file for taken in receive_held_files(office.desk, case, ENGINEER)][1:] == ["with_reason.csv"]
    came = office.desk.case(case).received_files("population")[-1].detail
    assert (came["reason"], came["adds"]) == ("a later extract", 0)
    [waits] = office.desk.case(case).held_files()
    assert waits.detail["file"] == "without.csv", "it waits for a person, and nobody is linked meanwhile"
    with pytest.raises(RuleRefused, match="R19: two files of population have come"):
        one_file_says_who_is_studied(office.desk.case(case))
    refuse(office.desk, Choice(case, "population", held_name(waits), ENGINEER, "it came without a reason"))
    one_file_says_who_is_studied(office.desk.case(case))


def test_what_came_first_is_taken_in_first(office: Office) -> None:
    case = office.open_case()
    early(office, case, "diabetes")
    office.decide(case)
    newer = office.folder / "newer.csv"
    newer.write_bytes(office.sent("diabetes").read_bytes() + b"\r\n")
    receive_file(office.desk, office.desk.case(case), "diabetes", newer, ENGINEER)
    names = [event.detail["file"] for event in office.desk.case(case).of(EventKind.FILE_RECEIVED)]
    assert names == [office.sent("diabetes").name, "newer.csv"]


def test_a_file_that_an_amended_order_awaits_no_longer_stays_in_quarantine(office: Office) -> None:
    case = office.open_case()
    early(office, case, "diabetes")
    text = office.desk.case(case).events[0].detail["order"].replace("- name: diabetes", "- name: diabetes_two")
    office.act(case, ENGINEER, lambda found: acts.amend(found, text, "order.yaml", office.desk.catalogue))
    office.decide(case)
    assert receive_held_files(office.desk, case, OFFICER) == []
    assert len(office.desk.case(case).held_files()) == 1


def test_an_early_inbox_file_goes_to_the_vault_and_nothing_lies_in_clear(office: Office) -> None:
    case = office.open_case()
    folder = office.desk.home.inbox(case, "diabetes")
    folder.mkdir(parents=True)
    (folder / "file.csv").write_bytes(office.sent("diabetes").read_bytes())
    (folder / f"file.csv{DONE}").touch()
    with dagster_instance(office.desk) as instance:
        asked = inbox_sensor(dg.build_sensor_context(instance=instance), desk=office.desk)
        assert [request.partition_key for request in asked.run_requests] == [case]
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        job = build_definitions(office.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=case).success
        assert list(folder.iterdir()) == []
        assert len(office.desk.case(case).held_files()) == 1
        assert hits(office.desk.home.root, sorted(office.world.study().to_list())[:60]) == []
        office.decide(case)
        assert job.execute_in_process(instance=instance, partition_key=case).success
    assert office.desk.case(case).last(EventKind.FILE_RECEIVED).detail["file"] == "file.csv"


def test_the_clock_of_quarantine_is_thirty_days() -> None:
    assert timedelta(days=30) == IN_QUARANTINE


def test_bytes_are_held_exactly(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_bytes, "BLOCK", 3)
    monkeypatch.setattr(held_bytes, "BLOCKS_AT_A_TIME", 2)
    path = tmp_path / "some.bin"
    case = office.open_case()
    for length in (0, 1, 3, 6, 7, 40):
        path.write_bytes(bytes(range(length)))
        store = office.desk.store(case, RetentionClass.MATERIAL, "held.test")
        held_bytes.put_bytes(store, path)
        held = held_bytes.HeldBytes(store)
        assert held.reopen().read() == held.reopen().read() == bytes(range(length))


def test_a_file_of_no_known_case_is_held_with_its_reason_and_clock_and_can_be_matched(office: Office) -> None:
    desk = office.desk
    case = office.open_case()
    office.decide(case)
    number = str(office.world.study()[0])
    for folder in (desk.home.inbox("99999-2021", "diabetes"), desk.home.inbox(case, "diabets")):
        folder.mkdir(parents=True)
        (folder / "file.csv").write_bytes(office.sent("diabetes").read_bytes() + b"\r\n" * (folder.name == "diabets"))
        (folder / f"file.csv{DONE}").touch()
    with dagster_instance(desk) as instance:
        assert unmatched_files_sensor(dg.build_sensor_context(instance=instance), desk=desk).run_requests
        definitions = build_definitions(desk)
        assert definitions.resolve_job_def("quarantine").execute_in_process(instance=instance).success
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        assert definitions.resolve_job_def("intake").execute_in_process(instance=instance, partition_key=case).success
        assert not unmatched_files_sensor(dg.build_sensor_context(instance=instance), desk=desk).run_requests
    first, second = unmatched_files(desk)
    assert (first.case, first.reason) == ("99999-2021", "no such case")
    assert (second.source, second.reason) == ("diabets", "the case awaits no such source")
    assert first.due == desk.clock.today() + IN_QUARANTINE
    assert not [path for path in (desk.home.root / "inbox").rglob("*.csv") if path.is_file()]
    assert hits(desk.home.root, [int(number)]) == []
    taken = match(desk, second.held, case, "diabetes", ENGINEER)
    assert taken.rows > 0
    assert desk.case(case).last(EventKind.FILE_RECEIVED).detail["file"] == "file.csv"
    assert unmatched_files(desk) == [first]
    with pytest.raises(NotFound):
        match(desk, second.held, case, "diabetes", ENGINEER)


def test_a_matched_file_waits_for_the_decision(office: Office) -> None:
    case = office.open_case()
    folder = office.desk.home.inbox(case, "diabets")
    folder.mkdir(parents=True)
    path = folder / "file.csv"
    path.write_bytes(office.sent("diabetes").read_bytes())
    hold_unmatched(office.desk, WaitingFile(case, "diabets", path), "no such source", ENGINEER)
    [held] = unmatched_files(office.desk)
    with pytest.raises(RuleRefused, match=r"^R09"):
        match(office.desk, held.held, case, "diabetes", ENGINEER)
    assert unmatched_files(office.desk) == [held]
    assert office.desk.vault.stores(case) == [], "it was not read into the case"


def test_a_matched_population_in_anothers_place_is_held_until_its_reason_is_given(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    office.receive(case, "population")
    path = office.folder / "other.csv"
    path.write_bytes(office.sent("population").read_bytes() + b"\r\n")
    hold_unmatched(office.desk, WaitingFile(case, "populaton", path), "no such source", ENGINEER)
    [held] = unmatched_files(office.desk)
    with pytest.raises(FileRefused, match="R19: another study population"):
        match(office.desk, held.held, case, "population", ENGINEER)
    assert unmatched_files(office.desk) == [held], "it is not lost for want of a reason"
    said = ("file", "match", held.held, case, "population", "--reason", "two clinics were missing", "--as", ENGINEER)
    done = program(office.desk.home.root, *said)
    assert done.returncode == 0, done.stderr
    assert office.desk.case(case).last(EventKind.FILE_RECEIVED).detail["file"] == "other.csv"
    assert unmatched_files(office.desk) == []
