"""Letters as pages: the pictures of docs/letters.md, and nothing cut with the longest names and most registers."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from samkorning.case.letters.pages import PDF_VARIANT, Page
from samkorning.case.letters.parties import Service
from samkorning.delivery.report.printing import can_print, printed
from tests.factories import PROJECT
from tests.letters import (
    LONG_HOLDER,
    LONG_PERSON,
    LONG_PRINCIPAL,
    PAYER,
    every_occasion,
    long_order,
    pages,
    surroundings,
)
from tests.spec.letters_page import PICTURES

NEEDED = pytest.mark.skipif(
    not can_print() or shutil.which("pdftoppm") is None, reason="pages need Pango and Poppler (make services)"
)
pytestmark = [pytest.mark.services, NEEDED]
LONG_SERVICE = Service(
    name="Exempelmyndigheten för nationella hälsodataregister och registerbaserad forskning",
    unit="Avdelningen för register och statistik, enheten för registerservice",
    email="registerservice.forskning.och.statistik@example.org",
    telephone="08-000 00 00",
)


def _pdf(page: Page, folder: Path) -> Path:
    path = folder / f"{page.letter}_{page.language}.pdf"
    path.write_bytes(printed(page.html, page.identifier, PDF_VARIANT))
    return path


@pytest.mark.slow
def test_the_pictures_are_first_pages_of_letters(tmp_path: Path) -> None:
    """With SAMKORNING_PICTURES=1 they are written to docs/pictures, to be looked at and kept."""
    kept = PROJECT / "docs" / "pictures"
    folder = kept if os.environ.get("SAMKORNING_PICTURES") else tmp_path
    letters = {
        language: {page.letter: page for page in pages(every_occasion(), language).values()}
        for language in ("sv", "en")
    }
    for name, language in PICTURES.items():
        to = folder / f"letter-{name}-{language}"
        command = ["pdftoppm", "-r", "45", "-png", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run(
            [*command, str(_pdf(letters[language][name], tmp_path)), str(to)], check=True, capture_output=True
        )
        assert to.with_suffix(".png").stat().st_size > 5_000, "none is an empty page"
    shown = set(
        re.findall(r"\(pictures/(letter-[a-z_]+-[a-z]+\.png)\)", (PROJECT / "docs" / "letters.md").read_text("utf-8"))
    )
    assert shown == {f"letter-{name}-{language}.png" for name, language in PICTURES.items()}
    assert shown <= {path.name for path in kept.glob("*.png")}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["sv", "en"])
def test_nothing_of_the_longest_letters_lies_outside_their_pages(language: str, tmp_path: Path) -> None:
    """Every word of a letter is found again in its print, within the margins."""
    around = surroundings(service=LONG_SERVICE, payers={LONG_PRINCIPAL: PAYER})
    letters = {
        page.letter: page for page in pages(every_occasion(long_order(), LONG_HOLDER), language, around).values()
    }
    for name in ("specification", "holder_request", "delivery", "decision", "invoice"):
        path = _pdf(letters[name], tmp_path)
        found = subprocess.run(
            ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True
        ).stdout
        words = re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)" yMax="[\d.-]+">(.*?)</word>', found)
        assert all(float(left) >= 60 and float(right) <= 596 - 60 for left, right, _ in words), name
        read = _letters_alone("".join(word for *_, word in words))
        for part in (LONG_PERSON.split()[-1], "region_labb" if name in ("specification", "delivery") else "36759"):
            assert _letters_alone(part) in read, (name, part)


def _letters_alone(text: str) -> str:
    return re.sub(r"[^\w]", "", text)
