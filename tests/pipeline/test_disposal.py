"""Disposal of a case: ordered, confirmed, destroyed, proved and completed; and what a restored backup then opens."""

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps import stores
from assets.steps.attaching import attach_file, document_of, write_document
from assets.steps.intake.receiving import receive_file
from assets.steps.retention.destroying import came_back, class_keys
from assets.steps.retention.disposing import Disposal, dispose, rehearse
from assets.steps.safekeeping.verifying import audit_misfits
from pipelines.instance import dagster_instance
from pipelines.purging import PARTITION_TAG
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind, State, acts, state_of
from samkorning.case.clocks import months_after
from samkorning.case.complaints import complain
from samkorning.errors import KeystoreRefused, NotFound, RuleRefused, VaultDamaged
from samkorning.keystore import RetentionClass, StoreAddress
from samkorning.order.attachments import AttachmentKind
from samkorning.retention import DisposalReceipt, read_receipt
from tests.commands import answer, program
from tests.factories import an_order
from tests.office import Office

pytestmark = pytest.mark.slow
MATERIAL, CODE_KEY = RetentionClass.MATERIAL, RetentionClass.CODE_KEY


def on_day(office: Office, day: date) -> Desk:
    """The desk of the same home, on a later day."""
    return Desk(office.desk.home, office.desk.settings, Clock(day))


def today(office: Office) -> date:
    return office.desk.clock.today()


def after_the_window(office: Office) -> date:
    return date.fromordinal(months_after(today(office), 3).toordinal() + 1)


@pytest.fixture
def delivered(office: Office) -> str:
    """A case with L001, the region's file withdrawn."""
    case = office.delivered_case()["case"]
    office.act(case, "Olle", lambda found: acts.withdraw_source(found, "region_labb", "the region has declined"))
    return case


def keep_code_key(office: Office, case: str) -> None:
    until = date.fromordinal(today(office).toordinal() + 900)
    office.act(case, "Olle", lambda found: acts.keep_code_key(found, until, today(office), "repeat deliveries"))


def receipt_of(office: Office, done: Disposal) -> DisposalReceipt:
    assert done.receipt is not None
    content = (office.desk.home.root / done.receipt).read_bytes()
    receipt = read_receipt(content, done.receipt, office.desk.home.signing_key.read_text().strip())
    assert isinstance(receipt, DisposalReceipt)
    return receipt


def assert_does_not_open(desk: Desk, case: str, retention_class: RetentionClass, name: str) -> None:
    with pytest.raises((NotFound, KeystoreRefused, VaultDamaged)):
        desk.vault.open_store(case, retention_class, name).scan().collect()


def test_everything_of_a_case_goes_with_a_receipt_that_names_it(office: Office, delivered: str) -> None:
    names = [store.name for store in (office.desk.home.vault / delivered).glob("*/*")]
    backup = Path(shutil.copytree(office.desk.home.vault / delivered, office.folder / "backup"))
    sealed = next(office.desk.home.outbox(delivered).glob("L001/*.tar.age"))
    desk = on_day(office, after_the_window(office))
    [done] = dispose(desk, delivered, "Olle", second="Mia")
    assert done.phase == "disposed"
    receipt = receipt_of(office, done)
    assert (receipt.ordered_by, receipt.confirmed_by) == ("Olle", "Mia")
    assert {store.store for store in receipt.stores} == set(names)
    assert receipt.opening_tried == len(names)
    assert set(receipt.classes_destroyed) == {"code_key", "material"}
    code_key = next(store for store in receipt.stores if store.store == "code_key.person")
    assert code_key.generations[-1].rows > 0
    assert [file.path for file in receipt.files] == [str(sealed.relative_to(desk.home.root))]
    assert not sealed.exists()
    assert sealed.with_name(sealed.name.replace(".tar.age", ".receipt.json")).exists()
    assert state_of(desk.case(delivered).events) is State.DISPOSED
    assert desk.vault.stores(delivered) == []

    shutil.rmtree(desk.home.vault / delivered, ignore_errors=True)
    shutil.copytree(backup, desk.home.vault / delivered)
    assert_does_not_open(desk, delivered, CODE_KEY, "code_key.person")
    assert_does_not_open(desk, delivered, MATERIAL, "received.lisa")


