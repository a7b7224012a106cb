"""Deliveries built again: the same bytes whatever has come since, or a sentence on what differs or is no longer kept.

One case is delivered five times, and everything changes in between; then each delivery is built again, on another day
and by the other engine too. What has to be refused is tried on copies of a small office.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.delivery import past_delivery, rebuilding
from assets.steps.delivery.rebuilding import rebuild
from assets.steps.intake.opt_out_list import take_in_opt_out_list
from assets.steps.intake.receiving import receive_file
from assets.steps.linkage import linking
from assets.steps.persons.code_keys import cut_links, remove_person
from assets.steps.persons.drawing import draw_again
from assets.steps.persons.numbering import add_to_code_key
from assets.steps.retention.disposing import dispose
from resources.clock import Clock
from resources.desk import Desk
from resources.register_years import OWN_REGISTERS
from samkorning.case import EventKind, acts
from samkorning.case.inputs import Unit
from samkorning.case.made_from import MADE_FROM, made_from
from samkorning.errors import CaseBusy, FileRefused, NotFound
from samkorning.keystore import RetentionClass
from samkorning.order import PERSON_SERIES
from samkorning.vault import WriteRefused
from samkorning.vault.past import PastStore
from tests.commands import answer, program
from tests.office import ENGINEER, OFFICER, Office
from tests.pipeline.test_drawn_population import EXTRACTS, SELECTED, opened, order_with
from tests.small_office import CASE, FILE, SmallOffice, copied, prepare

ENGINES = ("polars", "duckdb")


def on_day(office: Office, day: date) -> Desk:
    """The desk of the same home, on another day."""
    return Desk(office.desk.home, office.desk.settings, Clock(day))


def a_later_day(office: Office) -> date:
    return date.fromordinal(office.desk.clock.today().toordinal() + 40)


def fingerprint(folder: Path, *but: str) -> dict[str, str]:
    """Every file below a folder with its hash, but those below some names."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = {str(path.relative_to(folder)): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items() if not name.startswith(but)
    }


# --- a case that is delivered five times --------------------------------------------------------------------------


@pytest.fixture
def much_delivered(tmp_path: Path) -> Iterator[Office]:
    """L001; a late file; a register year loaded anew; a history that changes a number; another population; and then
    that year once more, a further year, a longer opt-out list."""
    before = dict(os.environ)
    office = Office(tmp_path)
    case = office.ready_case()
    assert office.deliver(case)["delivery"] == "L001"
    office.release_holders(case, "Region Exempel")
    office.receive(case, "region_labb")
    assert office.deliver(case)["delivery"] == "L002"
    _load_less(office, 1)
    office.replace(case, "lmed", 2219)
    assert office.deliver(case)["delivery"] == "L003"
    _change_a_number(office, case)
    assert office.deliver(case)["delivery"] == "L004"
    _change_the_population(office, case)
    office.release_holders(case, "Region Exempel")  # R29
    assert office.deliver(case)["delivery"] == "L005"
    _load_less(office, 2)
    _load_less(office, 3)
    office.load("LMED", 2221)
    listed = office.folder / "opted_out.csv"
    listed.write_text(f"number\n{office.world.study()[5]}\n")
    take_in_opt_out_list(office.desk, listed, None, ENGINEER)
    numbers = pl.LazyFrame({"number": office.world.persons["number"].tail(3)})
    add_to_code_key(office.desk, office.desk.case(case), PERSON_SERIES, numbers)
    yield office
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def _load_less(office: Office, rows: int) -> None:
    """The year without some rows about persons of the study."""
    year = office.world.register("LMED", 2219)
    about = year.with_row_index("place").filter(pl.col("number").is_in(office.world.study().implode()))["place"]
    kept = year.with_row_index("place").filter(~pl.col("place").is_in(about.tail(rows).implode())).drop("place")
    office.desk.registers.load("LMED", 2219, kept)


def _change_a_number(office: Office, case: str) -> None:
    """A history by which a person of the study has another number, under which a register has more of the person."""
    lines = office.sent("diabetes").read_text(encoding="utf-8-sig").splitlines()
    known = set(office.sent("number_history").read_text().replace(";", "\n").splitlines())
    old = next(line.split(";")[0] for line in lines[1:] if line.split(";")[0] in _study(office) - known)
    treated = office.world.register("LMED", 2219)["number"].unique(maintain_order=True)
    new = next(str(number) for number in treated if str(number) not in _study(office) | known)
    history = office.folder / "history.csv"
    history.write_text(office.sent("number_history").read_text() + f"{old};{new};2220-01-01;correction\n")
    receive_file(office.desk, office.desk.case(case), "number_history", history, ENGINEER, "a number has changed")
    corrected = office.folder / "corrected.csv"
    corrected.write_text("\n".join(line.replace(old, new) for line in lines[:-1]) + "\n", encoding="utf-8-sig")
    receive_file(office.desk, office.desk.case(case), "diabetes", corrected, ENGINEER, "")
    office.replace(case, "diabetes")


