"""A vault copied back from yesterday: what is lost is said, two persons give it up, and work goes on, or is refused."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.intake.unmatched import NOBODYS, hold_unmatched, unmatched_files
from assets.steps.safekeeping.accepting import accept, look, places
from assets.steps.safekeeping.doctor import examine
from resources.desk import Desk
from resources.inbox import WaitingFile
from resources.opt_out import OPT_OUT, Replaced
from resources.register_years import OWN_REGISTERS
from samkorning.case import EventKind
from samkorning.code_key import extend_code_key
from samkorning.errors import CaseBusy, RuleRefused, SamkorningError, VaultDamaged
from samkorning.keystore import RetentionClass
from samkorning.persons.other_identities import extend_other_identities
from samkorning.vault import Vault
from tests.commands import program
from tests.office import MANAGER, OFFICER
from tests.small_office import CASE, FILE, SmallOffice, prepare

K = EventKind
REASON = "the disk broke"


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return SmallOffice(tmp_path)


def back_up(office: SmallOffice, part: str = "vault") -> Callable[[], None]:
    """Copies the vault, or a part of it; gives what copies it back and opens the home anew."""
    place, copy = office.desk.home.root / part, office.folder / "yesterday"
    shutil.copytree(place, copy)

    def restore() -> None:
        shutil.rmtree(place)
        shutil.copytree(copy, place)
        office.desk.cases.close()
        office.__dict__["desk"] = Desk.at(office.desk.home.root)

    return restore


def accepted(office: SmallOffice) -> None:
    """Two persons take their steps."""
    assert accept(office.desk, CASE, REASON, OFFICER).phase == "proposed"
    assert accept(office.desk, CASE, REASON, MANAGER).phase == "accepted"


def serial_numbers(office: SmallOffice) -> set[int]:
    rows = stores.code_key_rows(office.desk, office.desk.case(CASE)).collect()
    return set(rows["serial_number"].to_list())


def delivered_serial_numbers(office: SmallOffice, made: dict[str, object]) -> set[int]:
    with (office.opened(made) / "data" / f"{FILE}.csv").open(encoding="utf-8-sig") as file:
        return {int(line.split(";")[0]) for line in [*file][1:]}


def records(office: SmallOffice, act: str) -> list[dict[str, object]]:
    return [dict(record.facts) for record in office.desk.audit.records() if record.act == act]


def test_from_yesterday_without_a_delivery_it_is_given_up_by_two_persons_and_goes_on(office: SmallOffice) -> None:
    prepare(office, "received")
    restore = back_up(office)
    office.link(CASE)
    lost = serial_numbers(office)
    restore()
    assert any("accept-restored" in str(misfit) for misfit in examine(office.desk).misfits)
    with pytest.raises(SamkorningError):
        office.release(CASE, standing=False)
        office.deliver(CASE)

    before = len(office.desk.case(CASE).events)
    looked_at = look(office.desk, CASE)
    assert (looked_at.phase, looked_at.loss.serial_numbers) == ("preview", len(office.first))
    assert len(office.desk.case(CASE).events) == before
    assert accept(office.desk, CASE, REASON, OFFICER).phase == "proposed"
    with pytest.raises(VaultDamaged):
        stores.code_key_rows(office.desk, office.desk.case(CASE))
    with pytest.raises(RuleRefused, match=r"^R12"):
        accept(office.desk, CASE, REASON, OFFICER)
    assert accept(office.desk, CASE, REASON, MANAGER).phase == "accepted"
    assert accept(office.desk, CASE, REASON, MANAGER).phase == "nothing"

    event = office.desk.case(CASE).of(K.RESTORED_ACCEPTED)[-1]
    [key] = [store for store in event.detail["stores"] if store["store"] == "code_key.person"]
    assert (key["from_generation"], key["to_generation"], key["rows_lost"]) == (1, 0, len(office.first))
    moved = {
        (each["store"], each["from_manifest"], each["to_generation"]) for each in records(office, "move anchor back")
    }
    assert ("code_key.person", key["from_manifest"], 0) in moved
    assert records(office, "accept restored vault")[-1]["serial_numbers"] == len(office.first)
    assert not office.desk.audit.verify()

    made = office.deliver(CASE)
    assert serial_numbers(office) != lost
    assert delivered_serial_numbers(office, made) == serial_numbers(office)
    assert examine(office.desk).ok


def test_from_before_a_delivery_it_is_refused_and_nothing_is_drawn(office: SmallOffice) -> None:
    prepare(office, "received")
    restore = back_up(office)
    office.release(CASE, standing=False)
    office.deliver(CASE)
    restore()
    anchors = {path: path.read_bytes() for path in (office.desk.keystore_folder / "anchors").rglob("*.json")}
    for person in (OFFICER, MANAGER):
        with pytest.raises(RuleRefused, match=r"^R18: .*L001 was delivered with"):
            accept(office.desk, CASE, REASON, person)
    assert anchors == {path: path.read_bytes() for path in (office.desk.keystore_folder / "anchors").rglob("*.json")}
    assert not office.desk.case(CASE).of(K.RESTORED_PROPOSED)
    said = program(office.desk.home.root, "key", "accept-restored", CASE, "--reason", REASON, "--as", OFFICER, "--json")
    assert (said.returncode, "R18" in said.stderr) == (1, True)


def test_what_came_after_the_delivery_is_received_again_and_nobody_gets_another_serial_number(
    office: SmallOffice,
) -> None:
    prepare(office, "delivered")
    restore, given = back_up(office), serial_numbers(office)
    corrected = office.visits("corrected", 2219)
    office.take(CASE, "diabetes", corrected, "the register corrected March")
    restore()
    command = ("key", "accept-restored", "all", "--reason", REASON)
    seen = json.loads(program(office.desk.home.root, *command, "--preview", "--json").stdout)
    assert [(each["place"], each["phase"], each["files"]) for each in seen["places"]] == [
        (CASE, "preview", ["diabetes"])
    ]
    said = program(office.desk.home.root, *command, "--as", OFFICER, "--second-person", MANAGER)
    assert said.returncode == 0, said.stderr
    assert "to be received again: diabetes" in said.stdout
    assert f"{CASE}, given up: 0 serial numbers, 1 files" in said.stdout
    again = program(office.desk.home.root, *command, "--as", OFFICER)
    assert (again.returncode, again.stdout) == (0, "nothing lies behind what the keystore knows\n")

    assert places(office.desk) == []
    office.take(CASE, "diabetes", corrected, "the vault had lost it")
    office.replace(CASE, "diabetes")
    office.release(CASE, standing=False)
    made = office.deliver(CASE)
    assert serial_numbers(office) == given
    assert delivered_serial_numbers(office, made) <= given


def test_a_linked_file_made_from_a_lost_code_key_goes_with_it(office: SmallOffice) -> None:
    """Only the code key is copied back: rows linked since have serial numbers that it does not know any more."""
    prepare(office, "received")
    office.desk.store(CASE, RetentionClass.CODE_KEY, "code_key.person")
    restore = back_up(office, f"vault/{CASE}/code_key/code_key.person")
    office.link(CASE)
    lost = serial_numbers(office)
    restore()
    assert look(office.desk, CASE).loss.made_anew == ("linked.diabetes",)
    accepted(office)
    office.release(CASE, standing=False)
    made = office.deliver(CASE)
    assert not delivered_serial_numbers(office, made) & lost
    assert delivered_serial_numbers(office, made) == serial_numbers(office)


def test_identities_of_text_that_the_code_key_was_made_with_are_not_given_up(office: SmallOffice) -> None:
    prepare(office, "received")
    case = office.desk.case(CASE)
    others = office.desk.store(CASE, RetentionClass.CODE_KEY, "other_identities.person")
    restore = back_up(office, f"vault/{CASE}/code_key/other_identities.person")
    extend_other_identities(others, pl.DataFrame({"issuer": ["a region"], "text": ["K088"]}))
    extend_code_key(stores.code_key_to_change(office.desk, case), pl.Series("number", [1]), os.urandom)
    restore()
    with pytest.raises(RuleRefused, match=r"^R18: .*code_key\.person"):
        accept(office.desk, CASE, REASON, OFFICER)


def test_an_acceptance_that_broke_off_is_completed_by_whoever_calls_next(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(office, "received")
    restore = back_up(office)
    office.link(CASE)
    restore()
    assert accept(office.desk, CASE, REASON, OFFICER).phase == "proposed"
    real, calls = Vault.accept_restored, list[object]()

    def broken(vault: Vault, case: str, looked_at: object) -> None:
        if calls:
            raise OSError
        calls.append(looked_at)
        real(vault, case, looked_at)

    monkeypatch.setattr(Vault, "accept_restored", broken)
    with pytest.raises(OSError):
        accept(office.desk, CASE, REASON, MANAGER)
    monkeypatch.undo()
    assert accept(office.desk, CASE, REASON, MANAGER).phase == "accepted"
    assert len(office.desk.case(CASE).of(K.RESTORED_ACCEPTED)) == 1
    assert places(office.desk) == []


def test_a_forged_vault_is_no_restored_one(office: SmallOffice) -> None:
    prepare(office, "received")
    store = stores.received(office.desk, office.desk.case(CASE), "diabetes")
    restore = back_up(office)
    office.take(CASE, "diabetes", office.visits("corrected", 2219), "corrected")
    restore()
    [manifest] = (office.desk.home.vault / store.address.folder).rglob("000001.json")
    manifest.write_bytes(manifest.read_bytes().replace(b'"rows":12', b'"rows":13'))
    assert places(office.desk) == [CASE]
    with pytest.raises(VaultDamaged, match="is not what was committed"):
        accept(office.desk, CASE, REASON, OFFICER)


def test_a_restored_file_that_is_not_whole_is_not_accepted(office: SmallOffice) -> None:
    prepare(office, "received")
    store = stores.received(office.desk, office.desk.case(CASE), "diabetes")
    restore = back_up(office)
    office.take(CASE, "diabetes", office.visits("corrected", 2219), "corrected")
    restore()
    [data] = (office.desk.home.vault / store.address.folder).rglob("000001-*.parquet")
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    with pytest.raises(VaultDamaged):
        accept(office.desk, CASE, REASON, OFFICER)


def test_while_somebody_else_holds_the_case_it_waits(office: SmallOffice) -> None:
    prepare(office, "received")
    restore = back_up(office)
    office.link(CASE)
    restore()
    with pytest.raises(RuleRefused, match=r"^R12"):
        accept(office.desk, CASE, REASON, OFFICER, second=OFFICER)
    other = Desk.at(office.desk.home.root)
    process = _holding(other)
    try:
        with pytest.raises(CaseBusy):
            accept(office.desk, CASE, REASON, OFFICER)
    finally:
        process()


def _holding(desk: Desk) -> Callable[[], None]:
    """Another process that holds the case; gives what ends it."""
    lock = desk.home.vault / ".locks" / CASE
    code = f"import fcntl,sys;f=open({str(lock)!r},'w');fcntl.flock(f,2);print('held',flush=True);sys.stdin.read()"
    held = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert held.stdout is not None and held.stdin is not None
    assert held.stdout.readline() == b"held\n"

    def end() -> None:
        held.communicate()

    return end


def test_own_registers_go_back_by_one_person_and_an_opt_out_list_never(office: SmallOffice) -> None:
    prepare(office, "received")
    office.load("PAR_SV", 2219)
    office.desk.opt_out.replace(pl.DataFrame({"number": [int(office.numbers[0])]}), "a" * 64)
    restore = back_up(office)
    office.load("PAR_SV", 2220)
    office.desk.opt_out.replace(pl.DataFrame({"number": [int(office.numbers[1])]}), "b" * 64)
    restore()
    assert places(office.desk) == [OWN_REGISTERS, OPT_OUT]
    assert accept(office.desk, OWN_REGISTERS, REASON, OFFICER).phase == "accepted"
    with pytest.raises(RuleRefused, match="newest list"):
        accept(office.desk, OPT_OUT, REASON, OFFICER)
    office.load("PAR_SV", 2220)
    assert records(office, "move anchor back")
    said = program(office.desk.home.root, "key", "accept-restored", "all", "--reason", REASON, "--as", OFFICER)
    assert (said.returncode, "newest list" in said.stderr) == (1, True)
    newest = pl.DataFrame({"number": [int(office.numbers[1])]})
    assert office.desk.opt_out.replace(newest, "b" * 64) == Replaced(persons=1, came=1, went=0)
    assert office.desk.opt_out.numbers().collect().equals(newest)
    assert office.desk.opt_out.replace(newest, "b" * 64) == Replaced(persons=1, came=0, went=0)
    assert places(office.desk) == []


def test_files_of_no_known_case_are_given_up_by_their_own_word_alone(office: SmallOffice) -> None:
    prepare(office, "received")
    held = [office.visits(f"visits_{year}", year) for year in (2216, 2217)]

    def hold(path: Path) -> None:
        hold_unmatched(office.desk, WaitingFile("10009-2026", "diabetes", path), "no such case", OFFICER)

    hold(held[0])
    restore = back_up(office)
    hold(held[1])
    restore()
    assert places(office.desk) == [NOBODYS]
    command = (office.desk.home.root, "key", "accept-restored")
    refused = program(*command, "all", "--reason", REASON, "--as", OFFICER)
    assert (refused.returncode, "all that wait there would go" in refused.stderr) == (1, True)
    assert "would go" in program(*command, NOBODYS, "--reason", REASON, "--preview").stdout
    done = program(*command, NOBODYS, "--reason", REASON, "--as", OFFICER)
    assert (done.returncode, "send them again" in done.stdout) == (0, True), done.stderr
    assert places(office.desk) == []
    assert unmatched_files(office.desk) == []
    hold(held[1])
    assert [file.file for file in unmatched_files(office.desk)] == [held[1].name]