def test_a_file_that_a_newer_one_replaced_goes_with_it_and_the_receipt_names_both(
    office: Office, delivered: str
) -> None:
    newer = office.folder / "newer.csv"
    newer.write_bytes(b"".join(office.sent("diabetes").read_bytes().splitlines(keepends=True)[:-1]))
    receive_file(office.desk, office.desk.case(delivered), "diabetes", newer, "Erik")
    office.replace(delivered, "diabetes")
    office.deliver(delivered)
    received = [event.detail for event in office.desk.case(delivered).of(EventKind.FILE_RECEIVED)]
    rows = [detail["rows"] for detail in received if detail["source"] == "diabetes"]
    [done] = dispose(on_day(office, after_the_window(office)), delivered, "Olle", second="Mia")
    store = next(each for each in receipt_of(office, done).stores if each.store == "received.diabetes")
    assert [generation.rows for generation in store.generations] == rows == [rows[0], rows[0] - 1]


def test_what_is_archived_stays_and_nothing_is_added(office: Office, delivered: str) -> None:
    agreement = office.folder / "avtal.pdf"
    agreement.write_bytes(b"an agreement")
    attach_file(office.desk, office.desk.case(delivered), agreement, "Olle", AttachmentKind.AGREEMENT, today(office))
    desk = on_day(office, after_the_window(office))
    dispose(desk, delivered, "Olle", second="Mia")
    case = desk.case(delivered)
    assert case.order.title
    assert case.last(EventKind.CODE_REVIEWED) is not None
    write_document(desk, case, document_of(case, "avtal.pdf"), "Olle", office.folder / "back.pdf")
    assert (office.folder / "back.pdf").read_bytes() == b"an agreement"
    with pytest.raises(RuleRefused, match="R16"):
        receive_file(desk, case, "lisa", office.sent("lisa"), "Erik")
    assert dispose(desk, delivered, "Olle", second="Mia") == [Disposal("nothing")]
    assert audit_misfits(desk) == []


def test_nothing_goes_before_its_day_or_while_a_complaint_is_open(office: Office, delivered: str) -> None:
    last_day = months_after(today(office), 3)
    assert dispose(on_day(office, last_day), delivered, "Olle", second="Mia") == [Disposal("nothing")]
    office.act(delivered, "Olle", lambda found: complain(found, "L001", "rows are missing", today(office)))
    later = on_day(office, date.fromordinal(last_day.toordinal() + 400))
    assert dispose(later, delivered, "Olle", second="Mia") == [Disposal("nothing")]


def test_material_goes_on_its_own_clock_while_the_code_key_stays(office: Office, delivered: str) -> None:
    keep_code_key(office, delivered)
    before = stores.code_key_rows(office.desk, office.desk.case(delivered)).collect()
    vault_before = Path(shutil.copytree(office.desk.home.vault / delivered, office.folder / "backup"))
    desk = on_day(office, after_the_window(office))
    [done] = dispose(desk, delivered, "Olle", second="Mia")
    receipt = receipt_of(office, done)
    assert receipt.classes_destroyed == ()
    assert {store.retention_class for store in receipt.stores} == {"material"}
    assert desk.vault.stores(delivered, MATERIAL) == []
    assert stores.code_key_rows(desk, desk.case(delivered)).collect().equals(before)
    shutil.copytree(vault_before / "material", desk.home.vault / delivered / "material", dirs_exist_ok=True)
    assert_does_not_open(desk, delivered, MATERIAL, "received.lisa")
    shutil.rmtree(desk.home.vault / delivered / "material")

    case = desk.case(delivered)
    receive_file(desk, case, "lisa", office.sent("lisa"), "Erik")
    latest = stores.received(desk, case, "lisa").latest()
    assert latest is not None
    assert latest.rows > 0


