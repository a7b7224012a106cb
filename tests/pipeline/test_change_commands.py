"""The commands for what changes in a case, as a person types them: each leaves its event or says why not."""

import json
from pathlib import Path

import pytest

from pipelines.instance import dagster_instance
from samkorning.case import EventKind
from tests.commands import answer, program
from tests.launching import Launchpad
from tests.office import OFFICER
from tests.small_office import CASE, SmallOffice, prepare

pytestmark = pytest.mark.slow


def test_a_correction_is_declined_then_replaced_and_a_release_recalled(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    prepare(office, "delivered")
    home = office.desk.home.root
    office.take(CASE, "diabetes", office.visits("corrected", 2219))
    act = answer(program(home, "case", "show", CASE, "--json"))["next_act"]
    assert act["what"].startswith("decide on a change: diabetes is not as it was in L001; `case replace")
    declined = program(home, "case", "decline", CASE, "diabetes", "--reason", "of no weight", "--as", "Olle", "--json")
    assert answer(declined)["event"] == EventKind.CHANGE_DECLINED
    again = program(home, "case", "decline", CASE, "diabetes", "--reason", "why", "--as", "Olle")
    assert (again.returncode, "nothing of it waits" in again.stderr) == (1, True)
    office.take(CASE, "diabetes", office.visits("corrected_again", 2217))
    answer(program(home, "case", "replace", CASE, "diabetes", "--reason", "why", "--as", "Olle", "--json"))
    answer(program(home, "case", "release", CASE, "--standing", "--as", "Olle", "--json"))
    answer(program(home, "case", "recall", CASE, "--reason", "an incident", "--as", "Mia", "--json"))
    with_holder = ("--holder", "Exempelregistret", "--reason", "too late", "--as", "Olle")
    used = program(home, "case", "recall", CASE, *with_holder)
    assert (used.returncode, "used by L001" in used.stderr) == (1, True)
    stopped = program(home, "deliver", CASE)
    assert (stopped.returncode, "R20" in stopped.stderr) == (1, True)
    assert program(home, "case", "release", CASE, "--decision", "12").returncode == 2
    office.desk.cases.close()


def test_three_decide_on_the_population_and_its_file_is_taken_in(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    prepare(office, "linked")
    home, other = office.desk.home.root, office.population(office.first[2:], "smaller")
    refused = program(home, "receive", CASE, "population", str(other), "--reason", "why", "--json")
    assert "`case decide-population CASE --adds 0 --removes 2" in json.loads(refused.stdout)["problem"]
    for role, person in (("case_officer", "Olle"), ("manager", "Mia"), ("lawyer", "Lisa")):
        said = ("--role", role, "--removes", "2", "--reason", "two were not asked", "--as", person, "--json")
        assert answer(program(home, "case", "decide-population", CASE, *said))["event"]
    assert answer(program(home, "case", "show", CASE, "--json"))["next_act"]["what"] == "the delivery is not released"
    assert answer(program(home, "receive", CASE, "population", str(other), "--json"))["files"][0]["rows"] == 7
    assert office.desk.case(CASE).events[-1].detail["decided"]
    office.desk.cases.close()


def test_what_is_said_twice_is_recorded_once_and_a_key_kept_shorter_says_so(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    prepare(office, "received")
    home = office.desk.home.root
    release = ("case", "release", CASE, "--holder", "Exempelregistret", "--as", OFFICER)
    assert "holder released; the case is" in program(home, *release).stdout, "a file has come since the first one"
    events = len(office.desk.case(CASE).events)
    again = program(home, *release)
    assert again.returncode == 0 and f"holder released by {OFFICER} already" in again.stdout
    assert "already" in answer(program(home, "--json", *release))
    with dagster_instance(office.desk) as instance:
        said = Launchpad(office.desk, instance).launch("decision_endorse", CASE, role="case_officer", acting=OFFICER)
    assert f"decision endorsed by {OFFICER} already" in said
    assert len(office.desk.case(CASE).events) == events
    keep = ("case", "keep-key", CASE, "--reason", "why", "--as", OFFICER)
    assert "shortened" not in program(home, *keep, "--without-limit").stdout
    shorter = program(home, *keep, "--until", "2090-01-01").stdout
    assert "is kept until 2090-01-01, and was to be kept without a limit: shortened" in " ".join(shorter.split())
    office.desk.cases.close()