def _study(office: Office) -> set[str]:
    return {str(number) for number in office.world.study()}


def _change_the_population(office: Office, case: str) -> None:
    """Two persons go, by a decision."""
    lines = office.sent("population").read_text(encoding="utf-8-sig").splitlines()
    fewer = office.folder / "fewer.csv"
    fewer.write_text("\n".join([*lines[:3], *lines[5:]]) + "\n", encoding="utf-8-sig")
    with pytest.raises(FileRefused) as refused:
        receive_file(office.desk, office.desk.case(case), "population", fewer, ENGINEER, "")
    gone = int(str(refused.value).split("--removes ")[1].split()[0])
    office.decide_population(case, 0, gone)
    receive_file(office.desk, office.desk.case(case), "population", fewer, ENGINEER, "")


@pytest.mark.slow
def test_every_delivery_is_built_again_to_the_same_bytes(much_delivered: Office) -> None:
    """By both engines, on another day; in one test, so that the case is delivered once."""
    office, later = much_delivered, on_day(much_delivered, a_later_day(much_delivered))
    delivered = office.desk.case(CASE).of(EventKind.DELIVERED)
    _require_that_much_has_changed(office, [made_from(event) for event in delivered])
    for event in delivered:
        for engine in ENGINES:
            found = rebuild(later, CASE, event.detail["delivery"], engine, OFFICER)
            assert found.problems == () and found.ok and found.documents_same and found.same_program
            hashes = {file["name"]: file["sha256"] for file in event.detail["files"]}
            assert {file.name: file.sha256 for file in found.files} == hashes
            assert found.engine == engine and all(file.same for file in found.files)


def _require_that_much_has_changed(office: Office, made: list[Any]) -> None:
    """The deliveries were made from different things, and none from all that there is now."""
    assert [each.registers["lmed 2219"] for each in made] == [1, 1, 2, 2, 2]
    assert [each.stores["population"] for each in made] == [1, 1, 1, 1, 2]
    assert made[0].units["diabetes"]["stores"]["code_key.person"] < made[0].stores["code_key.person"]
    now = stores.code_key(office.desk, office.desk.case(CASE)).latest()
    assert now is not None and now.number > made[-1].stores["code_key.person"]
    assert "lmed 2221" not in made[-1].registers
    assert len(office.desk.registers.history(Unit("lmed", 2219))) == 4


@pytest.mark.slow
def test_an_extract_with_an_event_group_is_built_again_though_its_registers_have_changed(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path / "office", persons=500)
    opened(office, order_with(SELECTED + EXTRACTS))
    for register, years in {
        "PAR_SV": (2219, 2220),
        "PAR_OV": (2220,),
        "BEFOLKNING": (2220,),
        "BOENDE": (2220,),
    }.items():
        office.load(register, *years)
    office.deliver(CASE)
    for rows in (15, 16, 17):
        office.desk.registers.load("PAR_SV", 2220, office.world.register("PAR_SV", 2220).head(-rows))
    for rows in (1, 2, 3):
        office.desk.registers.load("BEFOLKNING", 2221, office.world.register("BEFOLKNING", 2221).head(-rows))
    with pytest.raises(FileRefused, match="R19") as refused:
        draw_again(office.desk, office.desk.case(CASE), ENGINEER, "the year was loaded anew")
    adds, removes = (int(str(refused.value).split(f"--{word} ")[1].split()[0]) for word in ("adds", "removes"))
    office.decide_population(CASE, adds, removes)
    draw_again(office.desk, office.desk.case(CASE), ENGINEER, "the year was loaded anew")
    office.replace(CASE, "par_sv", 2220)
    assert office.deliver(CASE)["delivery"] == "L002"
    for delivery, engine in (("L001", "duckdb"), ("L002", "polars"), ("L001", "polars")):
        assert rebuild(office.desk, CASE, delivery, engine, OFFICER).problems == ()
    assert kept_generations(office, "PAR_SV.2220") == [1, 2, 3, 4], "R16: a delivery whose material is kept needs them"
    assert kept_generations(office, "BEFOLKNING.2221") == [2, 3], "no delivery needs the first"
    office.desk.cases.close()