def test_a_repeat_delivery_follows_after_the_material_of_the_first_is_gone(office: Office, delivered: str) -> None:
    keep_code_key(office, delivered)
    before = stores.code_key_rows(office.desk, office.desk.case(delivered)).collect()
    dispose(on_day(office, after_the_window(office)), delivered, "Olle", second="Mia")
    office.desk.registers.load("LMED", 2221, office.world.register("LMED", 2221))
    made = office.deliver(delivered)
    assert (made["delivery"], made["kind"], len(made["files"])) == ("L002", "repeat", 1)
    assert stores.code_key_rows(office.desk, office.desk.case(delivered)).collect().equals(before)


def test_two_persons_dispose_each_by_a_call_of_their_own(office: Office, delivered: str) -> None:
    desk = on_day(office, after_the_window(office))
    [ordered] = dispose(desk, delivered, "Olle")
    assert (ordered.phase, ordered.waits) == ("ordered", "a second person")
    assert desk.vault.stores(delivered)
    with pytest.raises(RuleRefused, match="R16"):
        dispose(desk, delivered, "Olle")
    with pytest.raises(RuleRefused, match="R16"):
        dispose(desk, delivered, "Olle", second="Olle")
    assert [done.phase for done in dispose(desk, delivered, "Mia")] == ["disposed"]


def test_what_has_changed_since_the_order_is_ordered_anew(office: Office, delivered: str) -> None:
    desk = on_day(office, after_the_window(office))
    dispose(desk, delivered, "Olle")
    stores.code_key(desk, desk.case(delivered)).rotate()
    [again] = dispose(desk, delivered, "Mia")
    assert (again.phase, again.number) == ("ordered", "D002")


def test_the_second_receipt_follows_when_the_last_backup_of_the_keystore_has_expired(
    office: Office, delivered: str
) -> None:
    day = after_the_window(office)
    dispose(on_day(office, day), delivered, "Olle", second="Mia")
    horizon = date.fromordinal(day.toordinal() + office.desk.settings.keystore_backup_days)
    assert dispose(on_day(office, horizon), delivered, "Olle", second="Mia") == [Disposal("nothing")]
    [done] = dispose(on_day(office, date.fromordinal(horizon.toordinal() + 1)), delivered, "Olle")
    assert done.phase == "completed"
    last = office.desk.case(delivered).last(EventKind.DISPOSAL_COMPLETED)
    assert last is not None
    assert last.detail["disposal"] == "D001"


@pytest.mark.parametrize("kept", [False, True])
def test_an_encryption_key_that_comes_back_is_reported_and_destroyed_again(
    office: Office, delivered: str, kept: bool
) -> None:
    if kept:
        keep_code_key(office, delivered)
    folder, day = office.desk.keystore_folder, after_the_window(office)
    backup = Path(shutil.copytree(folder, office.folder / "keystore_backup"))
    dispose(on_day(office, day), delivered, "Olle", second="Mia")
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    later = date.fromordinal(day.toordinal() + 400)
    desk = on_day(office, later)
    assert any("NOT YET ERASED" in item["why"] for item in rehearse(desk, [delivered]))
    done = dispose(desk, delivered, "Olle", second="Mia")
    assert [each.phase for each in done if each.number == "D001"] == ["disposed"]
    assert done[0].detail is not None
    assert done[0].detail["again"]
    horizon = done[0].detail["keystore_backups_until"]
    assert date.fromisoformat(horizon) > later
    address = StoreAddress(delivered, MATERIAL, "received.lisa")
    with pytest.raises(KeystoreRefused):
        on_day(office, later).keystore.roots.read(address)
    assert not any("NOT YET ERASED" in item["why"] for item in rehearse(on_day(office, later), [delivered]))


def test_refused_files_go_by_a_clock_of_their_own(office: Office, delivered: str) -> None:
    keep_code_key(office, delivered)
    folder = office.desk.home.inbox(delivered, "lisa") / "refused"
    folder.mkdir(parents=True)
    (folder / "damaged.csv").write_text("a;b\n")
    left = office.desk.home.outbox(delivered) / "L001" / "left.tar.age.partial"
    left.write_bytes(b"half")
    desk = on_day(office, date.fromordinal(today(office).toordinal() + 30))
    [done] = dispose(desk, delivered, "Olle", second="Mia")
    receipt = receipt_of(office, done)
    assert [Path(file.path).name for file in receipt.files] == ["left.tar.age.partial", "damaged.csv"]
    assert receipt.stores == ()
    assert not (folder / "damaged.csv").exists()


