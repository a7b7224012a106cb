"""A file that somebody named after a person: no ledger, report, list, message or file of ours repeats the number."""

import json
from pathlib import Path

import pytest

from assets.steps.intake.inbox_files import not_yet_whole, receive_or_set_aside
from assets.steps.intake.receiving import receive_file, receive_held_files
from assets.steps.intake.unmatched import unmatched_files
from assets.steps.persons.code_keys import ImportedFile, import_from_file
from resources.inbox import WaitingFile
from samkorning.case import EventKind
from samkorning.errors import FileRefused, RuleRefused
from tests.canary import hits
from tests.office import ENGINEER, Office

SHOWN = "svar [number].csv"


@pytest.fixture
def number(office: Office) -> int:
    return int(office.world.study()[0])


@pytest.fixture
def case(office: Office) -> str:
    return office.open_case()


def named(office: Office, number: int, content: bytes | None = None, folder: Path | None = None) -> Path:
    digits = str(number)
    folder = folder or office.folder
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"svar {digits[:8]}-{digits[8:]}.csv"
    path.write_bytes(office.sent("diabetes").read_bytes() if content is None else content)
    return path


def kept_names(office: Office, case: str) -> list[str]:
    about_files = (EventKind.FILE_RECEIVED, EventKind.FILE_REFUSED, EventKind.FILE_QUARANTINED)
    return [event.detail["file"] for event in office.desk.case(case).of(*about_files)]


def test_when_it_is_taken_in_or_refused(office: Office, case: str, number: int) -> None:
    office.decide(case)
    receive_file(office.desk, office.desk.case(case), "diabetes", named(office, number), ENGINEER)
    with pytest.raises(FileRefused) as refused:
        receive_file(office.desk, office.desk.case(case), "diabetes", named(office, number, b"a;b\n1\n"), ENGINEER)
    assert str(refused.value).startswith(f"{SHOWN}: ")
    assert kept_names(office, case) == [SHOWN, SHOWN]
    reports = office.desk.home.reports(case).glob("*.json")
    assert [json.loads(report.read_text())["file"] for report in reports] == [SHOWN, SHOWN]
    assert hits(office.desk.home.root, [number]) == []


def test_when_it_comes_before_the_decision(office: Office, case: str, number: int) -> None:
    with pytest.raises(RuleRefused) as early:
        receive_file(office.desk, office.desk.case(case), "diabetes", named(office, number), ENGINEER)
    assert SHOWN in str(early.value) and str(number)[8:] not in str(early.value)
    office.decide(case)
    receive_held_files(office.desk, case, ENGINEER)
    assert kept_names(office, case) == [SHOWN, SHOWN]
    assert hits(office.desk.home.root, [number]) == []


def test_when_nobody_awaits_it_or_it_is_not_whole(office: Office, case: str, number: int) -> None:
    path = named(office, number, folder=office.desk.home.inbox(case, "diabets"))
    assert [each.file for each in not_yet_whole(office.desk)] == [SHOWN]
    assert receive_or_set_aside(office.desk, WaitingFile(case, "diabets", path), ENGINEER)
    assert [each.file for each in unmatched_files(office.desk)] == [SHOWN]
    assert hits(office.desk.home.root, [number]) == []


def test_when_it_holds_another_authoritys_code_key(office: Office, case: str, number: int) -> None:
    office.decide(case)
    pairs = named(office, number, f"number;serial_number\n{number};1001\n".encode())
    import_from_file(office.desk, office.desk.case(case), ImportedFile(pairs), ENGINEER)
    event = office.desk.case(case).last(EventKind.CODE_KEY_IMPORTED)
    assert event is not None and event.detail["file"] == SHOWN
    bad = named(office, number, f"number;serial_number\n{number};1\n".encode())
    with pytest.raises(FileRefused) as refused:
        import_from_file(office.desk, office.desk.case(case), ImportedFile(bad), ENGINEER)
    assert str(number)[8:] not in str(refused.value)
    assert hits(office.desk.home.root, [number]) == []
