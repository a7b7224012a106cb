"""A received file of which no row links, most often another case's: it stops, and leaves only as a person lets it."""

import json
from pathlib import Path

import pytest

from assets.steps.delivery.due import due_cases
from pipelines.instance import dagster_instance
from samkorning.case import EventKind
from samkorning.case.blocking import blocked
from samkorning.errors import CheckFailed
from tests.commands import answer, program, run_here
from tests.launching import Launchpad
from tests.office import OFFICER
from tests.small_office import CASE, FILE, SmallOffice, prepare

FOLLOWS = ("      holder: Exempelregistret", "      holder: Exempelregistret\n      corrections: follow")
WHY = "nobody of the study is in the register"


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return SmallOffice(tmp_path / "office")


def of_another_case(office: SmallOffice, year: int = 2218) -> Path:
    """A file that fits its contract and has nobody of the study."""
    lines = office.visits("all", year).read_text(encoding="utf-8-sig").splitlines()
    path = office.folder / f"strangers_{year}.csv"
    path.write_text("\n".join([lines[0], *lines[10:]]) + "\n", encoding="utf-8-sig")
    return path


def stops(office: SmallOffice) -> None:
    before = [path.name for path in office.desk.home.outbox(CASE).glob("L*")]
    said = r"stopped by linkage_rate; of the 3 rows of diabetes none link\. Remedy: .*`case release --none-linked`"
    with pytest.raises(CheckFailed, match=said):
        office.deliver(CASE)
    assert [path.name for path in office.desk.home.outbox(CASE).glob("L*")] == before


def is_due(office: SmallOffice) -> bool:
    [row] = due_cases(office.desk)
    return bool(row.late)


def blocks(office: SmallOffice) -> int:
    return len(office.desk.case(CASE).of(EventKind.DELIVERY_BLOCKED))


def test_whoever_takes_it_in_sees_that_nobody_in_it_is_known(office: SmallOffice) -> None:
    prepare(office, "received")

    def said(path: Path) -> dict[str, object]:
        taken = run_here(office.desk.home.root, ("receive", CASE, "diabetes", str(path), "--as", OFFICER, "--json"))
        assert taken.exit_code == 0, taken.printed
        [file] = json.loads(taken.printed)["files"]
        return dict(file)

    assert said(of_another_case(office))["none_known"] is False, "before there is a code key nobody can know"
    office.take(CASE, "diabetes", office.visits("right", 2219))
    office.link(CASE)
    assert said(office.visits("known", 2220))["none_known"] is False
    strangers = of_another_case(office, 2221)
    assert said(strangers)["none_known"] is True
    assert office.desk.case(CASE).received_files("diabetes")[-1].detail["none_known"] is True
    again = run_here(office.desk.home.root, ("receive", CASE, "diabetes", str(office.visits("x", 2222))))
    assert "nobody in it" not in again.printed
    told = run_here(office.desk.home.root, ("receive", CASE, "diabetes", str(strangers)))
    assert "nobody in it is in the case's code key" in " ".join(told.printed.split())


def test_by_hand_it_stops_until_a_person_lets_it_pass_and_once(office: SmallOffice) -> None:
    prepare(office, "received")
    office.release(CASE, standing=False)
    release = ("case", "release", CASE, "--none-linked", "diabetes", "--as", OFFICER)
    early = program(office.desk.home.root, *release, "--reason", WHY)
    assert early.returncode == 1 and "nothing of diabetes waits for this" in early.stderr
    office.take(CASE, "diabetes", of_another_case(office))
    stops(office)
    stops(office)
    assert blocks(office) == 1
    assert program(office.desk.home.root, *release).returncode == 2, "it needs a reason"
    assert answer(program(office.desk.home.root, "--json", *release, "--reason", WHY))["event"] == "delivery_released"
    made = office.deliver(CASE)
    assert (made["delivery"], [(file["name"], file["rows"]) for file in made["files"]]) == (
        "L001",
        [(f"data/{FILE}.csv", 0)],
    )
    assert office.deliver(CASE)["delivery"] is None

    office.take(CASE, "diabetes", of_another_case(office, 2219))
    office.replace(CASE, "diabetes")
    office.release(CASE, standing=False)
    stops(office)
    office.take(CASE, "diabetes", office.visits("right", 2220))
    office.replace(CASE, "diabetes")
    assert office.persons_of(office.deliver(CASE)) == list(range(9))


@pytest.mark.slow
def test_under_a_standing_release_it_waits_and_a_right_file_goes_on(office: SmallOffice) -> None:
    prepare(office, "received", FOLLOWS)
    office.release(CASE)
    assert office.deliver(CASE)["delivery"] == "L001"
    office.take(CASE, "diabetes", of_another_case(office))
    assert is_due(office)
    stops(office)
    assert not is_due(office), "nobody asks again for what is stopped"
    stopped = blocked(office.desk.case(CASE), office.rows(CASE))
    assert stopped is not None and stopped.detail["found"] == {"diabetes": 0.0}
    office.take(CASE, "diabetes", office.visits("right", 2219))
    assert is_due(office)
    assert office.persons_of(office.deliver(CASE)) == list(range(9))

    office.take(CASE, "diabetes", of_another_case(office, 2220))
    stops(office)
    asked = {"none_linked": "diabetes", "acting": OFFICER}
    with dagster_instance(office.desk) as instance:
        page = Launchpad(office.desk, instance)
        assert "`none_linked` and `reason` go together" in page.launch("delivery_release", CASE, **asked)
        assert page.launch("delivery_release", CASE, reason=WHY, **asked).startswith(f"{CASE}: delivery released")
    assert is_due(office)
    made = office.deliver(CASE)
    assert (made["delivery"], [file["rows"] for file in made["files"]]) == ("L003", [0])
    office.take(CASE, "diabetes", of_another_case(office, 2221))
    assert is_due(office), "the standing release goes on"
    stops(office)
