"""The report: what it says in both languages, that it holds everything itself, and that its bytes repeat."""

import dataclasses
import html.parser
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from samkorning.delivery.changes import Change
from samkorning.delivery.changes.models import What
from samkorning.delivery.codebook import codebook
from samkorning.delivery.description import (
    DeliveredFile,
    DeliveredUnit,
    DeliveredVariable,
    DeliveryDescription,
    DeliveryKind,
    Recipient,
    SerialNumberFacts,
    UnitDifference,
)
from samkorning.delivery.lost_persons import ReportedLost
from samkorning.delivery.package.contents import described_documents
from samkorning.delivery.report import forms, making, printing
from samkorning.delivery.report.charts import bars, lines, pyramid
from samkorning.delivery.report.finishing import finished
from samkorning.delivery.report.making import report_documents, report_pages
from samkorning.delivery.report.words import ENGLISH, SWEDISH
from samkorning.delivery.row_difference import RowDifference
from samkorning.delivery.study_persons.groups import GROUPS
from samkorning.delivery.study_persons.models import StudyPersons, UnitPersons
from samkorning.errors import CheckFailed
from samkorning.linkage.row_flow import RowFlow
from samkorning.own_registers.catalogue.models import Break, Code
from samkorning.persons.attrition import AttritionStep
from tests.provenance import PROVENANCE
from tests.rendered import a_delivered_file

NAME = "ut_r_par_sv_36759_2021"
HOSTILE = '<script>alert("x")</script><img src="http://example.org/x">&amp;'
COUNTS = tuple(None if place % 7 == 3 else 30 + place for place in range(len(GROUPS)))
needs_pango = pytest.mark.skipif(not printing.can_print(), reason="Pango is not installed; make services installs it")


def a_file() -> DeliveredFile:
    frame = pl.DataFrame(
        {"LopNr": range(400), "KON": ["1", "2"] * 200, "INK": [n * 3.0 for n in range(400)], "AR": [2219] * 400}
    )
    codes = tuple(Code(code=code, label_sv=HOSTILE, label_en="man") for code in ("1", "2"))
    changed = Break(year=2219, note_sv="ny blankett", note_en="new form")
    variables = (
        DeliveredVariable("LopNr", "Löpnummer", "Serial number", "integer", 9),
        DeliveredVariable("KON", HOSTILE, HOSTILE, "text", 1, codes=codes, breaks=(changed,)),
        DeliveredVariable("INK", "Inkomst", "Income", "integer", 8, unit="kr"),
        DeliveredVariable("AR", "År", "Year", "integer", 4),
    )
    units = (DeliveredUnit("par_sv 2219", 1, "6" * 64, "L001"), DeliveredUnit("par_sv 2220", 1, "6" * 64))
    return a_delivered_file(NAME, frame, variables, units)


def a_description(**changes: Any) -> DeliveryDescription:
    files = (a_file(),)
    units = tuple(UnitPersons(unit, 200, COUNTS) for unit in ("par_sv 2219", "par_sv 2220"))
    description = DeliveryDescription(
        case="36759-2021",
        number="L002",
        kind=DeliveryKind.REPLACEMENT,
        synthetic=True,
        title=f"Bröstcancer {HOSTILE}",
        recipient=Recipient("Anna Exempel", "Exempeluniversitetet"),
        date=date(2221, 12, 31),
        files=files,
        row_flows=(
            RowFlow("par_sv 2219", 1500, 1200, {"not_in_population": 300}, persons=200, persons_without_rows=700),
            RowFlow("par_sv 2220", 9, 9),
            RowFlow("lisa", 90, 60, {"unknown_person": 20, "missing": 10}, persons=50),
        ),
        lost={"lisa": ReportedLost(15, {"unknown_person": 15}, 10)},
        awaited=("region_labb",),
        serial_numbers=SerialNumberFacts(900, 0),
        provenance=PROVENANCE,
        previous="L001",
        attrition=(
            AttritionStep("urval", "1", "Vårdade för diabetes", 1200),
            AttritionStep("urval", "2", "Vuxna", 900, 300),
        ),
        differences=(
            UnitDifference("par_sv 2219", "L001", RowDifference(1100, 3, 97, 4, {}, 2, 1)),
            UnitDifference("par_ov 2219", "L001", None),
        ),
        codebook=codebook(files, 5),
        changes=(Change(NAME, "KON", What.RENAMED, "SEX", "KON", "L001"),),
        persons=StudyPersons(900, COUNTS, units),
        reports=frozenset({"html"}),
    )
    return dataclasses.replace(description, **changes)


