"""Where deliveries go: handed over after sealing, again by hand, and told while they are not; locked in 7z for some."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.asking import KIND
from pipelines.instance import dagster_instance
from pipelines.triggers.hand_overs import WAITS, hand_over_sensor
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.case.roles import SERVICE
from samkorning.delivery import verify_package, verify_packages
from samkorning.encryption.age import create_identity, unseal
from samkorning.encryption.signing import public_key
from tests.commands import answer, program
from tests.factories import SAMPLE_ORDER
from tests.launching import Launchpad
from tests.looks import requests_of, said_by
from tests.office import OFFICER, RECIPIENT
from tests.small_office import CASE, SmallOffice, prepare

pytestmark = pytest.mark.slow

KEY = next(line for line in SAMPLE_ORDER.splitlines(keepends=True) if RECIPIENT in line)
TO_DROP_FOLDER = (KEY, KEY + "  deliver_to: drop\n")
AS_SEVEN_ZIP = (KEY, "  sealed_as: 7z\n")


def an_office(folder: Path, *changes: tuple[str, str]) -> SmallOffice:
    """An office whose target is not mounted yet, its case ready to deliver."""
    office = SmallOffice(folder)
    assert office.desk  # the home is there
    config = office.desk.home.root / "config.yaml"
    said = config.read_text() if config.exists() else ""
    target = {"drop": {"kind": "drop_folder", "folder": str(folder / "mounted")}}
    config.write_text(f"{said}\ntargets: {json.dumps(target)}\n")
    del office.__dict__["desk"]
    prepare(office, "decided", *changes)
    office.release(CASE)
    return office


def command(office: SmallOffice, *arguments: str) -> Any:
    return answer(program(office.desk.home.root, *arguments, "--json"))


def test_a_delivery_is_made_whether_or_not_it_is_handed_over_and_that_can_be_done_again(tmp_path: Path) -> None:
    office = an_office(tmp_path, TO_DROP_FOLDER)
    made = office.deliver(CASE)
    assert (made["delivery"], made["not_handed_over"]) == ("L001", ["L001"])
    assert not office.desk.case(CASE).of(EventKind.HANDED_OVER)
    assert command(office, "case", "show", CASE)["not_handed_over"] == ["L001"]
    examined = command(office, "doctor")
    assert any("L001: is not handed over to drop" in each["problem"] for each in examined["notes"])
    failed = program(office.desk.home.root, "delivery", "hand-over", CASE, "--as", OFFICER)
    assert (failed.returncode, "mount it, and hand over again" in failed.stderr) == (3, True)
    (tmp_path / "mounted").mkdir()
    (done,) = command(office, "delivery", "hand-over", CASE, "--as", OFFICER)["handed_over"]
    assert (done["delivery"], done["target"], done["where"]) == ("L001", "drop", "drop folder")
    sealed = Path(made["path"])
    assert [file["name"] for file in done["files"]] == [sealed.name, f"{CASE}_L001.receipt.json"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "mounted").iterdir()} == {
        path.name: path.read_bytes() for path in sealed.parent.iterdir()
    }
    assert "not_handed_over" not in command(office, "case", "show", CASE)
    assert command(office, "delivery", "hand-over", CASE, "L001", "--as", OFFICER)["handed_over"] == []
    missing = program(office.desk.home.root, "delivery", "hand-over", CASE, "L002", "--as", OFFICER)
    assert (missing.returncode, "has no delivery L002" in missing.stderr) == (1, True)
    (event,) = office.desk.case(CASE).of(EventKind.HANDED_OVER)
    assert event.detail == done


def test_the_next_delivery_hands_over_what_the_one_before_could_not(tmp_path: Path) -> None:
    office = an_office(tmp_path, TO_DROP_FOLDER)
    office.deliver(CASE)
    (tmp_path / "mounted").mkdir()
    nothing = office.deliver(CASE)
    assert (nothing["delivery"], "not_handed_over" in nothing) == (None, False)
    assert {path.name for path in (tmp_path / "mounted").iterdir()} == {
        f"{CASE}_L001.receipt.json",
        f"{CASE}_L001.tar.age",
    }


def test_what_could_not_be_handed_over_is_tried_again_for_some_days_and_then_waits_for_a_person(tmp_path: Path) -> None:
    office = an_office(tmp_path, TO_DROP_FOLDER)
    office.deliver(CASE)
    with dagster_instance(office.desk) as instance:
        [asked] = requests_of(look_at(office.desk, instance))
        assert (asked.partition_key, asked.tags[KIND], asked.job_name) == (CASE, "hand-over", None)
        page, tags = Launchpad(office.desk, instance), dict(asked.tags)
        job = page.definitions.resolve_job_def("hand_over_again")
        for tried in (1, 2, 3):
            run = job.execute_in_process(instance=instance, partition_key=CASE, tags=tags, raise_on_error=False)
            assert not run.success, "its target is not mounted"
            left = "tried 3 times today" if tried == 3 else "tried a moment ago"
            assert said_by(look_at(office.desk, instance)).endswith(f"asked for nothing; left 1 ({left}): {CASE}")
        assert len(requests_of(look_at(later(office, 1), instance))) == 1, "and again the next day"
        assert said_by(look_at(later(office, 4), instance)).endswith(f"left 1 ({WAITS}): {CASE}")
        (tmp_path / "mounted").mkdir()
        assert page.launch("hand_over_again", CASE) == "L001 to drop"
        assert page.launch("hand_over_again", CASE) == "nothing is to be handed over"
        assert said_by(look_at(office.desk, instance)) == (
            "looked at 1 cases, 0 with a delivery to hand over; asked for nothing"
        )
    [event] = office.desk.case(CASE).of(EventKind.HANDED_OVER)
    assert event.person == SERVICE


def look_at(desk: Desk, instance: dg.DagsterInstance) -> dg.SensorResult:
    result = hand_over_sensor(dg.build_sensor_context(instance=instance), desk=desk)
    assert isinstance(result, dg.SensorResult)
    return result


def later(office: SmallOffice, days: int) -> Desk:
    return replace(office.desk, clock=Clock(office.desk.clock.today() + timedelta(days=days)))


def test_a_recipient_without_age_gets_a_locked_archive_and_its_passphrase_apart(tmp_path: Path) -> None:
    office = an_office(tmp_path, AS_SEVEN_ZIP)
    made = office.deliver(CASE)
    sealed, home = Path(made["path"]), office.desk.home.root
    assert sealed.name == f"{CASE}_L001.7z"
    shown = command(office, "delivery", "passphrase", CASE, "L001", "--as", OFFICER)["passphrase"]
    key = public_key(office.desk.signing_seed)
    assert verify_package(sealed, key, shown).problems == ()
    once_more = program(home, "delivery", "passphrase", CASE, "L001", "--as", OFFICER)
    assert (once_more.returncode, "has been shown" in once_more.stderr, shown in once_more.stderr) == (1, True, False)
    reason = ("--again", "the letter was lost")
    assert command(office, "delivery", "passphrase", CASE, "L001", *reason, "--as", OFFICER)["passphrase"] == shown
    assert sealed_on_the_page(office) == shown
    acts = [line for line in office.desk.home.audit.read_text().splitlines() if "show passphrase" in line]
    assert len(acts) == 5, "two that were refused, and three that saw it"
    holding = [path for path in home.rglob("*") if path.is_file() and shown.encode() in path.read_bytes()]
    assert holding == []
    (tmp_path / "passphrase.txt").write_text(f"{shown}\n")
    with_passphrase = ("--passphrase-file", str(tmp_path / "passphrase.txt"))
    assert command(office, "delivery", "verify", str(sealed.parent), *with_passphrase)["ok"]
    opened = command(office, "delivery", "open", str(sealed), *with_passphrase, "--to", str(tmp_path / "opened"))
    assert opened["delivery"] == "L001"
    assert command(office, "doctor")["ok"]


def sealed_on_the_page(office: SmallOffice) -> str:
    """The passphrase as the page gives it: sealed for a person, and a second time for a reason alone."""
    identity, inside = create_identity(), BytesIO()
    asked = {"delivery": "L001", "recipient": identity.recipient, "to": "sealed.age", "acting": OFFICER}
    with dagster_instance(office.desk) as instance:
        page = Launchpad(office.desk, instance)
        assert "has been shown" in page.launch("delivery_passphrase", CASE, **asked)
        said = page.launch("delivery_passphrase", CASE, **asked, again="the letter was lost once more")
    assert said == f"{CASE}: the passphrase of L001 is sealed in acts/out/sealed.age"
    unseal(BytesIO((office.desk.home.acts_out / "sealed.age").read_bytes()), inside, identity.secret)
    return inside.getvalue().decode().strip()


def test_a_delivery_that_is_sealed_with_age_has_no_passphrase(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    office.deliver(CASE)
    refused = program(office.desk.home.root, "delivery", "passphrase", CASE, "L001", "--as", OFFICER)
    assert (refused.returncode, "no passphrase is kept" in refused.stderr) == (1, True)


def test_the_deliveries_of_a_case_belong_together_and_a_complaint_about_one_is_recorded(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    first = office.opened(office.deliver(CASE))
    office.take(CASE, "diabetes", office.visits("corrected", 2219))
    office.replace(CASE, "diabetes")
    second = office.opened(office.deliver(CASE))
    key = public_key(office.desk.signing_seed)
    assert verify_packages([first, second], key).problems == ()
    assert command(office, "delivery", "verify", str(first), str(second)) == {"ok": True, "problems": []}
    said = [json.loads((folder / "manifest.json").read_text()) for folder in (first, second)]
    assert said[0]["code_key"]["first"] == said[1]["code_key"]["first"]
    assert said[0]["code_key"]["digest"] == said[1]["code_key"]["previous"]
    assert said[0]["units"][0]["input_digest"] != said[1]["units"][0]["input_digest"]
    assert said[1]["approvals"]["decision_approved"] is not None
    entry = office.desk.case(CASE).of(EventKind.DELIVERED)[0].detail["units"][0]
    assert entry["input_sha256"] not in (first / "manifest.json").read_text()
    (second / "radflode.csv").unlink()
    file = tmp_path / "complaint.json"
    check = [sys.executable, str(second / "verify.py"), str(first), str(second), "--complaint", str(file)]
    assert subprocess.run([*check, "--text", "En fil saknas"], check=False, capture_output=True).returncode == 1
    assert (
        command(office, "case", "complain", CASE, "--file", str(file), "--as", OFFICER)["event"] == "complaint_opened"
    )
    (event,) = office.desk.case(CASE).of(EventKind.COMPLAINT_OPENED)
    assert event.detail == {
        "delivery": "L002",
        "reason": "En fil saknas",
        "findings": ["L002 missing file: radflode.csv"],
    }
    both = program(office.desk.home.root, "case", "complain", CASE, "L001", "--file", str(file), "--as", OFFICER)
    assert both.returncode == 2
