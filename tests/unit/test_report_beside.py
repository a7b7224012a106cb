"""A report made in a process beside is the one that is made here, and is made here where that process fails."""

import sys
from functools import partial
from pathlib import Path

import pytest

from samkorning.delivery import seal_package
from samkorning.delivery.package import sealing
from samkorning.delivery.report import beside
from samkorning.delivery.report.beside import made_beside
from samkorning.delivery.report.finishing import Draft, finished
from samkorning.delivery.report.making import report_documents, report_drafts
from samkorning.encryption import age
from tests.unit.test_report import a_description

PAGES = [Draft("<p>å &lt;</p>", html="rapport.sv.html"), Draft("<p>x</p>", html="report.en.html")]
FILES = {"rapport.sv.html": "<p>å &lt;</p>".encode(), "report.en.html": b"<p>x</p>"}


def test_the_process_beside_makes_what_is_made_here() -> None:
    description = a_description(reports=frozenset({"html", "pdf"}))
    with made_beside(partial(report_drafts, description)) as report:
        found = report()
        assert report() == found
    assert found == report_documents(description)
    assert found["rapport.sv.html"].count(b"<svg") == 3


@pytest.mark.parametrize(
    "program", ["import sys; sys.exit(3)", "print('no report')", "import os; os.kill(os.getpid(), 9)"]
)
def test_where_the_process_fails_the_report_is_made_here(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_PROGRAM", program)
    with made_beside(lambda: PAGES) as report:
        assert report() == FILES


def test_where_no_process_starts_the_report_is_made_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with made_beside(lambda: PAGES) as report:
        assert report() == FILES


def test_the_process_ends_with_what_it_was_started_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_PROGRAM", "import time; time.sleep(600)")
    started = beside._started()
    monkeypatch.setattr(beside, "_started", lambda: started)
    with pytest.raises(KeyError), made_beside(lambda: PAGES):
        raise KeyError
    assert started is not None and started.returncode == -9


def test_the_process_ends_where_the_pages_cannot_be_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_PROGRAM", "import time; time.sleep(600)")
    started = beside._started()
    monkeypatch.setattr(beside, "_started", lambda: started)
    with pytest.raises(KeyError), made_beside(lambda: {}["pages"]):
        raise AssertionError("there is no report to wait for")
    assert started is not None and started.returncode == -9


def test_what_is_sealed_with_a_report_made_beside_is_what_is_sealed_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    description, recipient = a_description(), age.create_identity().recipient
    here = seal_package(description, tmp_path / "here", recipient, bytes(32)).manifest
    monkeypatch.setattr(sealing, "MUCH", 0)
    asked = list[object]()
    monkeypatch.setattr(beside, "finished", lambda drafts: asked.append(drafts) or finished(drafts))
    assert seal_package(description, tmp_path / "beside", recipient, bytes(32)).manifest == here
    assert not asked, "the process has failed"
