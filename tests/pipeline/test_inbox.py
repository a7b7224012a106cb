"""The inbox through its sensor and job: a file is taken when it is whole, and told about when it is not."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps.intake import inbox_files
from assets.steps.intake.inbox_files import not_yet_whole
from assets.steps.intake.receiving import receive_file
from assets.steps.intake.unmatched import unmatched_files
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.triggers import inbox_sensor
from resources.clock import Clock
from resources.inbox import DONE, REFUSED, lying_files
from samkorning.case import EventKind
from samkorning.errors import GuardedFailure, RuleRefused
from samkorning.register_files.whole.wholeness import QUIET, SETTLED, Standing
from tests.commands import run_here
from tests.office import ENGINEER, Office


class Inbox:
    """One source's folder of a case, the sensor's looks at it, and time that passes."""

    def __init__(self, office: Office, case: str, source: str, instance: dg.DagsterInstance) -> None:
        self.office, self.case, self.instance = office, case, instance
        self.folder = office.desk.home.inbox(case, source)
        self.folder.mkdir(parents=True)
        self.whole = office.sent(source).read_bytes()
        self.later = timedelta()

    def put(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def asked(self) -> list[str | None]:
        """The keys of the runs that the sensor asks for."""
        looked = inbox_sensor(dg.build_sensor_context(instance=self.instance), desk=self.office.desk)
        self.skip_message = str(looked.skip_reason.skip_message if looked.skip_reason else "")
        return [request.run_key for request in looked.run_requests]

    def receive(self) -> None:
        job = build_definitions(self.office.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=self.instance, partition_key=self.case).success

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def kinds(self) -> list[EventKind]:
        about_files = (EventKind.FILE_RECEIVED, EventKind.FILE_REFUSED)
        return [event.kind for event in self.office.desk.case(self.case).of(*about_files)]


@pytest.fixture
def inbox_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Inbox]]:
    with dagster_instance(office.desk) as instance:

        def make(source: str = "diabetes", *changes: tuple[str, str], decided: bool = True) -> Inbox:
            case = office.open_case(*changes)
            if decided:
                office.decide(case)
            instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
            inbox = Inbox(office, case, source, instance)
            monkeypatch.setattr(Clock, "machine_time", lambda clock: datetime.now(UTC) + inbox.later)
            return inbox

        yield make


def run(inbox: Inbox, *arguments: str) -> tuple[int, str]:
    """The program's exit code and what it printed."""
    said = run_here(inbox.office.desk.home.root, arguments)
    return said.exit_code, said.printed


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() + "  file.csv\n"


