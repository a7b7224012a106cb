"""The command `doctor`: what it says of a home, to a person and to a program, and how it ends."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assets.steps.safekeeping.doctor import examine
from resources.desk import Desk
from samkorning.audit import Head
from samkorning.case import acts
from tests.commands import program
from tests.moments import Moments, small_office
from tests.patience import PATIENCE

CASE = "36759-2021"


@pytest.fixture
def moments(tmp_path: Path) -> Moments:
    """A case opened, and approved."""
    made = Moments(small_office(tmp_path), tmp_path / "taken")
    made.office.open_case()
    made.take("opened")
    made.office.act(CASE, "Olle", acts.approve_specification)
    made.take("approved")
    return made


def doctor(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What it says, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        return program(home, "doctor", *arguments)


def test_it_says_what_is_older_than_what(moments: Moments, tmp_path: Path) -> None:
    desk = moments.mixed("opened", "approved", frozenset({"case register"}), tmp_path / "mixed")
    before = {path: path.read_bytes() for path in desk.home.root.rglob("*") if path.is_file()}
    desk.cases.close()
    command = [sys.executable, "-m", "cli", "--home", str(desk.home.root), "doctor", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    after = {path: path.read_bytes() for path in desk.home.root.rglob("*") if path.is_file()}
    assert after == before, "looking changes nothing"
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (1, False)
    assert [problem["case"] for problem in said["problems"]] == [CASE]
    assert {part["part"]: part["older_in"] for part in said["parts"]}["case register"] == [CASE]
    assert {part["part"]: part["older_in"] for part in said["parts"]}["audit log"] == []
    shown = doctor(desk.home.root)
    assert shown.returncode == 1
    assert "the case register ends at event 1, the audit log knows 2 events" in shown.stderr


def test_a_whole_home_fits_and_a_new_one_too(moments: Moments, tmp_path: Path) -> None:
    done = doctor(moments.taken["approved"], "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"], said["problems"], said["notes"]) == (0, True, [], [])
    assert {part["part"] for part in said["parts"]} >= {"case register", "audit log", "vault", "outbox", "receipts"}
    assert doctor(tmp_path / "new").returncode == 0


@pytest.mark.slow
def test_all_parts_of_an_older_moment_are_known_by_a_head_kept_elsewhere(moments: Moments) -> None:
    head = moments.office.desk.audit.head()
    older = Desk.at(moments.taken["opened"])
    assert examine(older).ok
    assert not examine(older, head).ok
    older.cases.close()
    kept = f"{head.number}:{head.authenticator}"
    assert doctor(moments.taken["opened"], "--head", kept).returncode == 1
    assert doctor(moments.taken["approved"], "--head", kept).returncode == 0
    assert doctor(moments.taken["approved"], "--head", "yesterday's").returncode == 2
    assert examine(Desk.at(moments.taken["approved"]), Head(1, "0" * 64)).ok is False


def test_a_lost_keystore_is_told_and_none_is_made(moments: Moments) -> None:
    home = moments.taken["approved"]
    shutil.rmtree(home / "keystore")
    done = doctor(home, "--json")
    assert done.returncode == 1
    assert "the keystore is missing" in json.loads(done.stdout)["problems"][0]["problem"]
    assert not (home / "keystore").exists()
