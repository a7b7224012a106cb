"""What does not fit in a case stops all work on it: each part is taken away or put back by itself, and told by name.

A small home that has delivered once; every test works on a copy of it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps import stores
from assets.steps.delivery.delivering import deliver
from assets.steps.intake.receiving import receive_file, receive_or_hold
from assets.steps.persons import same_code_key
from assets.steps.persons.code_keys import remove_person
from assets.steps.safekeeping import fitting
from assets.steps.safekeeping.fitting import case_misfits, require_fits, require_fits_to_deliver
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from samkorning.case import EventKind
from samkorning.case.anchor import anchor_file
from samkorning.case.events import Case
from samkorning.case.plan import DeliveryPlan, LinkedUnit, PlannedFile, Unit
from samkorning.delivery.kind import DeliveryKind
from samkorning.errors import VaultDamaged
from samkorning.vault import RetentionClass
from tests.factories import a_case, a_unit, approved, delivered
from tests.moments import small_office
from tests.office import ENGINEER
from tests.small_office import CASE, FILE, SmallOffice, copied, prepare

SECOND = DeliveryPlan(
    "L002",
    DeliveryKind.SUPPLEMENT,
    (PlannedFile(FILE, "diabetes", (LinkedUnit(Unit("diabetes"), "i", "c", 1),)),),
    (),
    (),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    folder = tmp_path_factory.mktemp("fitting") / "office"
    small_office(folder).desk.cases.close()  # a keystore that opens at once
    office = SmallOffice(folder)
    prepare(office, "delivered")
    yield office
    office.desk.cases.close()


@pytest.fixture
def office(template: SmallOffice, tmp_path: Path) -> Iterator[SmallOffice]:
    template.desk.cases.close()
    office = copied(template, tmp_path / "office")
    yield office
    office.desk.cases.close()


def without_anchor(office: SmallOffice) -> None:
    anchor_file(office.desk.home.vault, CASE).unlink()


def with_an_unknown_package(office: SmallOffice) -> None:
    folder = office.desk.home.outbox(CASE) / "L002"
    folder.mkdir()
    (folder / f"{CASE}_L002.tar.age").write_bytes(b"sealed")


def with_a_closed_store(office: SmallOffice) -> None:
    folder = office.desk.vault.folder / CASE / "material" / stores.linked_name(Unit("diabetes"))
    manifest = max(folder.glob("*/*.json"))
    manifest.write_bytes(manifest.read_bytes().replace(b'"rows"', b'"Rows"'))


def without_the_received_file(office: SmallOffice) -> None:
    office.desk.vault.destroy_stores(CASE, RetentionClass.MATERIAL, ["received.diabetes"])


def without_the_code_key(office: SmallOffice) -> None:
    office.desk.vault.destroy_stores(CASE, RetentionClass.CODE_KEY, ["code_key.person"])


def with_another_code_key(office: SmallOffice) -> None:
    store = stores.code_key_to_change(office.desk, office.desk.case(CASE))
    store.replace(store.scan().with_columns(pl.col("number").reverse()))


MISFITS: dict[Callable[[SmallOffice], None], str] = {
    without_anchor: r"anchor\.json is missing in the vault",
    with_an_unknown_package: "the outbox holds L002, which neither case register nor audit log knows",
    with_a_closed_store: "the manifest is not what was committed",
    without_the_received_file: "does not hold the file of diabetes",
    without_the_code_key: "does not hold what L001 was delivered with",
    with_another_code_key: "does not hold what L001 was delivered with",
}


@pytest.mark.parametrize("change", MISFITS)
def test_what_does_not_fit_stops_the_work_by_its_name(
    office: SmallOffice, change: Callable[[SmallOffice], None]
) -> None:
    require_fits_to_deliver(office.desk, office.desk.case(CASE))
    change(office)
    with pytest.raises(VaultDamaged, match=MISFITS[change]):
        require_fits(office.desk, office.desk.case(CASE))


def test_a_file_that_waited_and_is_gone_is_missed(office: SmallOffice) -> None:
    case = office.open_case(number="10001-2026")
    receive_or_hold(office.desk, office.desk.case(case), "diabetes", office.visits(), ENGINEER)
    require_fits(office.desk, office.desk.case(case))
    [held] = [name for name in office.desk.vault.stores(case) if name.startswith("held.")]
    office.desk.vault.destroy_stores(case, RetentionClass.MATERIAL, [held])
    with pytest.raises(VaultDamaged, match="does not hold the file of diabetes"):
        require_fits(office.desk, office.desk.case(case))


def test_a_delivered_year_that_is_not_loaded_is_missed(office: SmallOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_case(*approved(), delivered("L001", a_unit("lmed", 2219), a_unit("lmed", 2220), a_unit("lisa")))
    monkeypatch.setattr(fitting, "register_hashes", lambda *_: {Unit("lmed", 2220): "h"})
    [misfit] = fitting._lost_years(office.desk, case)
    assert "lmed 2219 was delivered and is not in the register store" in misfit.problem


def by_the_delivery(office: SmallOffice, case: Case) -> None:
    deliver(office.desk, case, SECOND)


def by_the_page(office: SmallOffice, case: Case) -> None:
    with dagster_instance(office.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        job = build_definitions(office.desk).resolve_job_def("deliver")
        job.execute_in_process(instance=instance, partition_key=CASE)


def by_a_file(office: SmallOffice, case: Case) -> None:
    receive_file(office.desk, case, "diabetes", office.visits("corrected", 2219), ENGINEER)


@pytest.mark.parametrize("act", [by_the_delivery, by_the_page, by_a_file])
def test_no_work_begins_where_parts_do_not_fit(
    office: SmallOffice, act: Callable[[SmallOffice, Case], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.steps.delivery.delivering.require_may_be_delivered", lambda *_: None)
    without_anchor(office)
    before, events = len(office.desk.audit.records()), len(office.desk.case(CASE).events)
    with pytest.raises(VaultDamaged, match="is missing in the vault"):
        act(office, office.desk.case(CASE))
    assert (len(office.desk.audit.records()), len(office.desk.case(CASE).events)) == (before, events)


def test_nothing_is_delivered_by_a_log_or_register_that_is_not_whole(office: SmallOffice) -> None:
    """A byte before the index of the log, which no case's own trail reads again; a case that is gone."""
    log, register = office.desk.home.audit, office.desk.cases
    office.desk.audit.trails.all()
    content = log.read_bytes()
    log.write_bytes(content.replace(b"Erik", b"Eric", 1))
    with pytest.raises(VaultDamaged, match="line 1: was changed"):
        require_fits_to_deliver(office.desk, a_case())
    log.write_bytes(content)
    require_fits_to_deliver(office.desk, office.desk.case(CASE))
    office.desk.audit.append("recorded", "Olle", "10001-2026", office.desk.clock.now(), event=1, kind="opened", mac="m")
    with pytest.raises(VaultDamaged, match="knows more of case 10001-2026"):
        require_fits_to_deliver(office.desk, register.case(CASE))


def test_every_delivery_remembers_the_code_key_that_it_was_made_with(office: SmallOffice) -> None:
    event = office.desk.case(CASE).last(EventKind.DELIVERED)
    assert event is not None and "code_key.person" in event.detail[same_code_key.CODE_KEYS]


def test_a_code_key_that_was_looked_at_is_looked_at_again_when_it_has_changed(office: SmallOffice) -> None:
    """Nothing is read, drawn or removed by it: not in the process that has found it whole before either."""
    case = office.desk.case(CASE)
    same_code_key.require_same_code_key(office.desk, case)
    with_another_code_key(office)
    acts: tuple[Callable[[], object], ...] = (
        lambda: stores.code_key(office.desk, case),
        lambda: remove_person(office.desk, case, office.first[0], ENGINEER),
    )
    for act in acts:
        with pytest.raises(VaultDamaged, match="does not hold what L001 was delivered with"):
            act()
    assert [misfit.is_grave for misfit in case_misfits(office.desk, case)] == [True]
