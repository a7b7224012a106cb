"""Acts as jobs: a case goes from its order to its disposal without a shell; two persons stay two; a preview changes
nothing; nobody acts in another's name."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.acts import ACTS
from pipelines.instance import dagster_instance
from resources.clock import Clock
from resources.inbox import DONE
from samkorning.case import EventKind, State, state_of
from samkorning.case.assignment import is_paused
from samkorning.order.reading import read_incoming_order
from samkorning.order.workbooks.filling import filling_of
from samkorning.order.workbooks.template import filled_order
from tests.launching import Launchpad
from tests.office import ENGINEER, LAWYER, MANAGER, OFFICER, RECIPIENT, REVIEWER, Office
from tests.small_office import CASE, SmallOffice, prepare, small_order

K, OTHER = EventKind, "2-2026"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallOffice, Launchpad]]:
    before = dict(os.environ)
    office = SmallOffice(tmp_path_factory.mktemp("acts"))
    with dagster_instance(office.desk) as instance:
        yield office, Launchpad(office.desk, instance)
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def put(office: SmallOffice, source: str, path: Path) -> None:
    """A holder's file in the inbox."""
    folder = office.desk.home.inbox(CASE, source)
    folder.mkdir(parents=True)
    shutil.copyfile(path, folder / path.name)
    (folder / f"{path.name}{DONE}").touch()


def test_a_case_goes_from_order_to_disposal_without_a_shell(page: tuple[SmallOffice, Launchpad]) -> None:
    office, at = page
    order = small_order().replace(RECIPIENT, office.identity.recipient)
    said = at.launch("order_open", order=order, case=CASE, acting=ENGINEER, preview=True)
    assert said == f"would open case {CASE}, by {ENGINEER}; nothing was recorded"
    assert office.desk.cases.numbers() == []
    assert at.launch("order_open", order=order, case=CASE, acting=ENGINEER) == (
        f"{CASE}: opened by {ENGINEER}; the case is opened"
    )
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("case_assign", OFFICER, {"officer": OFFICER, "note": "a new one"}),
        ("enquiry_review_first", OFFICER, {"note": "complete"}),
        ("order_send_specification", OFFICER, {"low": 5000, "high": 9000}),
        ("order_approve", OFFICER, {}),
        *(("decision_endorse", who, {"role": role}) for role, who in ROLES),
        ("decision_dispatch", OFFICER, {}),
        ("holder_release", OFFICER, {"holder": "Exempelregistret"}),
        ("decision_review_program", REVIEWER, {}),
    ]
    for job, who, asked in acts:
        assert f"by {who}; the case is" in at.launch(job, CASE, acting=who, **asked), job
    put(office, "population", office.population(office.first))
    put(office, "diabetes", office.visits())
    at.launch("intake", CASE)
    assert "delivery released" in at.launch("delivery_release", CASE, acting=OFFICER)
    at.launch("deliver", CASE)
    case = office.desk.case(CASE)
    assert [event.detail["delivery"] for event in case.of(K.DELIVERED)] == ["L001"]
    assert {event.person for event in case.of(K.DECISION_ENDORSED)} == {OFFICER, MANAGER, LAWYER}
    at.at(replace(office.desk, clock=Clock(office.desk.clock.today() + timedelta(days=200))))
    try:
        assert "things would go today" in at.launch("disposal_take", CASE, acting=OFFICER, preview=True)
        assert "D001 ordered, which waits for a second person" in at.launch("disposal_take", CASE, acting=OFFICER)
        assert "R16" in at.launch("disposal_take", CASE, acting=OFFICER), "one person orders and confirms nothing"
        assert "D001 disposed" in at.launch("disposal_take", CASE, acting=MANAGER)
    finally:
        at.at(office.desk)
    assert state_of(office.desk.case(CASE).events) is State.DISPOSED


ROLES = (("case_officer", OFFICER), ("manager", MANAGER), ("lawyer", LAWYER))


@pytest.fixture
def at(office: Office) -> Iterator[Launchpad]:
    office.open_case(number=CASE)
    with dagster_instance(office.desk) as instance:
        yield Launchpad(office.desk, instance)


