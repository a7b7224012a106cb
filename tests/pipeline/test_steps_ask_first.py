"""Steps ask, and record, before they act: each is stopped at its act, and what came before it is there already."""

import shutil
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps import stores
from assets.steps.delivery import delivering
from assets.steps.intake import receiving as intake
from assets.steps.persons import code_keys
from assets.steps.persons.numbering import add_to_code_key
from assets.steps.retention import destroying, disposing
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from samkorning.case import Event, EventKind
from samkorning.case.plan import DeliveryPlan, LinkedUnit, PlannedFile, Unit
from samkorning.code_key import read_code_key
from samkorning.delivery.kind import DeliveryKind
from samkorning.encryption.age import create_identity
from samkorning.errors import CheckFailed, RuleRefused
from samkorning.guards import Guard
from samkorning.order import PERSON_SERIES
from samkorning.vault import RetentionClass, Vault
from tests.factories import AT
from tests.office import OFFICER, Office

CASE = "36759-2021"
PLAN = DeliveryPlan(
    "L001",
    DeliveryKind.FIRST,
    (PlannedFile("ut_r_lisa", "lisa", (LinkedUnit(Unit("lisa"), "i", "c", 1),)),),
    (),
    (),
)


class Stopped(Exception):
    """Stands where the act would be."""


def stop(*_: Any, **__: Any) -> None:
    raise Stopped


def deliver(office: Office, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(delivering, "require_may_be_delivered", lambda *_: None)
    patch.setattr(delivering, "describe", stop)
    delivering.deliver(office.desk, office.desk.case(CASE), PLAN)


def export(office: Office, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(code_keys, "_require_series", lambda *_: None)
    patch.setattr(code_keys.stores, "code_key_rows", stop)
    recipient = create_identity().recipient
    code_keys.export(office.desk, office.desk.case(CASE), PERSON_SERIES, recipient, office.folder / "key.age", OFFICER)


def receive(office: Office, patch: pytest.MonkeyPatch) -> None:
    office.decide(CASE)
    patch.setattr(intake, "read_in", stop)
    office.receive(CASE, "population")


def hold(office: Office, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intake.quarantine, "put_bytes", stop)
    office.receive(CASE, "population")


def remove_person(office: Office, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(code_keys.code_key, "read_code_key", stop)
    code_keys.remove_person(office.desk, office.desk.case(CASE), str(office.world.study()[0]), OFFICER)


def dispose(office: Office, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disposing, "destroy", stop)
    confirmed = Event(2, EventKind.DISPOSAL_CONFIRMED, AT, "Mia", {"disposal": "D001"})
    disposing._carry_out(office.desk, CASE, {EventKind.DISPOSAL_CONFIRMED: confirmed}, again=False)


@pytest.mark.parametrize(
    ("act", "recorded"),
    [
        (deliver, "deliver"),
        (export, "export code key"),
        (receive, "receive"),
        (hold, "quarantine"),
        (remove_person, "remove person"),
        (dispose, "dispose"),
    ],
)
def test_an_act_is_recorded_before_it_is_done(
    office: Office, monkeypatch: pytest.MonkeyPatch, act: Callable[[Office, pytest.MonkeyPatch], None], recorded: str
) -> None:
    office.open_case()
    with pytest.raises(Stopped):
        act(office, monkeypatch)
    assert office.desk.audit.records()[-1].act == recorded


def test_the_record_of_a_received_file_says_which_guards_were_absent(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.open_case()
    monkeypatch.setattr(intake, "absent_guards", lambda: (Guard.NO_FILES, Guard.OWN_NETWORK))
    with pytest.raises(Stopped):
        receive(office, monkeypatch)
    assert office.desk.audit.records()[-1].facts["absent_guards"] == "landlock_files, own_network"


def test_sealing_asks_the_rules_itself(office: Office) -> None:
    """Whoever calls it: a plan for a case that nobody has decided on is not sealed."""
    office.open_case()
    with pytest.raises(RuleRefused, match=r"^R09:"):
        delivering.deliver(office.desk, office.desk.case(CASE), PLAN)
    assert not office.desk.home.outbox(CASE).exists()


def test_a_run_that_nobody_checked_before_is_stopped_at_the_case(office: Office) -> None:
    """The page and the daemon start the job without the command's own questions."""
    case = office.open_case()
    with dagster_instance(office.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        job = build_definitions(office.desk).resolve_job_def("deliver")
        with pytest.raises(RuleRefused, match=r"^R09:"):
            job.execute_in_process(instance=instance, partition_key=case)


def test_every_case_draws_for_itself(office: Office) -> None:
    """The same persons in two cases: what the serial numbers of one say about the other is nothing."""
    drawn = []
    numbers = pl.LazyFrame({"number": list(office.world.study()[:50])})
    for case in (office.open_case(), office.open_case(number="10001-2026")):
        opened = office.desk.case(case)
        add_to_code_key(office.desk, opened, PERSON_SERIES, numbers)
        drawn.append(set(read_code_key(stores.code_key(office.desk, opened))["serial_number"]))
    assert len(drawn[0] & drawn[1]) < 5


def test_somebody_who_objects_gets_no_serial_number_from_any_source(office: Office) -> None:
    """Also where a source adds persons by itself, past the population."""
    opened = office.desk.case(office.open_case())
    first, second = office.world.study()[:2]
    objecting = pl.Series("number", [first], dtype=pl.Int64)
    stores.keep_objections(office.desk, opened, stores.objections_with(office.desk, opened, objecting))
    add_to_code_key(office.desk, opened, PERSON_SERIES, pl.LazyFrame({"number": [first, second]}))
    assert read_code_key(stores.code_key(office.desk, opened))["number"].to_list() == [second]


def test_what_opens_after_its_disposal_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A destruction that does less than it says, as a provider that keeps what it was told to destroy."""
    office.open_case()
    store = office.desk.vault.create_store(CASE, RetentionClass.CODE_KEY, "population")
    store.append(pl.DataFrame({"number": [1]}))
    folder = office.desk.vault.folder / store.address.folder
    monkeypatch.setattr(Vault, "destroy_class", lambda *_: shutil.rmtree(folder))
    with pytest.raises(CheckFailed, match="still open after their disposal"):
        destroying._destroy(office.desk, CASE, RetentionClass.CODE_KEY, ["population"], True)