def kept_generations(office: Office, name: str) -> list[int]:
    store = office.desk.vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)
    return [each.number for each in store.generations() if store.keeps(each.number)]


# --- what differs, what is gone, what is in the way ------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    office = SmallOffice(tmp_path_factory.mktemp("small"))
    prepare(office, "delivered")
    office.desk.cases.close()
    yield office
    office.desk.cases.close()


@pytest.fixture
def office(template: SmallOffice, tmp_path: Path) -> Iterator[SmallOffice]:
    made = copied(template, tmp_path / "office")
    yield made
    made.desk.cases.close()


def on_the_command_line(office: SmallOffice, *arguments: object) -> subprocess.CompletedProcess[str]:
    return program(office.desk.home.root, "delivery", "rebuild", *arguments, "--json")


@pytest.mark.slow
def test_the_command_answers_by_case_or_by_what_lies_in_the_outbox(office: SmallOffice) -> None:
    folder = office.desk.home.outbox(CASE) / "L001"
    [event] = office.desk.case(CASE).of(EventKind.DELIVERED)
    expected = {
        "ok": True,
        "case": CASE,
        "delivery": "L001",
        "engine": "duckdb",
        "same_program": True,
        "files": [{"name": f"data/{FILE}.csv", "same": True, "sha256": event.detail["files"][0]["sha256"]}],
        "documents_same": True,
        "problems": [],
    }
    receipt = folder / f"{CASE}_L001.receipt.json"
    for named in ((CASE, "L001"), (folder,), (receipt,), (folder / f"{CASE}_L001.tar.age",)):
        assert answer(on_the_command_line(office, *named, "--engine", "duckdb")) == expected
    assert json.loads(receipt.read_bytes())["receipt"]["manifest_sha256"] == event.detail[MADE_FROM]["manifest"]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ((CASE,), "name the delivery too"),
        ((CASE, "L002"), "has no delivery L002"),
        (("1-2021", "L001"), "1-2021"),
        (("elsewhere/L001",), "no delivery in the outbox"),
        ((CASE, "L001", "--engine", "spark"), "no engine spark"),
    ],
)
def test_what_is_not_there_is_told(office: SmallOffice, named: tuple[str, ...], says: str) -> None:
    done = on_the_command_line(office, *named)
    assert done.returncode == 1 and says in json.loads(done.stdout)["problem"]


def test_nothing_of_the_case_is_changed_and_the_reading_is_recorded(office: SmallOffice) -> None:
    desk = office.desk
    desk.case(CASE)  # the database has its own files while it is open
    before, records = fingerprint(desk.home.root, "audit", "due"), len(list(desk.audit.records()))
    assert rebuild(desk, CASE, "L001", None, OFFICER).ok
    assert fingerprint(desk.home.root, "audit", "due") == before
    [read] = list(desk.audit.records())[records:]
    assert (read.act, read.person, read.case) == ("rebuild delivery", OFFICER, CASE)
    assert dict(read.facts) == {"delivery": "L001", "engine": "polars"}


def test_twice_is_the_same_as_once(office: SmallOffice) -> None:
    assert rebuild(office.desk, CASE, "L001", None, OFFICER) == rebuild(office.desk, CASE, "L001", None, OFFICER)