def test_an_order_in_a_workbook_opens_a_case_and_amends_it(page: tuple[SmallOffice, Launchpad], tmp_path: Path) -> None:
    office, at = page
    catalogue, folder = office.desk.catalogue, office.desk.home.acts_in
    folder.mkdir(parents=True, exist_ok=True)
    filling = filling_of(read_incoming_order(small_order(), "order.yaml", catalogue), catalogue, "sv")
    (folder / "order.xlsx").write_bytes(filled_order("sv", catalogue, filling))
    (folder / "order.yaml").write_text(small_order(), encoding="utf-8")
    known = office.desk.cases.numbers()
    before = at.launch("order_open", files=["order.xlsx"], case=OTHER, acting=ENGINEER, preview=True)
    assert before == f"would open case {OTHER}, by {ENGINEER}; nothing was recorded"
    for files, order in (
        (["order.xlsx", "order.yaml"], ""),
        ([], ""),
        (["order.xlsx"], small_order()),
        (["no.xlsx"], ""),
    ):
        at.launch("order_open", files=files, order=order, case=OTHER, acting=ENGINEER)
    assert office.desk.cases.numbers() == known
    assert f"{OTHER}: opened" in at.launch("order_open", files=["order.xlsx"], case=OTHER, acting=ENGINEER)
    detail = office.desk.case(OTHER).events[0].detail
    assert (detail["file"], [book["file"] for book in detail["workbooks"]]) == ("order.xlsx", ["order.xlsx"])
    assert "amended, by Olle" in at.launch("order_amend", OTHER, files=["order.yaml"], acting=OFFICER)


def test_a_refusal_shows_rule_and_remedy_and_nothing_is_repeated(at: Launchpad) -> None:
    said = at.launch("decision_dispatch", CASE, acting=OFFICER)
    assert said.strip().endswith(
        "RuleRefused: R09: the orderer has not approved the specification; record it with `case approve`"
    )
    [run] = at.instance.get_runs()
    assert run.tags["dagster/max_retries"] == "0"


def test_what_was_typed_is_looked_at_and_not_said_back(at: Launchpad) -> None:
    for asked, problem in (
        ({"officer": "Olle", "note": " "}, "the note says nothing"),
        ({"officer": "O" * 201, "note": "hand-over"}, "the officer is longer than 200"),
    ):
        said = at.launch("case_assign", CASE, acting=OFFICER, **asked)
        assert problem in said and "OOO" not in said
    assert "write it as YYYY-MM-DD" in at.launch("enquiry_meet", CASE, agreed="all", day="2nd of May", acting=OFFICER)
    assert "use one of orderer" in at.launch("case_pause", CASE, reason="why", waits_for="Unmistakable", acting=OFFICER)
    assert len(at.desk.case(CASE).events) == 1


def test_a_case_is_paused_and_taken_up(at: Launchpad) -> None:
    assert "paused, by Olle" in at.launch("case_pause", CASE, reason="ethics", waits_for="ethics", acting=OFFICER)
    assert is_paused(at.desk.case(CASE))
    assert "the case rests already" in at.launch("case_pause", CASE, reason="again", acting=OFFICER)
    at.launch("case_resume", CASE, acting=OFFICER)
    assert not is_paused(at.desk.case(CASE))


def test_no_act_reads_or_writes_outside_its_two_folders(at: Launchpad) -> None:
    outside = at.desk.home.root / "outside"
    outside.write_text("123456789\n")
    home = at.desk.home
    home.acts_in.mkdir(parents=True)
    (home.acts_in / "link").symlink_to(outside)
    for name in ("../outside", "/etc/passwd", "..", ".hidden", "link", "absent"):
        said = at.launch("code_key_remove_person", CASE, file=name, acting=OFFICER)
        assert "that is no name of a file" in said or "no file" in said
    assert outside.exists()


def real(at: Launchpad, **accounts: str) -> None:
    """The same home, as if its case were one of real persons."""
    settings = at.desk.settings.model_copy(update={"accounts": accounts})
    at.at(replace(at.desk, settings=settings))


