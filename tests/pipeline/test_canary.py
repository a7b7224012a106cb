"""The canary: no identity number lies in clear anywhere, after a good run and after failing ones.

Every byte under the working home, under the process's temporary folder and in what it printed is searched, for every
number of the study in every spelling and as a 64-bit integer; an unencrypted table or pickle of any kind is a hit too
(tests/canary.py).
"""

import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from assets.steps.intake.receiving import receive_file
from pipelines.demonstration import open_and_decide
from samkorning.errors import FileRefused
from tests.canary import hits
from tests.factories import PROJECT
from tests.office import ENGINEER, Office
from tests.patience import PATIENCE
from tests.pipeline.test_formats_delivered import ALL, asking

REGISTER_STUDY = (PROJECT / "data" / "sample" / "order_register_study.yaml").read_text(encoding="utf-8")


def run(office: Office, *arguments: str) -> tuple[int, str]:
    """Runs the program as its users do, with a temporary folder of its own."""
    temporary = office.folder / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "TMPDIR": str(temporary),
        "POLARS_TEMP_DIR": str(temporary),
        "XDG_CACHE_HOME": str(temporary),
    }
    command = [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=temporary, timeout=PATIENCE)
    (office.folder / "tmp" / "printed.txt").write_text(done.stdout + done.stderr)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def canaries(office: Office) -> list[int]:
    """Numbers of the study, present and former."""
    former = office.world.history["old_number"].to_list()
    return sorted(office.world.study().to_list())[:60] + former[:10]


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    number = 221101012394
    for name, content in {
        "text": b"x 110101-2394 y",
        "integer": b"ab" + struct.pack("<q", number),
        "wide": str(number).encode("utf-16-le"),
        "table": b"PAR1....PAR1",
        "frame": pickle.dumps({"a": 1}),
        f"named {number}": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    found = {hit.split(":")[0] for hit in hits(tmp_path, [number])}
    assert found == {"text", "integer", "wide", "table", "frame", "the name of a file of 0 bytes"}


def named_after_a_person(office: Office, number: int) -> Path:
    """The region's file, which its sender has named after a person."""
    path = office.folder / f"labb_{number}.xlsx"
    path.write_bytes(office.sent("region_labb").read_bytes())
    return path


def contradicting(office: Office, numbers: list[int]) -> Path:
    """A number history in which one person's old number became two new ones."""
    path = office.folder / "history.csv"
    changes = [f"{numbers[0]};{new};;" for new in numbers[1:3]]
    path.write_text("\n".join(["old_number;new_number;changed_on;source", *changes, ""]))
    return path


@pytest.mark.slow
def test_nothing_lies_in_clear_after_a_good_run(office: Office, canaries: list[int]) -> None:
    case = office.ready_case()
    office.release_holders(case, "Region Exempel")
    named = named_after_a_person(office, canaries[0])
    receive_file(office.desk, office.desk.case(case), "region_labb", named, ENGINEER)
    code, printed = run(office, "deliver", case)
    assert code == 0, printed
    assert hits(office.desk.home.root, canaries) == []
    assert hits(office.folder / "tmp", canaries) == []


@pytest.mark.slow
def test_nothing_lies_in_clear_after_failing_runs(office: Office, canaries: list[int]) -> None:
    case = office.ready_case(
        ("      holder: Exempelregistret", "      holder: Exempelregistret\n      linked_share_at_least: 1.0")
    )
    stopped, printed = run(office, "deliver", case)
    assert stopped == 1, printed
    broken = next(office.desk.home.vault.glob(f"{case}/code_key/received.population/*/*.parquet"))
    content = bytearray(broken.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    damaged, printed = run(office, "deliver", case)
    assert damaged == 3, printed
    cut = named_after_a_person(office, canaries[0])
    cut.write_bytes(cut.read_bytes()[:-100])
    with pytest.raises(FileRefused):
        receive_file(office.desk, office.desk.case(case), "region_labb", cut, ENGINEER)
    with pytest.raises(FileRefused, match="several new ones"):
        receive_file(
            office.desk, office.desk.case(case), "number_history", contradicting(office, canaries), ENGINEER, "late"
        )
    assert hits(office.desk.home.root, canaries) == []
    assert hits(office.folder / "tmp", canaries) == []


@pytest.mark.slow
def test_nothing_lies_in_clear_after_a_delivery_in_every_form_and_its_rebuilding(
    office: Office, canaries: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every format, the report in print, one row per person, a replacement, both built again, and their letters."""
    monkeypatch.setenv("SAMKORNING_REPORTS", '["html", "pdf"]')
    case = office.ready_case(*asking(ALL), ("specification:\n", "specification:\n  one_row_per_person: true\n"))
    corrected = office.folder / "corrected.csv"
    lines = office.sent("diabetes").read_bytes().splitlines(keepends=True)
    corrected.write_bytes(b"".join(lines[:-5]))
    for arguments in (("deliver", case), ("delivery", "rebuild", case, "L001", "--engine", "duckdb", "--as", "Olle")):
        code, printed = run(office, *arguments)
        assert code == 0, printed
        assert hits(office.folder / "tmp", canaries) == []
    receive_file(office.desk, office.desk.case(case), "diabetes", corrected, ENGINEER)
    office.replace(case, "diabetes")
    for arguments in (
        ("deliver", case),
        ("delivery", "rebuild", case, "L002", "--as", "Olle"),
        ("case", "show", case),
        ("letter", "send", case, "delivery", "--as", "Olle"),
    ):
        code, printed = run(office, *arguments)
        assert code == 0, printed
        assert hits(office.folder / "tmp", canaries) == []
    assert hits(office.desk.home.root, canaries) == []
    assert len(list(office.desk.home.letters(case).glob("*_delivery/brev.html"))) == 2


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_nothing_lies_in_clear_after_a_study_that_the_service_draws(tmp_path: Path, engine: str) -> None:
    """Selection, controls, relatives, an opt-out list that is taken and one that is refused, and a draw by hand."""
    office = Office(tmp_path, persons=1_500)
    text = REGISTER_STUDY.replace("  approximate_price_sek", f"  engine: {engine}\n  approximate_price_sek")
    case = open_and_decide(office.desk, text, (), lambda line: None)
    for register in ("PAR_SV", "LMED", "DORS"):
        office.load(register)
    for register in ("BEFOLKNING", "BOENDE", "FLERGEN"):
        office.load(register, 2220)
    patients = office.world.register("PAR_SV", 2220)["number"].unique(maintain_order=True).to_list()
    numbers = [*patients[:20], *office.world.persons["number"].to_list()[:20]]  # a long search is a slow one
    listed, damaged = tmp_path / "list.csv", tmp_path / "damaged.csv"
    listed.write_text(f"number\n{numbers[0]}\n{numbers[1]}\n")
    damaged.write_text(f"number\n{numbers[2]}\n{numbers[3] + 1}0\n")
    for arguments, code in (
        (("register", "opt-out", str(listed)), 0),
        (("register", "opt-out", str(damaged)), 1),
        (("case", "draw", case, "--rehearse"), 0),
        (("deliver", case), 0),
        (("case", "draw", case, "--reason", "once more", "--as", "Olle"), 1),
    ):
        found, printed = run(office, *arguments)
        assert found == code, printed
        assert hits(office.folder / "tmp", numbers) == []
    assert hits(office.desk.home.root, numbers) == []