def page(name: str = "rapport.sv.html", **changes: Any) -> str:
    return report_documents(a_description(**changes))[name].decode()


class Loaded(html.parser.HTMLParser):
    """What a page would load or run, by element and attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "link", "img", "audio", "video", "base", "form"):
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href", "xlink:href")]


@pytest.mark.parametrize("name", ["rapport.sv.html", "report.en.html"])
def test_a_page_loads_and_runs_nothing(name: str) -> None:
    """No text of an order or catalogue becomes markup, and the page needs no network."""
    reader = Loaded()
    reader.feed(page(name))
    assert reader.found == []
    assert "url(" not in page(name)


SAID = {
    "rapport.sv.html": [
        "Rapport till utlämning L002", "ersättning för det som har rättats", "region_labb", "Vårdade för diabetes",
        "bortfall 300", "1\u00a0500", "ej i studien: 300", "nytt namn", "Det som levererades förut",
        "Brott 2219: ny blankett", "enhet kr", "Syntetiska uppgifter",
    ],
    "report.en.html": [
        "Report on delivery L002", "replacement of what has been corrected", "region_labb", "removed 300", "1,500",
        "not in population: 300", "renamed", "What was delivered before is not kept", "Break in 2219: new form",
        "unit kr",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_page_says_what_the_delivery_is(name: str) -> None:
    text = page(name)
    assert [phrase for phrase in SAID[name] if phrase not in text] == []


def test_what_is_suppressed_is_a_sign_on_the_page_too() -> None:
    shares = re.findall(r'<td class="name">par_sv 2219</td><td class="name">.*', page())
    assert len(shares) == 2
    assert all('<td class="number">–</td>' in row for row in shares)


def test_both_languages_have_the_same_words() -> None:
    assert set(SWEDISH.said) - set(ENGLISH.said) == {"type_text", "type_integer", "type_decimal", "type_date"}
    assert set(ENGLISH.said) <= set(SWEDISH.said)
    assert page("rapport.sv.html").count("<h2>") == page("report.en.html").count("<h2>") == 7


def test_persons_lost_stand_beside_the_rows_that_were_dropped() -> None:
    """And where they were not counted, that stands there; where no number can be read, nothing does."""
    text = page("report.en.html")
    lines = {line.split("<")[0]: line for line in text[text.index("Rows that came") :].split('<td class="name">')[:4]}
    assert '<td class="number">15</td><td>missing: 10, unknown person: 20 (persons: 15)' in lines["lisa"]
    assert '<td class="number">not counted</td>' in lines["par_sv 2219"]
    assert "(persons: –)" in page("report.en.html", lost={"lisa": ReportedLost(None, {"unknown_person": None}, 10)})


def test_a_first_delivery_of_little_has_a_short_page() -> None:
    text = page(previous=None, attrition=(), row_flows=(), persons=None, changes=(), differences=(), awaited=())
    assert text.count("<h2>") == 3
    assert "inget" in text.lower()


def drawn(svg: str) -> tuple[list[float], list[str]]:
    """How wide the bars are, and the text, of a chart that is well-formed."""
    root = ElementTree.fromstring(svg)  # of our own  # noqa: S314
    bars_drawn = [float(each.attrib["width"]) for each in root.iter("{http://www.w3.org/2000/svg}rect")]
    return bars_drawn, ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_bars_are_as_long_as_their_values_and_rows_of_one_name_are_one_bar() -> None:
    rows = [{"of": "lisa", "kind": kind, "value": value} for kind, value in (("a", 600), ("a", 600), ("b", 400))]
    wide, text = drawn(bars([*rows, {"of": "<&", "kind": "a", "value": 0}], ["lisa", "<&"], ["a", "b"], "Rader"))
    assert wide[:4] == [322.5, 107.5, 0.0, 0.0], "of 430 for 1,600"
    assert {"0", "1\N{NO-BREAK SPACE}600", "lisa", "<&", "a", "b", "Rader"} <= set(text)
    wide, text = drawn(bars([{"of": "x", "kind": "k", "value": 0.5}], ["x"], ["k"], "Andel", percent=True))
    assert (wide, text[:6]) == ([215.0], ["0%", "20%", "40%", "60%", "80%", "100%"])


def test_a_pyramid_has_its_kinds_on_both_sides_and_the_oldest_on_top() -> None:
    rows = [{"of": "0–9", "kind": "men", "value": 30}, {"of": "10–19", "kind": "women", "value": 15}]
    wide, text = drawn(pyramid(rows, ["0–9", "10–19"], ("men", "women"), "Persons"))
    assert wide[:4] == [0.0, 107.5, 215.0, 0.0]
    assert text[: text.index("Persons")] == ["30", "20", "10", "0", "10", "20", "30"]
    assert text.index("10–19") < text.index("0–9")


def test_lines_go_through_the_values_that_are_there() -> None:
    rows = [{"of": str(year), "kind": "cases", "value": year - 2220} for year in range(2220, 2224) if year != 2221]
    svg = lines(rows, [str(year) for year in range(2220, 2224)], ["cases"], "Ärenden")
    assert re.search(r'points="([^"]+)"', svg)[1].split() == ["70,240", "350,80", "490,0"]  # type: ignore[index]
    assert drawn(svg)[1][0] == "Ärenden"
    assert drawn(lines([], [], ["cases"], "Ärenden"))[0] == []


def test_a_chart_has_no_long_fractions() -> None:
    """Long rows of digits look like identity numbers to the leak scan."""
    rows = [{"of": f"unit {n}", "kind": "rows", "value": 10 / (n + 3)} for n in range(9)]
    chart = bars(rows, [str(row["of"]) for row in rows], ["rows"], "Rows")
    assert not re.search(r"\.\d{2,}", chart)


def test_the_forms_that_are_asked_for_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "can_print", lambda: False)
    both = a_description(reports=frozenset({"html", "pdf"}))
    assert list(report_documents(both)) == ["rapport.sv.html", "report.en.html"]
    assert forms.forms_left_out(both) == ("pdf",)
    assert report_documents(a_description(reports=frozenset())) == {}
    assert "`rapport.sv.html`, `report.en.html`" in described_documents(both)["LÄSMIG.md"].decode()


def test_what_is_scanned_in_the_place_of_a_print_is_its_page() -> None:
    assert list(report_pages(a_description(reports=frozenset({"pdf"})))) == ["rapport.sv.html", "report.en.html"]


def test_a_document_that_cannot_be_looked_through_stops_the_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no text were not looked at, and are never called clean."""
    from assets.steps.delivery import scanning

    monkeypatch.setattr(scanning, "describe", lambda *_: a_description())
    monkeypatch.setattr(scanning, "documents_to_scan", lambda _: {"bild.png": b"\x89PNG\r\n\x1a\n\x00\x00"})
    anything: Any = None
    with pytest.raises(CheckFailed, match=r"bild\.png cannot be looked through"):
        list(scanning._documents(anything, anything, anything))


