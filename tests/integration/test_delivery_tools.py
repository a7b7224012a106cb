"""What a recipient does with a delivery: the enclosed script, plain age, tar and openssl, and comparing two of them."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from test_delivery_factory import (
    DORS,
    PAR,
    PUBLIC,
    RECIPIENT,
    SEED,
    SERIAL_NUMBERS,
    a_description,
    a_file,
    a_frame,
    sealed_in,
)

from samkorning.delivery.package.difference import SerialNumberCounts, compare_packages
from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.sealing import SealedPackage, seal_package
from samkorning.delivery.package.verification import verify_package
from samkorning.errors import PackageRefused


@pytest.fixture
def sealed(tmp_path: Path) -> SealedPackage:
    return sealed_in(tmp_path / "L001")


@pytest.fixture
def opened(sealed: SealedPackage, tmp_path: Path) -> Path:
    return open_package(sealed.path, RECIPIENT.secret, tmp_path / "opened", PUBLIC).folder


def test_two_deliveries_are_compared_by_file_and_by_count_of_serial_numbers(tmp_path: Path) -> None:
    later = (SERIAL_NUMBERS[0], *SERIAL_NUMBERS[2:], 988_000_001, 988_000_002)
    lmed = "ut_r_lmed_36759_2021"
    first = sealed_in(tmp_path / "1", **{PAR: a_frame(), DORS: a_frame(SERIAL_NUMBERS[:1])})
    second = sealed_in(tmp_path / "2", number="L002", **{PAR: a_frame(later), lmed: a_frame(later[:1])})
    folders = [
        open_package(package.path, RECIPIENT.secret, tmp_path / name).folder
        for name, package in (("one", first), ("two", second))
    ]
    comparison = compare_packages(*folders)
    assert comparison.added == (f"data/{lmed}.csv",)
    assert comparison.removed == (f"data/{DORS}.csv",)
    assert comparison.changed == (f"data/{PAR}.csv",)
    assert comparison.unchanged == ()
    [table] = comparison.tables
    assert (table.name, table.rows_before, table.rows_after) == (PAR, 3, 4)
    assert (table.rows.same, table.rows.altered, table.rows.gone, table.rows.new) == (1, 1, 1, 2)
    assert (table.rows.cells, table.rows.persons_gone, table.rows.persons_new) == ({"HDIA": 1}, 1, 2)
    assert comparison.serial_numbers == {"LopNr": SerialNumberCounts(in_both=2, only_in_first=1, only_in_second=2)}
    assert compare_packages(folders[0], folders[0]).unchanged == (f"data/{DORS}.csv", f"data/{PAR}.csv")


def test_each_serial_number_variable_is_counted_for_itself(tmp_path: Path) -> None:
    mother = a_frame().select(LopNrMor="LopNr", HDIA="HDIA")
    first = sealed_in(tmp_path / "1", **{PAR: mother})
    second = sealed_in(tmp_path / "2", number="L002", **{PAR: mother.with_columns(LopNrBarn=pl.lit(1)).head(2)})
    one, two = (
        open_package(package.path, RECIPIENT.secret, tmp_path / f"opened {package.receipt.delivery}").folder
        for package in (first, second)
    )
    comparison = compare_packages(one, two)
    assert [(table.variables_new, table.variables_gone) for table in comparison.tables] == [(("LopNrBarn",), ())]
    assert comparison.serial_numbers == {
        "LopNrBarn": SerialNumberCounts(in_both=0, only_in_first=0, only_in_second=1),
        "LopNrMor": SerialNumberCounts(in_both=2, only_in_first=1, only_in_second=0),
    }


def test_deliveries_of_two_cases_are_not_compared(opened: Path, tmp_path: Path) -> None:
    frame = a_frame()
    other = replace(a_description(), case="7-2022", files=(a_file("ut_r_par_sv_7_2022", frame),))
    package = seal_package(other, tmp_path / "other", RECIPIENT.recipient, SEED)
    folder = open_package(package.path, RECIPIENT.secret, tmp_path / "opened other").folder
    with pytest.raises(PackageRefused, match="different cases"):
        compare_packages(opened, folder)


def test_what_is_not_opened_cannot_be_compared(opened: Path, tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="not an opened delivery"):
        compare_packages(opened, tmp_path)


def run_check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-X", "utf8", str(folder / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)


def test_the_enclosed_script_says_that_a_delivery_is_whole(opened: Path) -> None:
    answer = run_check(opened)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "WHOLE / HEL: 36759-2021 L001" in answer.stdout
    assert PUBLIC in answer.stdout


def test_the_enclosed_script_runs_on_the_standard_library_alone_and_says_what_it_left_out(opened: Path) -> None:
    answer = run_check(opened, "-I", "-S")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Signature not checked" in answer.stdout
    assert answer.stdout.endswith("WHOLE / HEL: 36759-2021 L001\n")


def test_the_enclosed_script_names_what_is_wrong(opened: Path) -> None:
    data = opened / f"data/{PAR}.csv"
    data.write_bytes(data.read_bytes() + b"1;2;3\r\n")
    (opened / "radflode.csv").unlink()
    (opened / "data/more.csv").touch()
    answer = run_check(opened, "-I", "-S")
    assert answer.returncode == 1
    assert f"data/{PAR}.csv: rows is not what the manifest says" in answer.stdout
    assert f"data/{PAR}.csv: sha256 is not what the manifest says" in answer.stdout
    assert "missing file: radflode.csv" in answer.stdout
    assert "extra file: data/more.csv" in answer.stdout
    assert answer.stdout.endswith("NOT WHOLE / INTE HEL: 36759-2021 L001\n")


def test_the_enclosed_script_checks_the_signature_where_it_can(opened: Path) -> None:
    manifest = opened / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"awaited": [\n  "region"\n ]', b'"awaited": []'))
    answer = run_check(opened)
    assert answer.returncode == 1
    assert "the signature does not fit" in answer.stdout


@pytest.mark.parametrize(("content", "code"), [(None, 2), (b"", 1), (b"[]", 1), (b"\xff", 1)])
def test_the_enclosed_script_survives_a_manifest_that_is_none(opened: Path, content: bytes | None, code: int) -> None:
    manifest = opened / "manifest.json"
    manifest.unlink() if content is None else manifest.write_bytes(content)
    answer = run_check(opened)
    assert (answer.returncode, answer.stderr) == (code, "")
    assert answer.stdout.startswith("NOT WHOLE / INTE HEL")


@pytest.mark.services
def test_plain_age_and_tar_open_a_delivery(sealed: SealedPackage, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("the Debian package age is not installed: make services")
    (tmp_path / "identity.txt").write_text(RECIPIENT.secret + "\n")
    unsealing = subprocess.run(
        ["age", "-d", "-i", tmp_path / "identity.txt", "-o", tmp_path / "plain.tar", sealed.path], check=False
    )
    assert unsealing.returncode == 0
    subprocess.run(["tar", "-xf", "plain.tar"], cwd=tmp_path, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert verify_package(tmp_path / "36759-2021_L001", PUBLIC).problems == ()


@pytest.mark.services
def test_openssl_checks_the_signature_as_the_readme_says(opened: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("the Debian package openssl is not installed: make services")
    (line,) = (text for text in (opened / "README.md").read_text().splitlines() if text.startswith("`openssl"))
    command = line.strip("`.").split()
    assert subprocess.run(command, cwd=opened, check=False, capture_output=True).returncode == 0
    (opened / "manifest.json").write_bytes(b"{}")
    assert subprocess.run(command, cwd=opened, check=False, capture_output=True).returncode != 0