def test_in_a_case_of_real_persons_the_account_that_signed_in_acts_and_nobody_else(
    at: Launchpad, monkeypatch: pytest.MonkeyPatch
) -> None:
    real(at, olle="Olle Ordning")
    monkeypatch.setattr("samkorning.order.models.Order.synthetic", property(lambda order: False), raising=False)
    monkeypatch.setattr("resources.desk.Desk.require_keystore_apart", lambda desk: None)
    asked = {"officer": "Olle Ordning", "note": "a new one"}
    assert "nobody is known to have launched this; open the page through the proxy" in at.launch(
        "case_assign", CASE, **asked
    )
    assert "free names are for synthetic cases" in at.launch("case_assign", CASE, "olle", acting="Mia Chef", **asked)
    assert "has no owner; enter it under `accounts`" in at.launch("case_assign", CASE, "mia", **asked)
    assert len(at.desk.case(CASE).events) == 1
    assert "assigned, by Olle Ordning" in at.launch("case_assign", CASE, "olle", **asked)
    assert at.desk.case(CASE).events[-1].person == "Olle Ordning"


SAMPLES: dict[str, Any] = {
    "accepted": True, "about": "files", "adds": 1, "age_recipient": RECIPIENT, "agreed": "all", "clear": 3,
    "contact": "Anna Beställare", "delivery": "L001", "due": "2300-01-01", "effective": 3, "file": "a file.csv",
    "fingerprint": "abcd", "high": 2, "holder": "Exempelregistret", "hours": 2, "level": "class", "low": 1,
    "letter": "confirmation",
    "leads_to": "amendment", "part": "title", "note": "a note", "number": 1, "officer": "Nils", "outcome": "closed",
    "persons": ["Anna Exempel"],
    "purpose": "a correction", "questions": ["which years?"], "reason": "why", "recipient": RECIPIENT,
    "register_name": "LMED", "representative": "Bo Exempel", "results_due": "2300-01-01", "role": "manager",
    "source": "diabetes", "to": "sealed.age", "until": "2300-01-01", "what": "a letter went astray", "why": "law",
    "year": 2219, "case": CASE, "peer": "scb", "signing_key": "none", "their_case": CASE, "kind": "persons",
    "hand_over": "BCDFGHJKMNPQ", "held": "abcdefabcdefabcd",
}  # fmt: skip
"""Something for every field that has no default."""


def test_a_preview_of_any_act_changes_nothing(page: tuple[SmallOffice, Launchpad], tmp_path: Path) -> None:
    """After the whole way, on the same home: every act is tried, whatever its rules then say."""
    office, at = page
    other = SmallOffice(tmp_path)
    prepare(other, "ready")
    at.at(other.desk)
    other.desk.home.acts_in.mkdir(parents=True)
    (other.desk.home.acts_in / "a file.csv").write_text("123456789\n")
    assert other.desk.case(CASE)  # a look makes the database's own two files
    before = everything_in(other.desk.home.root)
    said = {}
    for job in ACTS:
        [op] = job.graph.node_defs
        fields = op.config_field.config_type.fields  # type: ignore[attr-defined]
        asked = {name: SAMPLES[name] for name, field in fields.items() if field.is_required}
        if "order" in fields:
            asked["order"] = small_order()
        case = CASE if job.partitions_def is not None else None
        said[job.name] = at.launch(job.name, case, acting="Nils", preview=True, **asked)
    at.at(office.desk)
    after = everything_in(other.desk.home.root)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == set()
    answered = [name for name, words in said.items() if words.endswith("nothing was recorded")]
    assert len(answered) >= 25, said
    other.desk.cases.close()


def everything_in(home: Path) -> dict[str, bytes]:
    """Every file of a home but Dagster's own, and what is derived."""
    files = (path for path in home.rglob("*") if path.is_file() and "dagster" not in path.parts)
    derived = ("due.sqlite", "overview.sqlite", "failures.log", "case_register.sqlite-shm")
    lasting = (path for path in files if not path.name.startswith(derived) and ".locks" not in path.parts)
    return {str(path.relative_to(home)): path.read_bytes() for path in lasting}


def test_every_act_has_a_plain_name_a_task_and_a_sentence() -> None:
    names = [job.name for job in ACTS]
    assert len(set(names)) == len(names) >= 60
    for job in ACTS:
        assert job.description and job.description[0].isupper() and job.description.endswith("."), job.name
        assert job.tags["samkorning/task"] and job.tags["dagster/max_retries"] == "0"
        [op] = job.graph.node_defs
        fields: dict[str, dg.Field] = op.config_field.config_type.fields  # type: ignore[attr-defined]
        assert {"preview", "acting"} <= fields.keys(), job.name
        assert all(field.description for field in fields.values()), f"{job.name}: a field without a description"
        assert fields["preview"].default_value is False
