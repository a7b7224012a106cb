"""A crash at every point where a disposal touches the disk, and what the next call makes of it.

Run as a program: ``python disposal_crashes.py FOLDER everything|material killed|power_cut``. As in
``vault_crashes.py`` tells: the n-th call dies, and the next run, in a process of its own, must complete the disposal.
"""

import os
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy.dialects.sqlite  # noqa: F401 - loaded here, not by each process that starts from this one

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assets.steps import stores
from assets.steps.case_view import ledger_rows
from assets.steps.intake import receiving as _receiving  # noqa: F401 - the same
from assets.steps.retention.disposing import dispose
from assets.steps.safekeeping.fitting import require_fits
from resources.clock import Clock
from resources.desk import Desk
from resources.settings import Settings
from samkorning.case import Case, EventKind, State, acts, state_of
from samkorning.case.ledger import Unit
from samkorning.encryption.signing import public_key
from samkorning.errors import SamkorningError
from samkorning.keystore import Keystore, PassphraseProvider, RetentionClass
from samkorning.retention import DisposalReceipt, read_receipt
from tests.factories import a_case, a_unit, an_order, approved, delivered, received
from tests.integration.vault_crashes import Scenario, crash_everywhere

CASE, CHEAP = "36759-2021", 2**14
PASSPHRASE = b"a passphrase for tests"
LETTER, DAY = date(2026, 1, 10), date(2026, 4, 11)
SOURCES = ("lisa", "diabetes", "region_labb")
REGISTERS = ("par_sv", "par_ov", "lmed", "dors")


def desk_of(home: Path, day: date) -> Desk:
    root = home / "home"
    desk = Desk.at(root)
    return Desk(desk.home, desk.settings, Clock(day))


def prepare(home: Path, kept: bool) -> None:
    """A case that delivered three months ago: some stores of both classes, one sealed delivery."""
    root = home / "home"
    root.mkdir()
    (root / "passphrase").write_bytes(PASSPHRASE)
    Keystore.create(root / "keystore", PassphraseProvider(root / "keystore", PASSPHRASE, CHEAP))
    desk = desk_of(home, LETTER)
    detail = acts.order_detail(an_order(), "order.yaml", desk.catalogue)
    case = desk.cases.open(CASE, desk.clock.now(), "Erik", detail)
    keeps = [(EventKind.CODE_KEY_KEPT, "Olle", {"until": "2030-01-01", "reason": "repeats"})] if kept else []
    withdrawn = [(EventKind.SOURCE_WITHDRAWN, "Olle", {"source": name, "reason": "no more"}) for name in SOURCES]
    case = happened(desk, case, *approved(), received("lisa"), *withdrawn)
    with_registers(desk)
    units = [a_unit(row.unit.source, row.unit.period, str(row.input_sha256)) for row in ledger_rows(desk, case)]
    case = happened(desk, case, delivered("L001", *units), *keeps)
    for store in (
        stores.population(desk, case),
        stores.code_key(desk, case),
        stores.received(desk, case, "lisa"),
        stores.linked(desk, case, Unit("lmed", 2219)),
    ):
        store.append(pl.DataFrame({"number": [1], "serial_number": [100000001]}))
    folder = desk.home.outbox(CASE) / "L001"
    folder.mkdir(parents=True)
    (folder / f"{CASE}_L001.tar.age").write_bytes(b"sealed")
    (folder / f"{CASE}_L001.receipt.json").write_bytes(b"{}")


def happened(desk: Desk, case: Case, *steps: Any) -> Case:
    for kind, person, fields in steps:
        case = desk.cases.record(case, kind, desk.clock.now(), person, fields)
    return case


def with_registers(desk: Desk) -> Desk:
    """The desk, its register store with every year of the order, so that none is awaited."""
    hashes = {Unit(name, year): "h" for name in REGISTERS for year in (2219, 2220)}
    desk.registers.hashes = lambda registers: hashes  # type: ignore[method-assign]
    return desk


def act(home: Path) -> None:
    dispose(registers_loaded(home), CASE, "Olle", second="Mia")


def registers_loaded(home: Path) -> Desk:
    """The desk on the day when everything has gone long enough."""
    return with_registers(desk_of(home, DAY))


def next_run(home: Path, acknowledged: bool) -> None:
    left = registers_loaded(home)
    before = left.case(CASE).of(EventKind.DISPOSED)
    require_fits(left, left.case(CASE))
    assert before or not acknowledged
    act(home)
    desk = registers_loaded(home)
    case = desk.case(CASE)
    [disposed] = case.of(EventKind.DISPOSED)
    assert not before or disposed == before[0]
    content = (desk.home.root / disposed.detail["receipt"]).read_bytes()
    receipt = read_receipt(content, "receipt", public_key(desk.signing_seed))
    assert isinstance(receipt, DisposalReceipt)
    assert [Path(file.path).name for file in receipt.files] == [f"{CASE}_L001.tar.age"]
    assert not list(desk.home.outbox(CASE).rglob("*.tar.age"))
    assert list(desk.home.outbox(CASE).rglob("*.receipt.json"))
    assert not list(desk.home.receipts(CASE).glob(".*"))
    assert_gone(desk, RetentionClass.MATERIAL)
    if disposed.detail["code_key"]:
        assert state_of(case.events) is State.DISPOSED
        assert_gone(desk, RetentionClass.CODE_KEY)
    else:
        assert stores.code_key(desk, case).scan().collect()["serial_number"].to_list() == [100000001]
    assert desk.audit.verify(*(each.head for each in desk.cases.stored(CASE))) == []
    assert [each.phase for each in dispose(desk, CASE, "Olle", second="Mia")] == ["nothing"]


def assert_gone(desk: Desk, retention_class: RetentionClass) -> None:
    assert not list((desk.home.vault / CASE / retention_class.value).rglob("*.*"))
    assert not list((desk.keystore_folder / "roots" / CASE / retention_class.value).glob("*.json"))
    assert desk.vault.stores(CASE, retention_class) == []
    for name in ("population", "code_key.person", "received.lisa", "linked.lmed.2219"):
        try:
            desk.keystore.store_root(CASE, retention_class, name)
        except SamkorningError:
            continue
        raise AssertionError(f"{name} opens")


SCENARIOS = {
    "everything": Scenario(lambda home: prepare(home, kept=False), act, next_run),
    "material": Scenario(lambda home: prepare(home, kept=True), act, next_run),
}

if __name__ == "__main__":
    os.environ.pop("SAMKORNING_HOME", None)
    folder, scenario, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    assert a_case().order.specification.sha256 and Settings.of(folder)  # read here, not by each of these processes
    points = crash_everywhere(folder, SCENARIOS[scenario], how == "power_cut")
    print(f"{scenario}, {how}: {points} points")
    shutil.rmtree(folder, ignore_errors=True)