def test_a_file_in_quarantine_goes_when_no_decision_came(office: Office) -> None:
    case = office.open_case()
    with pytest.raises(RuleRefused):
        receive_file(office.desk, office.desk.case(case), "lisa", office.sent("lisa"), "Erik")
    assert len(office.desk.case(case).held_files()) == 1
    day = today(office).toordinal()
    assert dispose(on_day(office, date.fromordinal(day + 29)), case, "Olle", second="Mia") == [Disposal("nothing")]
    [done] = dispose(on_day(office, date.fromordinal(day + 30)), case, "Olle", second="Mia")
    [store] = receipt_of(office, done).stores
    assert store.store.startswith("held.lisa.")
    assert office.desk.case(case).held_files() == []
    assert office.desk.vault.stores(case) == []
    assert state_of(office.desk.case(case).events) is State.OPENED


def test_the_rehearsal_shows_what_goes_when_and_why_and_does_nothing(office: Office, delivered: str) -> None:
    events = len(office.desk.case(delivered).events)
    done = program(office.desk.home.root, "dispose", "--rehearse", "--json")
    said = {item["what"]: item for item in answer(done)["items"]}
    assert said["code_key.person"]["first_day"] == after_the_window(office).isoformat()
    assert "L001" in said["code_key.person"]["why"]
    assert said["received.lisa"]["rule"] == "R16"
    assert len(office.desk.case(delivered).events) == events


def test_the_program_disposes_and_purges_the_page(office: Office, delivered: str) -> None:
    with dagster_instance(office.desk) as instance:
        assert instance.get_runs(filters=dg.RunsFilter(tags={PARTITION_TAG: delivered}))
    day = after_the_window(office).isoformat()
    acting = ("--as", "Olle", "--second-person", "Mia")
    done = program(office.desk.home.root, "--today", day, "--json", "dispose", delivered, *acting)
    [disposal] = answer(done)["disposals"]
    assert (disposal["phase"], disposal["disposal"], disposal["files"]) == ("disposed", "D001", 1)
    with dagster_instance(office.desk) as instance:
        assert not instance.get_runs(filters=dg.RunsFilter(tags={PARTITION_TAG: delivered}))
        end = {name: instance.get_latest_materialization_event(dg.AssetKey(name)) for name in ("disposal", "receipt")}
        assert delivered in instance.get_dynamic_partitions(CASE_PARTITIONS), "the end of its river stays to be read"
    shown = {name: event.asset_materialization.metadata for name, event in end.items()}
    assert shown["disposal"]["stores_destroyed"].value == disposal["stores"]
    assert shown["disposal"]["code_key_destroyed"].value is True
    assert Path(disposal["receipt"]).name in shown["receipt"]["receipts_table"].value


def test_free_names_are_for_synthetic_cases(office: Office) -> None:
    real = acts.order_detail(an_order(("synthetic: true", "synthetic: false")), "order.yaml", office.desk.catalogue)
    office.desk.cases.open("1-2026", office.desk.clock.now(), "Erik", real)
    done = program(office.desk.home.root, "dispose", "1-2026", "--second-person", "Mia")
    assert done.returncode == 1


@pytest.mark.parametrize("part", ["provider", "classes", "roots"])
def test_whatever_part_of_a_keystore_comes_back_is_seen(office: Office, part: str) -> None:
    """A backup is seldom put back whole: each part alone says that the erasure is undone, or could be."""
    case, keystore = office.open_case(), office.desk.home.keystore
    office.desk.vault.create_store(case, RetentionClass.CODE_KEY, "population")
    stores = [{"retention_class": "code_key", "store": "population"}]
    detail = {"classes": ["code_key"], "stores": stores, "class_keys": class_keys(office.desk, case)}
    before = {path: path.read_bytes() for path in keystore.rglob("*.json") if case in str(path)}
    office.desk.vault.destroy_class(case, RetentionClass.CODE_KEY)
    assert not came_back(office.desk, case, detail)
    put_back = {path: content for path, content in before.items() if path.relative_to(keystore).parts[0] == part}
    assert put_back
    for path, content in put_back.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert came_back(office.desk, case, detail)
