"""Intake into the vault: streamed, accounted for, all or nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.steps import stores
from assets.steps.intake.receiving import receive_file
from samkorning.case import EventKind
from samkorning.errors import FileRefused, NotFound
from samkorning.register_files.content import content
from tests.office import ENGINEER, Office

SOURCE = "diabetes"
TOLERANT = ("        encoding: utf-8-sig\n", "        encoding: utf-8-sig\n        tolerance: 0.01\n")


def a_case(office: Office, *changes: tuple[str, str]) -> str:
    case = office.open_case(*changes)
    office.decide(case)
    return case


def sent(office: Office, *more: str, repeats: int = 1) -> Path:
    """The quality register's file with its rows repeated and more lines behind them."""
    header, *rows = office.sent(SOURCE).read_text(encoding="utf-8-sig").splitlines()
    path = office.folder / "large.csv"
    path.write_text("\r\n".join([header, *rows * repeats, *more, ""]), encoding="utf-8-sig", newline="")
    return path


def stored_files(office: Office, case: str) -> list[Path]:
    return [path for path in (office.desk.home.vault / case).rglob("*.parquet") if f"received.{SOURCE}" in str(path)]


def test_a_file_that_is_refused_at_its_end_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "BLOCK", 32 * 1024)
    case = a_case(office)
    many = sent(office, "one;field;too;few", repeats=100)
    with pytest.raises(FileRefused, match=r"1 of [0-9]+ rows are damaged"):
        receive_file(office.desk, office.desk.case(case), SOURCE, many, ENGINEER)
    found = office.desk.case(case)
    assert found.events[-1].kind is EventKind.FILE_REFUSED
    assert found.events[-1].detail["refused_rows"] == 1
    assert found.events[-1].detail["rows"] > 10_000
    assert stored_files(office, case) == []
    assert stores.received(office.desk, found, SOURCE).latest() is None


def test_an_unknown_source_is_told_every_file_that_the_case_awaits(office: Office) -> None:
    case = a_case(office)
    with pytest.raises(NotFound, match="it awaits: population, number_history, lisa, "):
        receive_file(office.desk, office.desk.case(case), "liza", office.sent(SOURCE), ENGINEER)


def test_a_refused_correction_leaves_the_former_file_in_force(office: Office) -> None:
    case = a_case(office)
    office.receive(case, SOURCE)
    before = stores.received(office.desk, office.desk.case(case), SOURCE).latest()
    with pytest.raises(FileRefused):
        receive_file(office.desk, office.desk.case(case), SOURCE, sent(office, "too;few"), ENGINEER)
    assert stores.received(office.desk, office.desk.case(case), SOURCE).latest() == before
    assert len(stored_files(office, case)) == 1


def test_a_correction_takes_the_former_ones_place_and_both_stay_in_the_ledger(office: Office) -> None:
    case = a_case(office)
    office.receive(case, SOURCE)
    taken = receive_file(office.desk, office.desk.case(case), SOURCE, sent(office, repeats=2), ENGINEER)
    received = office.desk.case(case).of(EventKind.FILE_RECEIVED)
    assert [event.detail["generation"] for event in received] == [1, 2]
    assert stores.received(office.desk, office.desk.case(case), SOURCE).scan().collect().height == taken.rows


def test_the_event_holds_the_account_of_the_file(office: Office) -> None:
    case = a_case(office, TOLERANT)
    taken = receive_file(office.desk, office.desk.case(case), SOURCE, sent(office, "too;few", repeats=2), ENGINEER)
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    assert (detail["rows"], detail["refused_rows"]) == (taken.rows, 1)
    assert detail["records"] == taken.rows + 1 + 1
    assert detail["duplicate_rows"] >= taken.rows // 2
    assert (detail["format"], detail["encoding"]) == ("delimited", "utf-8-sig")


@pytest.mark.parametrize(("difference", "accepted"), [(0, True), (1, False), (-1, False)])
def test_the_declared_number_of_rows_is_compared(office: Office, difference: int, accepted: bool) -> None:
    rows = len(office.sent(SOURCE).read_text(encoding="utf-8-sig").splitlines()) - 1 + difference
    declared = f"        encoding: utf-8-sig\n        declared_rows: {rows}\n"
    case = a_case(office, ("        encoding: utf-8-sig\n", declared))
    if accepted:
        office.receive(case, SOURCE)
        return
    with pytest.raises(FileRefused, match=f"{rows} rows are declared"):
        office.receive(case, SOURCE)
    assert stored_files(office, case) == []