def test_a_file_that_differs_is_told(office: SmallOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another row is linked than then: the data file differs, and the documents that count its rows."""
    original = linking.link

    def one_row_less(engine, table, *rest):  # noqa: ANN001, ANN002, ANN202
        return original(engine, table.head(8), *rest)

    monkeypatch.setattr(linking, "link", one_row_less)
    done = on_the_command_line(office, CASE, "L001")
    found = json.loads(done.stdout)
    assert done.returncode == 1 and not found["ok"] and not found["documents_same"]
    assert [file["same"] for file in found["files"]] == [False]
    assert f"data/{FILE}.csv: is not as it was delivered" in found["problems"]
    assert "manifest.json: is not as it was delivered" in found["problems"]


def test_a_document_that_differs_is_told_and_the_data_is_compared_all_the_same(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "program_hash", lambda: "another program")
    original = past_delivery.describe
    monkeypatch.setattr(past_delivery, "describe", lambda *given: replace(original(*given), title="another title"))
    found = rebuild(office.desk, CASE, "L001", None, OFFICER)
    assert not found.ok and not found.same_program and not found.documents_same
    assert [file.same for file in found.files] == [True]
    names = {problem.partition(":")[0] for problem in found.problems}
    described = {"csv-metadata.json", "datapackage.json", "ddi-codebook.xml", "healthdcat-ap.ttl"}
    assert names == {"LÄSMIG.md", "README.md", "manifest.json", "ro-crate-metadata.json"} | described


def test_what_is_on_one_side_alone_differs() -> None:
    assert rebuilding.differing({"a": "1", "b": "2"}, {"b": "2", "c": "3"}) == {"a", "c"}


def remove(office: SmallOffice) -> None:
    remove_person(office.desk, office.desk.case(CASE), office.first[0], OFFICER)


def cut(office: SmallOffice) -> None:
    cut_links(office.desk, office.desk.case(CASE), "the study has ended", OFFICER)


def dispose_material(office: SmallOffice) -> None:
    """The window has passed, and the code key is kept."""
    today = office.desk.clock.today()
    until = date.fromordinal(today.toordinal() + 900)
    office.act(CASE, OFFICER, lambda case: acts.keep_code_key(case, until, today, "repeat deliveries"))
    dispose(on_day(office, date.fromordinal(today.toordinal() + 120)), CASE, OFFICER, "Mia")


def dispose_all(office: SmallOffice) -> None:
    later = date.fromordinal(office.desk.clock.today().toordinal() + 120)
    dispose(on_day(office, later), CASE, OFFICER, "Mia")


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (remove, "a person was removed from the case on"),
        (cut, "the link between persons and serial numbers was cut on"),
        (dispose_material, "received.diabetes: was disposed of on"),
        (dispose_all, "code_key.person: was disposed of on"),
    ],
)
def test_what_is_no_longer_kept_is_told(office: SmallOffice, act: Callable[[SmallOffice], None], says: str) -> None:
    act(office)
    done = on_the_command_line(office, CASE, "L001")
    found = json.loads(done.stdout)
    assert done.returncode == 1 and not found["ok"] and found["files"] == []
    assert any(problem.startswith(says) for problem in found["problems"]), found["problems"]
    assert not any(number in done.stdout for number in office.numbers)


def test_who_has_opted_out_since_was_in_it_and_is_still(office: SmallOffice) -> None:
    """Nothing leaves by it, and the file of the population has everybody all the same."""
    path = office.folder / "list.csv"
    path.write_text(f"number\n{office.first[0]}\n")
    take_in_opt_out_list(office.desk, path, None, ENGINEER)
    office.take(CASE, "diabetes", office.visits("later", 2219))
    office.replace(CASE, "diabetes")
    office.release(CASE)
    assert office.persons_of(office.deliver(CASE)) == list(range(1, 9))
    assert [rebuild(office.desk, CASE, delivery, None, OFFICER).ok for delivery in ("L001", "L002")] == [True, True]


@pytest.mark.slow
def test_a_history_that_came_since_says_nothing_of_a_delivery_before(office: SmallOffice) -> None:
    """By it somebody whose rows did not link is a person of the study."""
    history = office.folder / "history.csv"
    line = f"{office.later[0]};{office.first[0]};2210-01-01;correction"
    history.write_text(f"old_number;new_number;changed_on;source\n{line}\n")
    office.take(CASE, "number_history", history, "a number has changed")
    office.replace(CASE, "diabetes")
    office.release(CASE)
    assert len(office.persons_of(office.deliver(CASE))) == 10
    for delivery in ("L001", "L002"):
        assert rebuild(office.desk, CASE, delivery, None, OFFICER).problems == ()


def test_a_delivery_of_before_it_was_kept_what_it_was_made_from_is_refused(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_delivery, "made_from", lambda event: None)
    with pytest.raises(NotFound, match="before it was kept what a delivery is made from"):
        rebuild(office.desk, CASE, "L001", None, OFFICER)


def test_what_one_holds_another_does_not_build_again(office: SmallOffice) -> None:
    code = "import sys; from samkorning.vault.case_lock import case_lock; from pathlib import Path\n"
    code += f"with case_lock(Path({str(office.desk.vault.folder / '.locks' / CASE)!r}), 'x'):\n"
    code += "    print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdin is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(CaseBusy):
        rebuild(office.desk, CASE, "L001", None, OFFICER)
    assert on_the_command_line(office, CASE, "L001").returncode == 4
    holder.communicate()
    assert rebuild(office.desk, CASE, "L001", None, OFFICER).ok


KILLED = """
import os, signal, sys
from pathlib import Path
from assets.steps.delivery import past_delivery, rebuilding
from resources.desk import Desk
past_delivery.package_contents = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
rebuilding.rebuild(Desk.at(Path(sys.argv[1])), "36759-2021", "L001", None, "Olle")
"""


def test_nothing_lies_in_clear_and_a_killed_one_leaves_nothing_that_opens(office: SmallOffice) -> None:
    """A process is killed when all of it lies in scratch: no row is there in clear, and the next one sweeps it."""
    scratch = office.desk.home.scratch
    killed = subprocess.run([sys.executable, "-c", KILLED, str(office.desk.home.root)], capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = b"".join(path.read_bytes() for path in scratch.rglob("*") if path.is_file())
    assert list(scratch.rglob("contents.*/*/*.parquet")), "it was killed when the files were rendered"
    made = {"case": CASE, "delivery": "L001", "path": _sealed(office)}
    delivered = (office.opened(made) / "data" / f"{FILE}.csv").read_bytes().splitlines()
    assert delivered and not any(row in left for row in delivered)
    assert rebuild(office.desk, CASE, "L001", None, OFFICER).ok
    assert not scratch.exists()


def _sealed(office: SmallOffice) -> str:
    return str(office.desk.home.outbox(CASE) / "L001" / f"{CASE}_L001.tar.age")


def test_the_next_delivery_and_a_disposal_sweep_what_was_left(office: SmallOffice) -> None:
    left = office.desk.home.scratch / CASE / "vault"
    left.mkdir(parents=True)
    office.deliver(CASE)
    assert not left.exists()
    left.mkdir(parents=True)
    dispose_all(office)
    assert not left.exists()


def test_the_past_is_never_written_to(office: SmallOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a step would write of what the case is made from, the past refuses: stores, events, records, lists."""
    seen = []

    def looked_at(desk, case, files):  # noqa: ANN001, ANN202
        frame = pl.DataFrame({"number": [1]})
        with pytest.raises(WriteRefused):
            add_to_code_key(desk, case, PERSON_SERIES, frame.lazy())
        for store in (stores.population(desk, case), stores.received(desk, case, "diabetes")):
            assert isinstance(store, PastStore)
            for write in (store.append, store.replace, store.replace_for_good):
                with pytest.raises(WriteRefused):
                    write(frame)
            with pytest.raises(WriteRefused), store.draft():
                pass
        with pytest.raises(WriteRefused):
            desk.vault.create_store(CASE, RetentionClass.CODE_KEY, "population")
        with pytest.raises(WriteRefused):
            desk.vault.destroy_class(CASE, RetentionClass.MATERIAL)
        for part in ("cases", "audit", "due", "opt_out"):
            with pytest.raises(WriteRefused):
                getattr(desk, part)
        seen.append(len(case.events))

    monkeypatch.setattr(past_delivery, "render_files", looked_at)
    with pytest.raises(Exception, match="run again"):  # nothing was rendered
        rebuild(office.desk, CASE, "L001", None, OFFICER)
    assert seen == [made_from(office.desk.case(CASE).of(EventKind.DELIVERED)[0]).events]
    assert not office.desk.home.scratch.exists()


def test_a_later_population_of_equal_persons_is_not_kept_twice(office: SmallOffice) -> None:
    before = stores.population(office.desk, office.desk.case(CASE)).generations()
    office.deliver(CASE)
    assert stores.population(office.desk, office.desk.case(CASE)).generations() == before
    shutil.rmtree(office.folder / "opened", ignore_errors=True)


@pytest.mark.slow
def test_who_had_opted_out_then_is_left_out_when_it_is_built_again(office: SmallOffice) -> None:
    """The list of then is kept nowhere; who of the case was on it is, with the code key."""
    for year, listed in ((2219, office.first[0]), (2220, office.later[0])):
        path = office.folder / "opted_out.csv"
        path.write_text(f"number\n{listed}\n")
        take_in_opt_out_list(office.desk, path, None, ENGINEER)
        office.take(CASE, "diabetes", office.visits(f"visits_{year}", year))
        office.release(CASE, standing=False)
        office.replace(CASE, "diabetes")
        office.deliver(CASE)
    deliveries = [event.detail for event in office.desk.case(CASE).of(EventKind.DELIVERED)]
    assert [each["units"][0]["rows"] for each in deliveries] == [9, 8, 9]
    for each in deliveries:
        assert rebuild(office.desk, CASE, each["delivery"], "duckdb", OFFICER).problems == ()