def test_a_file_with_its_checksum_is_taken_and_both_are_removed(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    inbox.put("file.csv", inbox.whole)
    inbox.put("file.csv.sha256", digest(inbox.whole))
    assert len(inbox.asked()) == 1
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([EventKind.FILE_RECEIVED], [])


def test_a_checksum_that_does_not_fit_is_told_once_when_nothing_more_comes(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    inbox.put("file.csv", inbox.whole[:-10])
    inbox.put("file.csv.sha256", digest(inbox.whole))
    [first] = inbox.asked()
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([], ["file.csv", "file.csv.sha256"])
    assert [each.standing for each in not_yet_whole(inbox.office.desk)] == [Standing.AWAITS_CHECKSUM]
    inbox.later = SETTLED + QUIET
    [second] = inbox.asked()
    assert first != second, "another look is asked for when it has come to rest"
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([EventKind.FILE_REFUSED], [REFUSED])
    assert sorted(path.name for path in (inbox.folder / REFUSED).iterdir()) == ["file.csv", "file.csv.sha256"]
    assert inbox.asked() == []
    [report] = inbox.office.desk.home.reports(inbox.case).glob("*.json")
    [problem] = json.loads(report.read_text())["problems"]
    assert problem["what"]["sv"] == "innehållet är inte det som den medsända kontrollsumman anger"
    inbox.receive()
    assert inbox.kinds() == [EventKind.FILE_REFUSED]


def test_more_bytes_may_come_until_the_checksum_fits(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    path = inbox.put("file.csv", inbox.whole[:1000])
    inbox.put("file.csv.sha256", digest(inbox.whole))
    inbox.receive()
    with path.open("ab") as file:
        file.write(inbox.whole[1000:])
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([EventKind.FILE_RECEIVED], [])


def test_before_the_decision_a_checksum_that_does_not_fit_waits(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of(decided=False)
    inbox.put("file.csv", inbox.whole[:-10])
    inbox.put("file.csv.sha256", digest(inbox.whole))
    inbox.later = SETTLED
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([], ["file.csv", "file.csv.sha256"])


def test_a_workbook_is_taken_when_its_end_is_there_and_nothing_changes(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of("region_labb")
    path = inbox.put("file.xlsx", inbox.whole[:-10])
    inbox.later = QUIET
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([], ["file.xlsx"])
    inbox.later = timedelta()
    path.write_bytes(inbox.whole)
    assert inbox.asked() == []
    inbox.receive()
    assert inbox.names() == ["file.xlsx"], "it may still be written to"
    inbox.later = QUIET
    assert len(inbox.asked()) == 1
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([EventKind.FILE_RECEIVED], [])


def test_text_without_a_sign_is_never_taken_and_is_listed(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    inbox.put("file.csv", inbox.whole)
    inbox.later = timedelta(days=300)
    assert inbox.asked() == []
    assert f"{inbox.case}/diabetes (1)" in inbox.skip_message and "file.csv" not in inbox.skip_message
    inbox.receive()
    assert inbox.names() == ["file.csv"]
    inbox.later = timedelta()
    code, printed = run(inbox, "file", "held", "--json")
    [listed] = json.loads(printed)["waiting"]
    assert (code, listed["file"], listed["standing"]) == (0, "file.csv", "still_changing")
    [waiting] = not_yet_whole(inbox.office.desk)
    assert (waiting.case, waiting.source, waiting.file) == (inbox.case, "diabetes", "file.csv")


def test_the_declared_number_of_rows_shows_the_end(inbox_of: Callable[..., Inbox], office: Office) -> None:
    rows = len(office.sent("diabetes").read_bytes().splitlines()) - 1
    declared = f"        encoding: utf-8-sig\n        declared_rows: {rows}\n"
    inbox = inbox_of("diabetes", ("        encoding: utf-8-sig\n", declared))
    lines = inbox.whole.splitlines(keepends=True)
    path = inbox.put("file.csv", b"".join(lines[:-1]) + lines[-1][:-4])
    inbox.later = QUIET
    inbox.receive()
    assert inbox.names() == ["file.csv"], "as many rows, and the last one broken off"
    path.write_bytes(inbox.whole)
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([EventKind.FILE_RECEIVED], [])


def test_what_is_being_written_under_another_name_is_never_taken(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    names = ["file.csv.part", "file.tmp", "file.csv.filepart", ".file.csv", "~$file.xlsx"]
    for name in names:
        inbox.put(name, inbox.whole)
        inbox.put(name + DONE, b"")
    (inbox.folder / "folder").mkdir()
    inbox.put(f"folder{DONE}", b"")
    (inbox.folder / "link.csv").symlink_to(inbox.office.sent("diabetes"))
    inbox.put(f"link.csv{DONE}", b"")
    inbox.later = timedelta(days=1)
    before = inbox.names()
    assert inbox.asked() == []
    inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([], before)
    assert inbox.office.sent("diabetes").is_file()


def test_a_link_beside_a_file_is_no_sign_of_it(inbox_of: Callable[..., Inbox], tmp_path: Path) -> None:
    """It would let the service read, and tell about, a file that lies elsewhere."""
    inbox = inbox_of()
    path = inbox.put("file.csv", inbox.whole)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(hashlib.sha256(inbox.whole).hexdigest())
    path.with_name(path.name + ".sha256").symlink_to(elsewhere)
    path.with_name(path.name + DONE).symlink_to(elsewhere)
    inbox.receive()
    assert inbox.kinds() == []
    assert elsewhere.exists()


def test_an_inbox_file_taken_in_on_a_persons_word_leaves_the_inbox(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    path = inbox.put("file.csv", inbox.whole)
    inbox.put("file.csv.sha256", "none")
    desk = inbox.office.desk
    code, printed = run(inbox, "receive", inbox.case, "diabetes", str(path), "--as", ENGINEER)
    assert (code, inbox.names()) == (0, []), printed
    inbox.put("empty.csv", b"")
    code, printed = run(inbox, "receive", inbox.case, "diabetes", str(inbox.folder / "empty.csv"))
    assert (code, inbox.names()) == (1, [REFUSED]), printed
    other = inbox.office.open_case(number="2-2026")
    early = Inbox(inbox.office, other, "diabetes", inbox.instance)
    path = early.put("file.csv", early.whole)
    with pytest.raises(RuleRefused, match="held encrypted in quarantine"):
        receive_file(desk, desk.case(other), "diabetes", path, ENGINEER)
    assert early.names() == []
    elsewhere = inbox.office.sent("diabetes")
    receive_file(desk, desk.case(inbox.case), "diabetes", elsewhere, ENGINEER)
    assert elsewhere.is_file()


def test_a_file_of_another_name_is_told_and_set_aside_when_it_has_come_to_rest(inbox_of: Callable[..., Inbox]) -> None:
    agreed = "        encoding: utf-8-sig\n        name_pattern: diabetes_*.csv\n"
    inbox = inbox_of("diabetes", ("        encoding: utf-8-sig\n", agreed))
    inbox.put("file.csv", inbox.whole)
    inbox.later = QUIET
    assert inbox.asked() == [], "it may still be renamed"
    inbox.later = SETTLED
    assert len(inbox.asked()) == 1
    inbox.receive()
    inbox.put("other.csv", inbox.whole + b"\r\n")
    inbox.put(f"other.csv{DONE}", b"")
    inbox.put("Diabetes_2220.csv", inbox.whole)
    inbox.put(f"Diabetes_2220.csv{DONE}", b"")
    inbox.receive()
    assert inbox.kinds() == [EventKind.FILE_REFUSED, EventKind.FILE_RECEIVED, EventKind.FILE_REFUSED]
    assert inbox.names() == [REFUSED]
    problems = {event.detail["problem"] for event in inbox.office.desk.case(inbox.case).of(EventKind.FILE_REFUSED)}
    assert problems == {"the name of the file does not fit the agreed pattern diabetes_*.csv"}


def test_names_that_are_no_text_stop_nobody(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    odd = [os.fsdecode("v\u00e4ntar.csv".encode("latin-1")), "new\nline.csv"]
    for count, name in enumerate(odd, start=1):
        inbox.put(name, inbox.whole + inbox.whole.splitlines(keepends=True)[count])
        inbox.put(name + DONE, b"")
    inbox.put("waits.csv", b"")
    assert len(inbox.asked()) == 1
    inbox.receive()
    found = inbox.office.desk.case(inbox.case)
    received = found.of(EventKind.FILE_RECEIVED, EventKind.FILE_QUARANTINED)
    assert {event.detail["file"] for event in received} == {"v\ufffdntar.csv", "new\ufffdline.csv"}
    assert inbox.names() == ["waits.csv"]


def test_folders_whose_names_are_no_text_are_nobodys(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    desk, name = inbox.office.desk, os.fsdecode("k\u00e4lla".encode("latin-1"))
    for folder in (desk.home.inbox(inbox.case, name), desk.home.root / "inbox" / name / "a"):
        folder.mkdir(parents=True)
        (folder / "file.csv").write_bytes(inbox.whole + str(folder).encode("utf-8", "surrogateescape"))
        (folder / f"file.csv{DONE}").touch()
    assert len(inbox.asked()) == 1
    inbox.receive()
    holding = build_definitions(desk).resolve_job_def("quarantine")
    assert holding.execute_in_process(instance=inbox.instance).success
    held = {(each.case, each.source) for each in unmatched_files(desk)}
    assert held == {(inbox.case, "k\ufffdlla"), ("k\ufffdlla", "a")}


def test_folders_are_known_by_their_names_and_told_without_numbers(office: Office) -> None:
    folder = office.desk.home.inbox("110101-2026", "diabetes_201001_2015")
    folder.mkdir(parents=True)
    (folder / "file.csv").write_text("a;b\n")
    [file] = lying_files(office.desk.home)
    assert (file.case, file.source) == ("110101-2026", "diabetes_201001_2015")
    assert file.place_without_numbers == ("[number]", "diabetes_[number]")


def test_a_file_outside_any_sources_folder_is_held_with_its_reason(inbox_of: Callable[..., Inbox]) -> None:
    inbox = inbox_of()
    desk, root = inbox.office.desk, inbox.office.desk.home.root / "inbox"
    places = [root, inbox.folder.parent, inbox.folder / "folder", inbox.folder / "folder" / "deeper"]
    left = [inbox.folder / REFUSED, inbox.folder / ".hidden"]
    for count, folder in enumerate([*places, *left]):
        folder.mkdir(exist_ok=True)
        (folder / "file.csv").write_bytes(inbox.whole * (count + 1))
        (folder / f"file.csv{DONE}").touch()
    assert len(inbox.asked()) == 1
    inbox.receive()
    assert build_definitions(desk).resolve_job_def("quarantine").execute_in_process(instance=inbox.instance).success
    held = {(each.case, each.source, each.reason) for each in unmatched_files(desk)}
    assert held == {
        ("", "", "no such case"),
        (inbox.case, "", "the case awaits no such source"),
        (inbox.case, "diabetes/folder", "the case awaits no such source"),
        (inbox.case, "diabetes/folder/deeper", "the case awaits no such source"),
    }
    assert inbox.kinds() == [] and all((folder / "file.csv").is_file() for folder in left)
    code, printed = run(inbox, "file", "held")
    assert code == 0 and "  file.csv: no such case" in printed


def test_a_file_that_the_service_may_not_read_is_listed(
    inbox_of: Callable[..., Inbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = inbox_of()
    path = inbox.put("file.csv", inbox.whole)
    inbox.put("file.csv.sha256", digest(inbox.whole))
    for closed in (path, path.with_name("file.csv.sha256")):
        monkeypatch.setattr(os, "access", lambda at, how, closed=closed: Path(at) != closed)
        assert inbox.asked() == []
        inbox.receive()
        assert [each.standing for each in not_yet_whole(inbox.office.desk)] == [Standing.CANNOT_BE_READ]
        assert inbox.names() == ["file.csv", "file.csv.sha256"]


def test_a_file_that_fails_unforeseen_stops_no_other(
    inbox_of: Callable[..., Inbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = inbox_of()
    for name in ("a.csv", "b.csv"):
        inbox.put(name, inbox.whole)
        inbox.put(name + DONE, b"")
    monkeypatch.setattr(inbox_files, "receive_unasked", failing_on("a.csv", inbox_files.receive_unasked))
    with pytest.raises(GuardedFailure):
        inbox.receive()
    assert (inbox.kinds(), inbox.names()) == ([EventKind.FILE_RECEIVED], ["a.csv", "a.csv.done"])


def failing_on(name: str, step: Callable[..., object]) -> Callable[..., object]:
    """The step, which breaks for the file of one name."""

    def run_or_fail(desk: object, case: object, source: str, path: Path, person: str) -> object:
        if path.name == name:
            raise ZeroDivisionError
        return step(desk, case, source, path, person)

    return run_or_fail
