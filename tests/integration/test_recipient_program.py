"""The file that travels with every delivery, run as a recipient runs it: one delivery, several, sealed ones."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from test_delivery_factory import PAR, PUBLIC, RECIPIENT, SEED, SERIAL_NUMBERS, STRANGER, a_description, a_frame

from samkorning.case.complaint_file import read_complaint
from samkorning.delivery import verify_packages
from samkorning.delivery.description import DeliveredUnit
from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.sealing import SealedPackage, seal_package
from samkorning.delivery.provenance import CodeKeyFacts
from samkorning.delivery.recipient import check
from tests.provenance import PROVENANCE

DIGEST = {"L001": "5" * 64, "L002": "6" * 64, "L003": "7" * 64}
PASSPHRASE = "abcde-fghjk"


def a_delivery(
    number: str, folder: Path, first: str = "4" * 64, passphrase: str | None = None, **frames: Any
) -> SealedPackage:
    place = int(number[1:])
    previous = f"L{place - 1:03d}" if place > 1 else None
    key = CodeKeyFacts(first, DIGEST[number], place, place + 2, DIGEST.get(previous or ""))
    description = a_description(number, **(frames or {PAR: a_frame()}))
    (file,) = description.files
    unit = DeliveredUnit("par_sv", file.rendered.rows, "8" * 64, previous)
    description = replace(
        description,
        previous=previous,
        provenance=replace(PROVENANCE, code_key=key),
        files=(replace(file, units=(unit,)),),
    )
    return seal_package(description, folder / number, RECIPIENT.recipient, SEED, passphrase)


@pytest.fixture
def opened(tmp_path: Path) -> list[Path]:
    """Two deliveries of one case."""
    sealed = [a_delivery(number, tmp_path / "sealed") for number in ("L001", "L002")]
    return [open_package(each.path, RECIPIENT.secret, tmp_path / each.receipt.delivery).folder for each in sealed]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-X", "utf8", check.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_two_deliveries_are_whole_and_belong_together(opened: list[Path]) -> None:
    answer = run(*opened, "--key", PUBLIC)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "WHOLE / HEL: 36759-2021 L001\n" in answer.stdout
    assert "par_sv: L002 replaces / ersätter L001\n" in answer.stdout
    assert "awaited after / väntas efter L002: region\n" in answer.stdout
    assert answer.stdout.endswith("TOGETHER / HÖR IHOP\n")
    assert verify_packages(opened, PUBLIC).problems == ()


def test_another_key_than_the_published_is_told(opened: list[Path]) -> None:
    answer = run(opened[0], "--key", "another")
    assert (answer.returncode, "signed with another key than was given" in answer.stdout) == (1, True)


def test_deliveries_of_two_code_keys_are_told_and_the_service_says_the_same(opened: list[Path], tmp_path: Path) -> None:
    other = a_delivery("L003", tmp_path / "sealed", first="9" * 64)
    folder = open_package(other.path, RECIPIENT.secret, tmp_path / "L003").folder
    answer = run(*opened, folder)
    assert answer.returncode == 1
    assert "L003: does not come from the same code key" in answer.stdout
    assert answer.stdout.endswith("NOT TOGETHER / HÖR INTE IHOP\n")
    assert verify_packages([*opened, folder], PUBLIC).problems == ("L003: does not come from the same code key",)


def test_sealed_deliveries_are_held_against_each_other_with_the_identity(tmp_path: Path) -> None:
    sealed = [a_delivery(number, tmp_path).path for number in ("L001", "L003")]
    assert verify_packages(sealed, PUBLIC).problems == ()
    assert verify_packages(sealed, PUBLIC, RECIPIENT.secret).problems == ("L002: is not among those given",)


def test_more_serial_numbers_than_persons_are_told(tmp_path: Path) -> None:
    strangers = a_frame((100_000_001, 100_000_002, 100_000_003))
    sealed = [a_delivery("L001", tmp_path), a_delivery("L002", tmp_path, **{PAR: strangers})]
    folders = [
        open_package(each.path, RECIPIENT.secret, tmp_path / f"o{each.receipt.delivery}").folder for each in sealed
    ]
    answer = run(*folders)
    assert (answer.returncode, "6 > 3: more serial numbers than persons" in answer.stdout) == (1, True)
    assert verify_packages(folders, PUBLIC).problems == ("6 > 3: more serial numbers than persons",)
    assert not [number for number in SERIAL_NUMBERS if str(number) in answer.stdout]


def test_what_is_no_serial_number_is_told_without_it(tmp_path: Path) -> None:
    frame = a_frame().with_columns(LopNr=pl.Series(["x1", "2", "1234567890"]))
    sealed = a_delivery("L001", tmp_path, **{PAR: frame})
    folder = open_package(sealed.path, RECIPIENT.secret, tmp_path / "o").folder
    answer = run(folder)
    assert (answer.returncode, "LopNr is no serial number in some row" in answer.stdout) == (1, True)
    assert "1234567890" not in answer.stdout


def test_a_problem_of_one_of_several_names_it(opened: list[Path]) -> None:
    (opened[1] / "radflode.csv").unlink()
    assert verify_packages(opened, PUBLIC).problems == ("L002: missing file: radflode.csv",)


@pytest.mark.services
@pytest.mark.parametrize(("tool", "passphrase"), [("age", None), ("7zz", PASSPHRASE)])
def test_a_sealed_delivery_is_opened_where_the_tool_is(tool: str, passphrase: str | None, tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed: make services")
    sealed, key = a_delivery("L001", tmp_path, passphrase=passphrase), tmp_path / "key.txt"
    key.write_text("not this one\n" if passphrase else f"{STRANGER.secret}\n")
    refused = run(sealed.path, "--unseal", key)
    assert (refused.returncode, "does not open with that" in refused.stdout, refused.stderr) == (1, True, "")
    key.write_text(f"{passphrase or RECIPIENT.secret}\n")
    answer = run(sealed.path, "--unseal", key)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert {path.name for path in sealed.path.parent.iterdir()} == {
        "36759-2021_L001",
        "36759-2021_L001.receipt.json",
        sealed.path.name,
    }
    again = run(sealed.path, "--unseal", key)
    assert (again.returncode, "is there already" in again.stdout) == (1, True)


def test_a_complaint_is_written_that_the_service_reads(opened: list[Path], tmp_path: Path) -> None:
    (opened[1] / "radflode.csv").unlink()
    strange = "22210304-9999.csv"
    (opened[1] / strange).write_text("x")
    file = tmp_path / "complaint.json"
    answer = run(*opened, "--complaint", file, "--text", "Rader saknas för 2219", "--about", "L002")
    assert answer.returncode == 1
    read = read_complaint(file.read_bytes(), file.name, "36759-2021")
    assert (read.delivery, read.text) == ("L002", "Rader saknas för 2219")
    assert [(each.code, each.about) for each in read.findings] == [("extra_file", ""), ("missing_file", "radflode.csv")]
    assert "9999" not in file.read_text()


NUMBER_LIKE = (
    "fel för 22210304-1234",
    "2221-03-04-1234",
    "2221 03 04 1234",
    "222103041234",
    "210364 - 1234",
    "2103 04\u20131234",
    "22210304123X",
)


@pytest.mark.parametrize("text", NUMBER_LIKE)
def test_a_text_that_reads_as_a_number_is_not_written(text: str, opened: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "complaint.json"
    answer = run(opened[0], "--complaint", file, "--text", text)
    assert (answer.returncode, file.exists(), "1234" in answer.stdout) == (1, False, False)


def test_serial_numbers_rows_and_times_are_written(opened: list[Path], tmp_path: Path) -> None:
    text = "rader 12, 13 och 1201: 417205118 530114922 210304118, 2221-03-04 12:30:00"
    file = tmp_path / "complaint.json"
    assert run(opened[0], "--complaint", file, "--text", text).returncode == 0
    assert read_complaint(file.read_bytes(), file.name, "36759-2021").text == text


def test_a_complaint_that_cannot_be_written_is_said_in_words(opened: list[Path], tmp_path: Path) -> None:
    """A folder without rights, a delivery that was not given, one that is not known, more than is read."""
    folder = tmp_path / "folder"
    folder.mkdir()
    file = tmp_path / "complaint.json"
    refused = [
        (run(opened[0], "--complaint", folder, "--text", "fel"), "cannot be written there"),
        (run(opened[0], "--complaint", file, "--text", "fel", "--about", "L009"), "is not among those given"),
        (run(folder, "--complaint", file, "--text", "fel"), "not known of which case"),
        (run(opened[0], "--complaint", file, "--text", "x" * 2001), "longer than 2000"),
    ]
    assert [(said in answer.stdout, answer.returncode, answer.stderr) for answer, said in refused] == [
        (True, 1, "")
    ] * 4
    assert not file.exists()


def test_a_complaint_is_read_where_another_folder_was_no_delivery(opened: list[Path], tmp_path: Path) -> None:
    file, broken = tmp_path / "complaint.json", tmp_path / "half"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    assert run(*opened, broken, tmp_path, "--complaint", file, "--text", "fel", "--about", "L001").returncode == 1
    read = read_complaint(file.read_bytes(), file.name, "36759-2021")
    assert [(each.code, each.about, each.delivery) for each in read.findings] == [
        ("unreadable", "", ""),
        ("no_delivery", "", ""),
    ]


def test_another_folder_and_a_sealed_file_are_told_from_a_broken_delivery(tmp_path: Path) -> None:
    sealed = a_delivery("L001", tmp_path / "sealed").path
    for given in (tmp_path, sealed, tmp_path / "none"):
        answer = run(given)
        assert (answer.returncode, "no delivery lies here" in answer.stdout, answer.stderr) == (2, True, "")
        assert "--unseal" in answer.stdout and "Error" not in answer.stdout


def test_what_programs_leave_in_a_folder_does_no_harm(opened: list[Path]) -> None:
    """Finder, Explorer and Excel leave files beside those that somebody looks at; nothing else may."""
    for name in (".DS_Store", "data/._x.csv", "Thumbs.db", "~$kodbok.xlsx", ".Rhistory"):
        (opened[0] / name).write_bytes(b"x")
    assert run(opened[0]).returncode == 0
    assert verify_packages([opened[0]], PUBLIC).problems == ()
    (opened[0] / "data/Thumbs.db.csv").write_bytes(b"x")
    assert run(opened[0]).returncode == 1
    assert verify_packages([opened[0]], PUBLIC).problems == ("extra file: data/Thumbs.db.csv",)


def test_a_name_that_the_screen_has_no_letters_for_is_told_all_the_same(opened: list[Path]) -> None:
    (opened[0] / "\U0001f600.csv").write_bytes(b"x")
    command = [sys.executable, check.__file__, str(opened[0])]
    environment = {"PYTHONIOENCODING": "cp1252"}
    answer = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert (answer.returncode, b"extra file: \\U0001f600.csv" in answer.stdout, answer.stderr) == (1, True, b"")


def test_the_complaint_is_about_the_newest_unless_it_is_said(opened: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "complaint.json"
    assert run(*opened, "--complaint", file, "--text", "fel").returncode == 0
    assert json.loads(file.read_text())["delivery"] == "L002"