@pytest.mark.slow
@needs_pango
def test_a_print_repeats_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the day nor the process stands in it."""
    description = a_description(reports=frozenset({"pdf"}))
    first = report_documents(description)
    assert sorted(first) == ["rapport.sv.pdf", "report.en.pdf"]
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert report_documents(description) == first
    assert first["rapport.sv.pdf"].startswith(b"%PDF-")
    printing._fonts.cache_clear()
    draft = making.report_drafts(description)[1]  # printed alone, with no fonts loaded before
    assert finished([draft])["report.en.pdf"] == first["report.en.pdf"]


@needs_pango
@pytest.mark.services
@pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="poppler-utils is not installed; make services installs it"
)
def test_a_print_is_pages_with_text_that_is_not_cut(tmp_path: Path) -> None:
    """Every word of the page is in the print, inside the margins of A4, under page numbers."""
    content = report_documents(a_description(reports=frozenset({"pdf"})))["rapport.sv.pdf"]
    (tmp_path / "r.pdf").write_bytes(content)
    subprocess.run(["pdftotext", "-bbox", "r.pdf", "r.html"], cwd=tmp_path, check=True)
    words = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>',
        (tmp_path / "r.html").read_text(),
    )
    assert {"Rapport", "Kodbok", "Länkade", "Sida"} <= {word[4] for word in words}
    a4, margin = (595.28, 841.89), 36
    for left, top, right, bottom, word in words:
        assert float(left) >= margin and float(right) <= a4[0] - margin, word
        assert float(top) >= margin and float(bottom) <= a4[1] - 20, word
    subprocess.run(["pdftoppm", "-r", "40", "-png", "r.pdf", "p"], cwd=tmp_path, check=True)
    pictures = sorted(tmp_path.glob("p*.png"))
    assert len(pictures) >= 2
    assert all(picture.stat().st_size > 2_000 for picture in pictures), "no page is blank"
