"""docs/delivery.md shows a package as it is: it names every file, and its pictures are pages of a real report."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from samkorning.delivery.report.printing import can_print
from tests.factories import PROJECT
from tests.office import Office

PAGE = PROJECT / "docs" / "delivery.md"
PICTURES = {"report": (1, 2), "persons": (4, 4), "codebook": (5, 5)}
"""Pages of the English report by the stem of their pictures: first and last."""
NEEDED = pytest.mark.skipif(
    shutil.which("pdftoppm") is None or not can_print(), reason="needs poppler-utils and Pango: make services"
)

pytestmark = pytest.mark.slow


@pytest.fixture
def package(office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first delivery of the sample case, opened, with its report in every form that can be made here."""
    monkeypatch.setenv("SAMKORNING_REPORTS", '["html", "pdf"]')
    office.persons = 2000
    return office.opened(office.deliver(office.ready_case()))


def test_the_page_names_every_file_of_a_package_and_no_other(package: Path) -> None:
    found = {path.name for path in package.iterdir() if path.is_file()}
    named = set(re.findall(r"^\| `([^`/*]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    only_sometimes = {"urval.csv", "balans.csv", "andringar.csv", "skillnad.json"}
    printed = {"rapport.sv.pdf", "report.en.pdf"} if not can_print() else set()
    assert found == named - only_sometimes - printed
    assert only_sometimes <= named


@NEEDED
@pytest.mark.services
def test_the_pictures_are_pages_of_a_report(package: Path, tmp_path: Path) -> None:
    """With SAMKORNING_PICTURES=1 they are written to docs/pictures, to be looked at and kept."""
    keeps = bool(os.environ.get("SAMKORNING_PICTURES"))
    folder = PROJECT / "docs" / "pictures" if keeps else tmp_path
    folder.mkdir(exist_ok=True)
    for stem, (first, last) in PICTURES.items():
        pages = ["-f", str(first), "-l", str(last)]
        command = ["pdftoppm", "-r", "60", "-png", *pages, str(package / "report.en.pdf"), str(folder / stem)]
        subprocess.run(command, check=True, capture_output=True)
    made = {path.name for path in folder.glob("*.png")}
    shown = set(re.findall(r"\(pictures/([a-z]+-\d+\.png)\)", PAGE.read_text("utf-8")))
    assert shown and shown <= made
    assert shown <= {path.name for path in (PROJECT / "docs" / "pictures").glob("*.png")}
    assert all((folder / name).stat().st_size > 5_000 for name in shown), "none is an empty page"
