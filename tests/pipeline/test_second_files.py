"""Two files of one source in the inbox: neither name nor arrival decides, and nothing leaves before a person has."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps.intake.choosing import Choice, let_in, refuse
from assets.steps.intake.receiving import receive_file, receive_held_files
from assets.steps.intake.unmatched import hold_unmatched, match, unmatched_files
from assets.steps.retention.disposing import dispose, rehearse
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from resources.clock import Clock
from resources.desk import Desk
from resources.inbox import DONE, WaitingFile
from samkorning.case import EventKind, acts
from samkorning.case.announcements import announce
from samkorning.case.clocks import IN_QUARANTINE
from samkorning.errors import FileRefused, RuleRefused
from samkorning.keystore import RetentionClass
from tests.commands import run_here
from tests.launching import Launchpad
from tests.office import ENGINEER, OFFICER, RECIPIENT
from tests.small_office import CASE, SmallOffice, small_order

LONG, SHORT = (0, 7), (7, 12)
"""Whose visits each of the two files holds, by their place."""
ROWS = {LONG: 7, SHORT: 5}


@pytest.fixture
def small(tmp_path: Path) -> SmallOffice:
    """A case under a standing release that awaits one file."""
    office = SmallOffice(tmp_path)
    detail = acts.order_detail(
        small_order().replace(RECIPIENT, office.identity.recipient), "order.yaml", office.desk.catalogue
    )
    office.desk.cases.open(CASE, office.desk.clock.now(), ENGINEER, detail)
    return office


def make_ready(office: SmallOffice, *, population: bool = True) -> None:
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.release(CASE, standing=True)
    if population:
        office.take(CASE, "population", office.population(office.numbers))


def part(office: SmallOffice, places: tuple[int, int]) -> bytes:
    header, *rows = office.visits("whole").read_bytes().splitlines(keepends=True)
    return b"".join([header, *rows[slice(*places)]])


def put(office: SmallOffice, **files: tuple[int, int]) -> None:
    folder = office.desk.home.inbox(CASE, "diabetes")
    folder.mkdir(parents=True, exist_ok=True)
    for name, places in files.items():
        (folder / f"{name}.csv").write_bytes(part(office, places))
        (folder / f"{name}.csv{DONE}").touch()


def take_in(office: SmallOffice) -> None:
    """The inbox job, with a desk that has just been started."""
    office.desk.cases.close()
    office.__dict__["desk"] = Desk.at(office.desk.home.root)
    with dagster_instance(office.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        job = build_definitions(office.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=CASE).success
    folder = office.desk.home.inbox(CASE, "diabetes")
    assert not folder.exists() or list(folder.iterdir()) == []


def said(office: SmallOffice, *arguments: str) -> dict:
    done = run_here(office.desk.home.root, (*arguments, "--json"))
    assert done.exit_code == 0, done.printed
    return json.loads(done.printed)


def shown(office: SmallOffice) -> dict:
    [row] = said(office, "case", "show", CASE)["ledger"]
    return row


def held_names(office: SmallOffice) -> list[str]:
    return [each["held"] for each in said(office, "file", "held")["second"]]


@pytest.mark.parametrize("first", [LONG, SHORT])
def test_the_second_of_two_inbox_files_waits_and_nothing_leaves(small: SmallOffice, first: tuple[int, int]) -> None:
    make_ready(small)
    second = SHORT if first == LONG else LONG
    put(small, lisa_10=first, lisa_9=second)
    take_in(small)
    put(small, again=first, once_more=second)
    take_in(small)
    row = shown(small)
    assert (row["status"], row["counts"]["rows"]) == ("two_files", ROWS[first])
    assert f"{ROWS[first]} rows" in row["why"] and f"{ROWS[second]} rows" in row["why"]
    assert small.deliver(CASE)["delivery"] is None, "a standing release covers neither"
    [waits] = said(small, "file", "held")["second"]
    assert (waits["rows"], waits["counts"]) == (ROWS[second], ROWS[first])
    assert len(small.desk.case(CASE).received_files("diabetes")) == 1, "the same file twice is known"
    without = run_here(small.desk.home.root, ("file", "match", waits["held"], CASE, "diabetes"))
    assert without.exit_code == 1 and held_names(small) == [waits["held"]], "it is held until the reason is given"
    said(small, "file", "match", waits["held"], CASE, "diabetes", "--reason", "the holder forgot some clinics")
    row = shown(small)
    assert (row["status"], row["counts"]["rows"], row["counts"]["before_rows"]) == ("accepted", *_rows(second, first))
    assert held_names(small) == []
    store = small.desk.vault.open_store(CASE, RetentionClass.MATERIAL, f"held.diabetes.{waits['held']}")
    assert store.scan().collect().height == 0, "nothing of it is held any longer"
    assert small.persons_of(small.deliver(CASE)) == list(range(*second))


def test_nobody_is_linked_while_two_populations_wait(small: SmallOffice) -> None:
    make_ready(small, population=False)
    put(small, a=LONG)
    folder = small.desk.home.inbox(CASE, "population")
    folder.mkdir(parents=True)
    for name, numbers in {"pop_10": small.numbers[6:], "pop_9": small.numbers[:6]}.items():
        small.population(numbers, name).rename(folder / f"{name}.csv")
        (folder / f"{name}.csv{DONE}").touch()
    take_in(small)
    assert list(folder.iterdir()) == []
    act = said(small, "case", "show", CASE)["next_act"]
    assert act["what"] == "two files of population have come" and act["whose"] == "case officer"
    assert run_here(small.desk.home.root, ("deliver", CASE)).exit_code == 1
    [waits] = said(small, "file", "held")["second"]
    assert waits["source"] == "population" and waits["rows"] == 6 and f"file match {waits['held']}" in act["how"]
    said(small, "file", "match", waits["held"], CASE, "population", "--reason", "it has the other clinics")
    small.release_holders(CASE, "Exempelregistret")
    made = small.deliver(CASE)
    assert len(small.persons_of(made)) == len(small.numbers[:6])


def _rows(*files: tuple[int, int]) -> list[int]:
    return [ROWS[file] for file in files]


def test_a_second_file_that_is_refused_lets_the_first_leave_and_asks_for_nothing(small: SmallOffice) -> None:
    make_ready(small)
    put(small, a=LONG, b=SHORT)
    take_in(small)
    [held] = held_names(small)
    refuse = ("file", "refuse", held, CASE, "diabetes")
    assert run_here(small.desk.home.root, refuse).exit_code == 1, "it needs a reason"
    said(small, *refuse, "--reason", "it was sent by mistake", "--as", ENGINEER)
    assert run_here(small.desk.home.root, (*refuse, "--reason", "again")).exit_code == 1
    refused = small.desk.case(CASE).last(EventKind.FILE_REFUSED)
    assert refused is not None and "report" not in refused.detail, "its sender is asked for nothing"
    put(small, b_again=SHORT)
    take_in(small)
    assert (held_names(small), shown(small)["status"]) == ([], "accepted")
    assert small.persons_of(small.deliver(CASE)) == list(range(*LONG))
    put(small, later=SHORT)
    take_in(small)
    assert shown(small)["status"] == "changed", "what was delivered changes by a person's decision, as ever"


def test_two_files_held_before_the_decision_wait_beside_each_other(small: SmallOffice) -> None:
    put(small, lisa_10=SHORT, lisa_9=LONG)
    take_in(small)
    assert len(small.desk.case(CASE).held_files()) == 2
    make_ready(small)
    for _ in range(2):
        receive_held_files(small.desk, CASE, OFFICER)
    assert shown(small)["status"] == "two_files"
    [waits] = said(small, "file", "held")["second"]
    assert sorted([waits["rows"], waits["counts"]]) == [5, 7]
    assert [file["outcome"] for file in shown(small)["files"]] == ["received", "received", "accepted"]
    assert small.deliver(CASE)["delivery"] is None
    receive_file(small.desk, small.desk.case(CASE), "diabetes", _sent_again(small, waits["rows"]), ENGINEER)
    assert (shown(small)["status"], held_names(small)) == ("accepted", []), "the same file by a person's word"


def _sent_again(office: SmallOffice, rows: int) -> Path:
    path = office.folder / "again.csv"
    path.write_bytes(part(office, next(file for file, count in ROWS.items() if count == rows)))
    return path


def test_a_second_file_that_cannot_be_read_is_refused_and_the_next_one_waits_too(small: SmallOffice) -> None:
    make_ready(small)
    put(small, a=LONG)
    take_in(small)
    folder = small.desk.home.inbox(CASE, "diabetes")
    (folder / "bad.csv").write_bytes(b"")
    (folder / f"bad.csv{DONE}").touch()
    with dagster_instance(small.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        job = build_definitions(small.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=CASE).success
    assert shown(small)["status"] == "accepted"
    refused = small.desk.case(CASE).last(EventKind.FILE_REFUSED)
    assert refused is not None and refused.detail["unasked"]
    (folder / "refused" / "bad.csv").unlink()
    (folder / "refused").rmdir()
    put(small, b=SHORT)
    take_in(small)
    assert shown(small)["status"] == "two_files"


def test_a_file_out_of_the_hold_takes_anothers_place_with_a_reason_alone(small: SmallOffice) -> None:
    make_ready(small)
    put(small, a=LONG)
    take_in(small)
    path = small.folder / "b.csv"
    path.write_bytes(part(small, SHORT))
    hold_unmatched(small.desk, WaitingFile(CASE, "diabets", path), "no such source", ENGINEER)
    [held] = unmatched_files(small.desk)
    with pytest.raises(FileRefused, match="7 rows"):
        match(small.desk, held.held, CASE, "diabetes", ENGINEER)
    assert unmatched_files(small.desk) == [held]
    assert match(small.desk, held.held, CASE, "diabetes", ENGINEER, "the first lacked a year").rows == 5


def test_on_the_page_a_person_sees_the_rows_of_both_files_and_chooses(small: SmallOffice) -> None:
    make_ready(small)
    put(small, a=LONG, b=SHORT)
    take_in(small)
    asked = {"source": "diabetes", "reason": "the holder forgot some clinics", "acting": OFFICER}
    [held] = held_names(small)
    with dagster_instance(small.desk) as instance:
        at = Launchpad(small.desk, instance)
        for act in ("file_match", "file_refuse"):
            would = at.launch(act, CASE, held=held, preview=True, **asked)
            assert would.endswith("nothing was recorded") and "5 rows" in would and "7 rows" in would
        assert f"it has: {held} (5 rows" in at.launch("file_match", CASE, held="abcdefabcdefabcd", **asked)
        assert held_names(small) == [held]
        assert f"{held} of diabetes counts, by {OFFICER}: 5 rows" in at.launch("file_match", CASE, held=held, **asked)
    assert (shown(small)["status"], shown(small)["counts"]["rows"], held_names(small)) == ("accepted", 5, [])
    put(small, a_again=LONG)
    take_in(small)
    [held] = held_names(small)
    with dagster_instance(small.desk) as instance:
        said_now = Launchpad(small.desk, instance).launch("file_refuse", CASE, held=held, **asked)
    assert f"{held} of diabetes is refused, by {OFFICER}: 7 rows" in said_now
    assert (shown(small)["status"], shown(small)["counts"]["rows"], held_names(small)) == ("accepted", 5, [])
    assert small.persons_of(small.deliver(CASE)) == list(range(*SHORT))


def test_a_reason_names_nobody(small: SmallOffice) -> None:
    make_ready(small)
    put(small, a=LONG, b=SHORT)
    take_in(small)
    [held] = held_names(small)

    for act in (let_in, refuse):
        with pytest.raises(FileRefused, match="with a reason"):
            act(small.desk, Choice(CASE, "diabetes", held, ENGINEER, ""))
        with pytest.raises((RuleRefused, FileRefused)):
            act(small.desk, Choice(CASE, "diabetes", held, ENGINEER, f"about {small.numbers[0]}"))
    assert held_names(small) == [held], "a reason that names somebody is refused"


def test_a_second_file_that_is_let_in_and_refused_leaves_the_choice_open(small: SmallOffice) -> None:
    """It could be counted, and not be taken in: the first one counts again by a person's word alone."""
    make_ready(small)
    put(small, a=LONG, b=SHORT)
    take_in(small)
    [held] = held_names(small)
    small.act(CASE, OFFICER, lambda case: announce(case, "diabetes", 99, None, small.desk.clock.today()))
    choice = (held, CASE, "diabetes", "--reason", "the first lacked a year")
    refused = run_here(small.desk.home.root, ("file", "match", *choice))
    assert refused.exit_code == 1 and f"file refuse {held} {CASE} diabetes" in refused.printed
    assert (shown(small)["status"], held_names(small)) == ("two_files", [held])
    assert small.deliver(CASE)["delivery"] is None, "a standing release covers neither"
    said(small, "file", "refuse", *choice)
    assert shown(small)["status"] == "accepted"
    assert small.persons_of(small.deliver(CASE)) == list(range(*LONG))


def test_no_disposal_decides_between_two_files(small: SmallOffice) -> None:
    make_ready(small)
    put(small, a=LONG, b=SHORT)
    take_in(small)
    later = replace(small.desk, clock=Clock(small.desk.clock.today() + 2 * IN_QUARANTINE))
    assert [done.phase for done in dispose(later, CASE, OFFICER, ENGINEER)] == ["nothing"]
    [item] = [each for each in rehearse(later, [CASE]) if str(each["what"]).startswith("held.")]
    assert (item["first_day"], item["why"]) == (None, "a person decides which file counts")
    assert len(held_names(small)) == 1 and shown(small)["status"] == "two_files"
