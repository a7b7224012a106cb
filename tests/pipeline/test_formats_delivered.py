"""A case that asks for every format: each file leaves in all of them, says the same in each, and is checked whole."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.steps.delivery.contents import render_files
from assets.steps.delivery.delivering import present_plan
from assets.steps.delivery.scanning import leaks
from samkorning.delivery import compare_packages, verify_package
from samkorning.delivery.formats import FORMATS
from samkorning.delivery.package.manifest import MANIFEST, read_manifest
from samkorning.encryption.signing import public_key
from samkorning.errors import SamkorningError
from tests.data_formats import rows_of
from tests.office import Office

ALL = ", ".join(FORMATS)
KEPT = "[Besoksdatum, Debutdatum, HbA1c, BMI, Insulin, Pump, Rokning_Beskrivning]"


def asking(formats: str) -> list[tuple[str, str]]:
    """An order of these formats, without the variable whose name statistics programs do not take."""
    sent = "      identifiers:\n        - {column: PERSNR, serial_name: LopNr}\n"
    return [
        ("specification:\n", f"specification:\n  formats: [{formats}]\n"),
        (sent, f"{sent}      deliver: {KEPT}\n"),
    ]


def plain(value: Any) -> Any:
    """A value as every statistics program has it: numbers of one kind, empty text for what is missing in text."""
    return float(value) if isinstance(value, int | float) else value or None


def test_every_file_leaves_in_every_format_with_the_same_rows(office: Office) -> None:
    case = office.ready_case(*asking(ALL))
    folder = office.opened(office.deliver(case))
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    key = public_key(office.desk.signing_seed)
    assert verify_package(folder, key).ok
    checked = subprocess.run([sys.executable, folder / "verify.py"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout

    stems = {entry.name.rpartition(".")[0] for entry in manifest.files}
    assert {(entry.name, entry.format) for entry in manifest.files} == {
        (f"{stem}{form.ending}", name) for stem in stems for name, form in FORMATS.items()
    }
    for stem in stems:
        _same_in_all(folder, stem, {entry.rows for entry in manifest.files if entry.name.startswith(f"{stem}.")})
    page = (folder / "README.md").read_text()
    assert "SPSS (`.sav`, UTF-8)" in page and "%xpt2loc" in page
    assert all(f"`{entry.name}`" in page for entry in manifest.files)
    same = compare_packages(folder, folder)
    assert not same.changed and same.serial_numbers["LopNr"].only_in_first == 0


def _same_in_all(folder: Path, stem: str, rows: set[int]) -> None:
    typed = pl.read_parquet(folder / f"{stem}.parquet")
    assert rows == {typed.height}
    expected = [tuple(map(plain, row)) for row in typed.rows()]
    for name in ("spss", "stata", "sas_transport", "excel"):
        content = (folder / f"{stem}{FORMATS[name].ending}").read_bytes()
        assert [tuple(map(plain, row)) for row in rows_of(content, name)] == expected, (stem, name)
    lines = [rows_of((folder / f"{stem}{FORMATS[name].ending}").read_bytes(), name) for name in ("csv", "tab")]
    assert lines[0] == lines[1] and len(lines[0]) == typed.height
    assert [int(row[0]) for row in lines[0]] == typed.to_series(0).to_list()


@pytest.mark.slow
def test_text_of_a_holder_becomes_what_it_was_declared_as_where_all_of_it_is(office: Office) -> None:
    case = office.ready_case(*asking("parquet, spss"))
    folder = office.opened(office.deliver(case))
    assert {path.suffix for path in (folder / "data").iterdir()} == {".parquet", ".sav"}
    visits = pl.read_parquet(next((folder / "data").glob("*diabetes*.parquet")))
    types = dict(visits.schema)
    assert types["LopNr"] == pl.Int32 and types["Besoksdatum"] == pl.Date and types["HbA1c"] == pl.Float64
    assert types["Debutdatum"] == pl.String, "partial dates stay text"
    assert isinstance(visits["Besoksdatum"].drop_nulls()[0], date)


def test_a_file_that_a_format_cannot_hold_is_refused_before_it_is_put_together(office: Office) -> None:
    path = office.sent("lisa")
    text = path.read_text(encoding="cp1252").replace(";Uppsala", ";" + "U" * 3000)
    assert "U" * 3000 in text
    path.write_text(text, encoding="cp1252")
    case = office.ready_case(*asking("csv, stata"))
    with pytest.raises(SamkorningError, match=r"lisa.*stata: KommunNamn has text longer than 2044 bytes; choose csv"):
        office.deliver(case)


@pytest.mark.slow
def test_labels_within_files_are_scanned_as_documents_are(office: Office) -> None:
    case = office.ready_case(*asking("spss"))
    opened = office.desk.case(case)
    office.deliver(case)
    plan = present_plan(office.desk, opened)
    number = office.world.study()[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assets.steps.delivery.scanning.texts_within_files", lambda _: {"data/x": f"label {number}"})
        render_files(office.desk, opened, plan.files)
        found = leaks(office.desk, opened, plan)
    assert any(re.match("data/x", each.file) for each in found)
