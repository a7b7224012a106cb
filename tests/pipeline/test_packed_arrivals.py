"""The whole way of a file that comes sealed, packed and locked: from the inbox to the vault, and nothing in clear."""

import io
from pathlib import Path

import dagster as dg
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps import stores
from assets.steps.intake.sealing import recipient
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from resources.inbox import DONE
from samkorning.case import EventKind
from samkorning.encryption.age import seal
from tests.archives import aes_entry, raw_zip
from tests.canary import hits
from tests.commands import run_here
from tests.office import ENGINEER, Office

SOURCE, PASSWORD = "diabetes", "Grönköping-1927-lösen"


def put(office: Office, case: str, content: bytes) -> None:
    """A holder's sealed file in the inbox, whole."""
    folder = office.desk.home.inbox(case, SOURCE)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "uttag.zip.age").open("wb") as file:
        seal(io.BytesIO(content), file, [recipient(office.desk, ENGINEER)])
    (folder / f"uttag.zip.age{DONE}").touch()


def receive(office: Office, case: str) -> None:
    with dagster_instance(office.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        job: dg.JobDefinition = build_definitions(office.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=case).success


def places_of(folder: Path, word: str) -> list[str]:
    """Files below a folder that hold a word, in any spelling that programs give it."""
    spellings = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp850", "cp1252")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(each in path.read_bytes() for each in spellings)]


@pytest.mark.slow
@pytest.mark.parametrize("early", [False, True], ids=["after the decision", "before it, by way of quarantine"])
def test_a_sealed_locked_zip_comes_through_the_inbox_and_nothing_lies_in_clear(office: Office, early: bool) -> None:
    case = office.open_case()
    plain = office.sent(SOURCE).read_bytes()
    word = office.folder / "word"
    word.write_text(PASSWORD + "\n", encoding="utf-8")
    said = run_here(
        office.desk.home.root, ("file", "password", case, SOURCE, "--password-file", str(word), "--as", ENGINEER)
    )
    kept, printed = said.exit_code, said.printed
    assert kept == 0, printed
    put(office, case, raw_zip(aes_entry(PASSWORD.encode(), content=plain)))
    if early:
        receive(office, case)
        assert not list(office.desk.home.inbox(case, SOURCE).iterdir()), "it waits encrypted in the vault"
        assert not office.desk.case(case).of(EventKind.FILE_RECEIVED, EventKind.FILE_REFUSED)
    office.decide(case)
    receive(office, case)
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    rows = stores.received(office.desk, office.desk.case(case), SOURCE).scan().collect()
    assert rows.height == detail["rows"] == len(plain.splitlines()) - 1
    assert (detail["packaging"], detail["file"]) == (["age", "zip"], "uttag.zip.age")
    assert not list(office.desk.home.inbox(case, SOURCE).iterdir())
    canaries = sorted(office.world.study().to_list())[:60]
    for folder in (office.desk.home.root, office.folder / "tmp"):
        assert hits(folder, canaries) == []
        assert places_of(folder, PASSWORD) == []


@pytest.mark.slow
def test_without_its_password_it_is_refused_set_aside_and_comes_again(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    plain = office.sent(SOURCE).read_bytes()
    content = raw_zip(aes_entry(PASSWORD.encode(), content=plain))
    put(office, case, content)
    receive(office, case)
    refused = office.desk.case(case).last(EventKind.FILE_REFUSED).detail
    assert refused["problem"] == "the archive is locked and its password is not known"
    word = office.folder / "word"
    word.write_text(PASSWORD, encoding="utf-8")
    given = ("file", "password", case, SOURCE, "--password-file", str(word), "--as", ENGINEER)
    assert run_here(office.desk.home.root, given).exit_code == 0
    put(office, case, content)
    receive(office, case)
    assert office.desk.case(case).last(EventKind.FILE_RECEIVED).detail["rows"] > 0
    assert hits(office.desk.home.root, sorted(office.world.study().to_list())[:60]) == []
