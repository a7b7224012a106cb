"""A disk that is full at one place of the way after another: one sentence, nothing half-visible, and a next run that
comes to the same deliveries as one that was never disturbed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest

from assets.steps.intake.receiving import receive_file
from assets.steps.safekeeping.verifying import audit_misfits
from assets.steps.stores import code_key
from pipelines.delivering import run_delivery
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.delivery import open_package, verify_package
from tests.commands import program
from tests.office import ENGINEER, Office
from tests.small_disks import require_mount, small_disk

pytestmark = pytest.mark.slow

CASE = "36759-2021"
SMALL_WORLD = (
    ("damaged_share_allowed: 0.05", "damaged_share_allowed: 0.5"),
    ("linked_share_at_least: 0.5", "linked_share_at_least: 0"),
)
FIRST_SOURCES = ("population", "number_history", "lisa", "diabetes")
SENTENCE = "disk full: "


@dataclass
class Undisturbed:
    """Homes as they are before each command, what each command takes of a disk, and what comes of them."""

    office: Office
    folder: Path
    takes: dict[str, int] = field(default_factory=dict)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    generations: dict[str, int] = field(default_factory=dict)

    def home_before(self, command: str) -> Path:
        return self.folder / command

    def take_note(self, made: dict[str, Any], home: Path) -> None:
        """Keeps what a delivery held, and how often the code key had been added to."""
        self.made[made["delivery"]] = made
        self.rows[made["delivery"]] = rows_without_serial_numbers(made, self)
        desk = Desk.at(home)
        key = code_key(desk, desk.case(CASE)).latest()
        assert key is not None
        self.generations[made["delivery"]] = key.number
        desk.cases.close()


def command_line(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", "--home", str(home), *arguments]


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command_line(home, *arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL)


def arguments_of(office: Office, command: str) -> tuple[str, ...]:
    if command.startswith("receive "):
        source = command.removeprefix("receive ")
        return ("receive", CASE, source, str(office.sent(source)), "--as", ENGINEER)
    return ("deliver", CASE, "--json")


COMMANDS = (*(f"receive {source}" for source in FIRST_SOURCES), "deliver", "receive region_labb", "deliver again")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    """The whole way once on a disk that has room, with a copy of the home before each command."""
    require_mount()
    before = dict(os.environ)
    folder = tmp_path_factory.mktemp("undisturbed")
    office = Office(folder, persons=100)
    office.open_case(*SMALL_WORLD)
    office.decide(CASE)
    office.release_holders(CASE, "SCB", "Exempelregistret", "Region Exempel")
    office.review(CASE)
    office.release(CASE)
    office.load_registers()
    office.desk.cases.close()
    whole = Undisturbed(office, folder / "before")
    with small_disk(folder / "disk") as disk:
        shutil.copytree(office.desk.home.root, disk.path / "home")
        for command in COMMANDS:
            shutil.copytree(disk.path / "home", whole.home_before(command))
            used = disk.used()
            done = run(disk.path / "home", *arguments_of(office, command))
            assert done.returncode == 0, done.stderr
            whole.takes[command] = disk.used() - used
            if command.startswith("deliver"):
                whole.take_note(json.loads(done.stdout), disk.path / "home")
    yield whole
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize(
    ("command", "share"),
    [
        ("receive population", 0.0),
        ("receive population", 0.6),
        ("receive diabetes", 0.9),
        ("deliver", 0.1),
        ("deliver", 0.4),
        ("deliver", 0.6),
        ("deliver", 0.8),
        ("deliver", 0.95),
        ("deliver", 0.99),
        ("receive region_labb", 0.3),
        ("deliver again", 0.5),
        ("deliver again", 0.98),
    ],
)
def test_a_full_disk_is_one_sentence_and_the_next_run_completes(
    undisturbed: Undisturbed, tmp_path: Path, command: str, share: float
) -> None:
    """The disk has room for a share of what the command takes when nothing disturbs it."""
    with small_disk(tmp_path / "disk") as disk:
        home = disk.path / "home"
        shutil.copytree(undisturbed.home_before(command), home)
        disk.leave(int(undisturbed.takes[command] * share))
        failed = run(home, *arguments_of(undisturbed.office, command))
        assert_one_sentence(failed, home)
        assert_nothing_half_visible(home, undisturbed)
        disk.enlarge()
        again = program(home, *arguments_of(undisturbed.office, command))
        assert again.returncode == 0, again.stderr
        made = json.loads(again.stdout) if command.startswith("deliver") else go_on(home, undisturbed, command)
        assert_same_delivery(home, made, undisturbed)


@pytest.mark.parametrize("command", ["receive population", "deliver"])
def test_a_read_only_home_is_one_sentence_and_the_next_run_completes(
    undisturbed: Undisturbed, tmp_path: Path, command: str
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        home = disk.path / "home"
        shutil.copytree(undisturbed.home_before(command), home)
        disk.forbid_writing()
        failed = run(home, *arguments_of(undisturbed.office, command))
        disk.allow_writing()
        assert (failed.returncode, failed.stderr.count("\n")) == (3, 1)
        assert f"{home} is read-only; mount it for writing" in failed.stderr
        again = program(home, *arguments_of(undisturbed.office, command))
        assert again.returncode == 0, again.stderr
        if command == "deliver":
            assert_same_delivery(home, json.loads(again.stdout), undisturbed)


def go_on(home: Path, undisturbed: Undisturbed, command: str) -> dict[str, Any]:
    """The commands after one, up to the next delivery."""
    desk = Desk.at(home)
    for later in COMMANDS[COMMANDS.index(command) + 1 :]:
        if later.startswith("deliver"):
            break
        source = later.removeprefix("receive ")
        receive_file(desk, desk.case(CASE), source, undisturbed.office.sent(source), ENGINEER)
    made = run_delivery(desk, CASE)
    desk.cases.close()
    return made


def assert_one_sentence(failed: subprocess.CompletedProcess[str], home: Path) -> None:
    assert failed.returncode == 3, failed.stderr
    assert failed.stderr.startswith(SENTENCE)
    assert failed.stderr.count("\n") == 1
    assert str(home) in failed.stderr
    if failed.stdout:
        said = json.loads(failed.stdout)
        assert said == {
            "ok": False,
            "exit_code": 3,
            "problem": failed.stderr.strip(),
            "fault": "disk full",
            "place": str(home),
            "free_bytes": said["free_bytes"],
            "safe_to_repeat": True,
        }


def assert_nothing_half_visible(home: Path, undisturbed: Undisturbed) -> None:
    """What lies in the outbox under its own name is whole, whatever was under way."""
    public_key = (home / "signing_key.pub").read_text().strip()
    outbox = home / "outbox" / CASE
    assert not list(outbox.rglob("*.partial"))
    for sealed in outbox.glob("*/*.tar.age"):
        receipt = sealed.with_name(sealed.name.replace(".tar.age", ".receipt.json"))
        assert not receipt.exists() or verify_package(sealed, public_key, undisturbed.office.identity.secret).ok
    for report in outbox.glob("reports/*.json"):
        json.loads(report.read_text())


def assert_same_delivery(home: Path, made: dict[str, Any], undisturbed: Undisturbed) -> None:
    """The same files with the same rows; the code key drawn once; each delivery number entered once."""
    if made["delivery"] != "L001":  # its serial numbers were drawn before the disk was full
        assert made["files"] == undisturbed.made[made["delivery"]]["files"]
    assert rows_without_serial_numbers(made, undisturbed) == undisturbed.rows[made["delivery"]]
    desk = Desk.at(home)
    case = desk.case(CASE)
    delivered = [event.detail["delivery"] for event in case.of(EventKind.DELIVERED)]
    assert delivered == [f"L{number:03}" for number in range(1, len(delivered) + 1)]
    assert delivered[-1] == made["delivery"]
    assert audit_misfits(desk) == []
    key = code_key(desk, case).latest()
    assert key is not None and key.number == undisturbed.generations[made["delivery"]]
    desk.cases.close()


def rows_without_serial_numbers(made: dict[str, Any], undisturbed: Undisturbed) -> dict[str, list[Any]]:
    with TemporaryDirectory() as folder:
        opened = open_package(Path(made["path"]), undisturbed.office.identity.secret, Path(folder) / "opened").folder
        return {path.name: _rows(path) for path in sorted((opened / "data").iterdir())}


def _rows(path: Path) -> list[Any]:
    table = pl.read_csv(path, separator=";", infer_schema=False)
    return table.select(name for name in table.columns if not name.casefold().startswith("lopnr")).sort(pl.all()).rows()