def test_the_sender_gets_a_report_whether_the_file_is_accepted_or_not(office: Office) -> None:
    case = a_case(office)
    with pytest.raises(FileRefused):
        receive_file(office.desk, office.desk.case(case), SOURCE, sent(office, "too;few"), ENGINEER)
    office.receive(case, SOURCE)
    paths = sorted(office.desk.home.reports(case).iterdir())
    assert [path.suffix for path in paths] == [".html", ".json", ".html", ".json"]
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.suffix == ".json"]
    assert {(report["accepted"], report["source"]) for report in reports} == {(True, SOURCE), (False, SOURCE)}


def identifying(office: Office) -> Path:
    """The file with one number of a person in words, and a column of names more."""
    header, *rows = office.sent(SOURCE).read_text(encoding="utf-8-sig").splitlines()
    number = str(office.world.study()[0])
    words = [row.replace("Slutat röka", f"se {number[:8]}-{number[8:]}") for row in rows]
    path = office.folder / "identifying.csv"
    path.write_text(
        "\r\n".join([f"{header};Namn", *(f"{row};Eva" for row in words), ""]), encoding="utf-8-sig", newline=""
    )
    return path


def policy(word: str) -> tuple[str, str]:
    return "        encoding: utf-8-sig\n", f"        encoding: utf-8-sig\n        other_identifying: {word}\n"


@pytest.mark.parametrize("with_name", [True, False])
def test_other_identifying_content_is_refused_without_a_word_of_it(office: Office, with_name: bool) -> None:
    case = a_case(office)
    path = identifying(office)
    if not with_name:
        text = path.read_text(encoding="utf-8-sig").replace(";Namn", ";Annat")
        path.write_text(text, encoding="utf-8-sig", newline="")
    with pytest.raises(FileRefused, match="Namn" if with_name else r"Rokning_Beskrivning \([0-9]+ values\)") as refused:
        receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    assert str(office.world.study()[0])[:8] not in str(refused.value)
    assert stored_files(office, case) == []


def test_other_identifying_content_is_dropped_and_counted(office: Office) -> None:
    case = a_case(office, policy("drop"))
    taken = receive_file(office.desk, office.desk.case(case), SOURCE, identifying(office), ENGINEER)
    rows = stores.received(office.desk, office.desk.case(case), SOURCE).scan().collect()
    assert rows.select("Namn", "Rokning_Beskrivning").null_count().row(0) == (taken.rows, taken.rows)
    assert rows["PERSNR"].count() > 0 and rows["BMI"].count() > 0
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    assert detail["identifying_names"] == ["Namn"]
    assert detail["identifying_values"]["Rokning_Beskrivning"] > 0
    assert detail["other_identifying"] == "drop"


def test_other_identifying_content_is_accepted_and_counted(office: Office) -> None:
    case = a_case(office, policy("accept"))
    receive_file(office.desk, office.desk.case(case), SOURCE, identifying(office), ENGINEER)
    rows = stores.received(office.desk, office.desk.case(case), SOURCE).scan().collect()
    assert rows["Namn"].null_count() == 0
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    assert (detail["other_identifying"], detail["identifying_names"]) == ("accept", ["Namn"])


_TAKE_IN = """
import json, sys
from pathlib import Path
from assets.steps.intake.receiving import receive_file
from resources.desk import Desk
desk = Desk.at(Path(sys.argv[1]))
taken = receive_file(desk, desk.case(sys.argv[2]), "diabetes", Path(sys.argv[3]), "Erik")
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({"rows": taken.rows, "most_kB": int(status["VmHWM"].split()[0])}))
"""


@pytest.mark.slow
def test_text_of_half_a_gigabyte_is_taken_in_with_less_than_a_gigabyte_of_memory(office: Office) -> None:
    case = a_case(office)
    path = sent(office)
    header, rows = path.read_bytes().split(b"\r\n", 1)
    with path.open("wb") as file:
        file.write(header + b"\r\n")
        while file.tell() < 512 * 1024 * 1024:
            file.write(rows * 20)
    run = subprocess.run(
        [sys.executable, "-c", _TAKE_IN, str(office.desk.home.root), case, str(path)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    said = json.loads(run.stdout)
    assert said["rows"] > 5_000_000
    assert said["most_kB"] < 1024 * 1024
