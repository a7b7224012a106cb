"""A source that was withdrawn by mistake: its files wait and are lost to nobody, and the withdrawal is taken back."""

import json
from pathlib import Path

import pytest

from assets.graph import CASE_PARTITIONS
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from resources.inbox import DONE
from samkorning.case import EventKind, acts
from samkorning.errors import RuleRefused
from tests.commands import Said, run_here
from tests.launching import Launchpad
from tests.office import ENGINEER, OFFICER, RECIPIENT
from tests.small_office import CASE, SmallOffice, prepare, small_order

WITHDRAW = ("case", "withdraw", CASE, "diabetes", "--reason", "the holder declined", "--as", OFFICER)
AWAIT = ("case", "await", CASE, "diabetes", "--reason", "another one was meant", "--as", OFFICER)


@pytest.fixture
def small(tmp_path: Path) -> SmallOffice:
    """A case of which both files have come."""
    office = SmallOffice(tmp_path)
    prepare(office, "ready")
    return office


def done(office: SmallOffice, *arguments: str) -> Said:
    said = run_here(office.desk.home.root, arguments)
    assert said.exit_code == 0, said.printed
    return said


def status(office: SmallOffice) -> str:
    [row] = json.loads(done(office, "case", "show", CASE, "--json").printed)["ledger"]
    return str(row["status"])


def test_a_file_that_has_come_counts_again_and_its_next_one_was_not_lost(small: SmallOffice) -> None:
    small.release(CASE, standing=True)
    assert "a file of 12 rows of diabetes has come" in " ".join(done(small, *WITHDRAW).printed.split())
    with pytest.raises(RuleRefused, match=r"R30: diabetes is withdrawn and no longer awaited; .*`case await"):
        small.take(CASE, "diabetes", small.visits("again", 2217))
    folder = small.desk.home.inbox(CASE, "diabetes")
    folder.mkdir(parents=True)
    (folder / "later.csv").write_bytes(small.visits("later", 2216).read_bytes())
    (folder / f"later.csv{DONE}").touch()
    small.desk.cases.close()
    with dagster_instance(small.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        job = build_definitions(small.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=CASE).success
    assert (status(small), list(folder.iterdir()), small.deliver(CASE)["delivery"]) == ("withdrawn", [], None)
    [held] = json.loads(done(small, "file", "held", "--json").printed)["files"]
    assert (held["source"], "`case await` takes that back" in held["reason"]) == ("diabetes", True)
    early = run_here(small.desk.home.root, ("file", "match", held["held"], CASE, "diabetes", "--reason", "newer"))
    assert early.exit_code == 1 and "R30" in early.printed
    done(small, *AWAIT)
    assert status(small) == "accepted"
    done(small, "file", "match", held["held"], CASE, "diabetes", "--reason", "it is the newer one", "--as", ENGINEER)
    assert small.desk.case(CASE).received_files("diabetes")[-1].detail["file"] == "later.csv"
    assert small.deliver(CASE)["delivery"] == "L001"


def test_what_was_held_before_the_decision_is_taken_in_once_its_source_is_awaited_again(tmp_path: Path) -> None:
    small = SmallOffice(tmp_path)
    text = small_order().replace(RECIPIENT, small.identity.recipient)
    detail = acts.order_detail(text, "order.yaml", small.desk.catalogue)
    small.desk.cases.open(CASE, small.desk.clock.now(), ENGINEER, detail)
    with pytest.raises(RuleRefused, match="held encrypted in quarantine"):
        small.take(CASE, "diabetes", small.visits())
    with dagster_instance(small.desk) as instance:
        at = Launchpad(small.desk, instance)
        asked = {"source": "diabetes", "reason": "another one was meant", "acting": OFFICER}
        assert "R30: diabetes is not withdrawn" in at.launch("holder_await", CASE, **asked)
        assert f"source withdrawn, by {OFFICER}" in at.launch("holder_withdraw", CASE, **asked)
        small.decide(CASE)
        small.take(CASE, "population", small.population(small.first))
        case = small.desk.case(CASE)
        assert [event.detail["source"] for event in case.held_files()] == ["diabetes"]
        assert f"source awaited, by {OFFICER}" in at.launch("holder_await", CASE, **asked)
    case = small.desk.case(CASE)
    assert case.held_files() == [] and case.events[-1].kind is EventKind.FILE_RECEIVED
