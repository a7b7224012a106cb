"""Whatever fails in any asset, check, op, sensor or schedule, Dagster keeps a reference and no text of a library; and
what a body hands over by mistake is not kept either."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import pytest

from assets.graph import CASE_PARTITIONS
from pipelines.definitions import ACTS, build_definitions
from pipelines.instance import dagster_instance
from pipelines.storing import NothingIsStored
from resources.desk import Desk
from samkorning.errors import GuardedFailure
from tests.office import Office

CASE, VALUE = "36759-2021", "222001012387 Unmistakable"
PLACES = ("cases", "registers", "overview", "due", "catalogue", "audit")
ACT_NAMES = {act.name for act in ACTS}
"""Jobs that are acts of a person: each wants its own particulars, and all are made by one guarded function."""


class Shows:
    """Something that shows a value whenever it is printed."""

    def __repr__(self) -> str:
        return VALUE


@pytest.fixture
def broken(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in which every place fails with a library's text that holds a value; definitions are made before."""

    def fail(*_: Any, **__: Any) -> Any:
        raise ValueError(VALUE)

    office.open_case(number=CASE)
    office.__dict__["definitions"] = build_definitions(office.desk)
    vault = office.desk.vault
    monkeypatch.setattr(Desk, "vault", property(lambda self: vault))
    monkeypatch.setattr(Desk, "case", fail)
    for name in PLACES:
        monkeypatch.setattr(Desk, name, property(fail))
    monkeypatch.setattr("resources.inbox.lying_files", fail)
    return office


def runs(definitions: dg.Definitions) -> Iterator[tuple[str, dg.JobDefinition, list[dg.AssetKey] | None]]:
    """Every asset with its checks and every job of ops, each to be run alone."""
    repository = definitions.get_repository_def()
    for job in repository.get_all_jobs():
        if job.name.startswith("__") or job.name in ACT_NAMES:
            continue
        keys = job.asset_layer.executable_asset_keys
        for key in sorted(keys):
            yield f"{job.name}: {key.to_user_string()}", job, [key]
        if not keys:
            yield job.name, job, None


def test_whatever_fails_in_any_run_is_told_by_reference(broken: Office) -> None:
    definitions = broken.__dict__["definitions"]
    with dagster_instance(broken.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        tried = {name: fields_of(instance, job, keys) for name, job, keys in runs(definitions)}
    said = {name for name, text in tried.items() if "(reference " in text}
    assert {"renew_desk: desk", "deliver: delivery", "deliver: code_key", "intake", "quarantine"} <= said
    assert not [name for name, text in tried.items() if "Unmistakable" in text]
    assert not [name for name, text in tried.items() if name not in said and "STEP_FAILURE" in text]


def fields_of(instance: dg.DagsterInstance, job: dg.JobDefinition, keys: list[dg.AssetKey] | None) -> str:
    """All that Dagster keeps of a run that fails."""
    partition = CASE if job.partitions_def is not None else None
    run = job.execute_in_process(
        instance=instance,
        asset_selection=keys,
        partition_key=partition,
        raise_on_error=False,
    )
    return "\n".join(str(record.event_log_entry) for record in instance.get_records_for_run(run.run_id).records)


def test_whatever_fails_in_a_look_is_told_by_reference(broken: Office) -> None:
    repository = broken.__dict__["definitions"].get_repository_def()
    desk = broken.desk
    with dagster_instance(broken.desk) as instance:
        sensor = dg.build_sensor_context(instance=instance, resources={"desk": desk})
        schedule = dg.build_schedule_context(instance=instance, resources={"desk": desk})
        looks: dict[str, Callable[[], Any]] = {
            **{each.name: lambda each=each: each.evaluate_tick(sensor) for each in repository.sensor_defs},
            **{
                each.name: lambda each=each: each.evaluate_tick(schedule)
                for each in repository.schedule_defs
                if each.name != "desk_every_morning"  # which looks at nothing
            },
        }
        said = {name: error_of(look) for name, look in looks.items()}
    failed = {name for name, error in said.items() if error}
    assert {"page_sensor", "inbox_sensor", "due_deliveries_sensor", "repeat_deliveries"} <= failed
    assert not [name for name, error in said.items() if "Unmistakable" in error]
    assert not [name for name in failed if GuardedFailure.__name__ not in said[name]]


def error_of(look: Callable[[], Any]) -> str:
    """The error of a look, with all that led to it; nothing of one that needs no place that is broken."""
    error: BaseException | None = None
    try:
        look()
    except Exception as caught:
        error = caught
    said = ""
    while error is not None:
        said += f"{error!r}\n"
        error = error.__cause__ or error.__context__
    return said


@pytest.mark.parametrize("value", [VALUE, Shows(), [Shows()], {"a": Shows()}], ids=["text", "thing", "list", "dict"])
def test_what_a_body_hands_over_by_mistake_is_not_kept(value: object) -> None:
    @dg.asset
    def wrong() -> dg.MaterializeResult:
        return value  # type: ignore[return-value]

    @dg.asset
    def right() -> None:
        return None

    @dg.asset_check(asset=right)
    def looks() -> dg.AssetCheckResult:
        return value  # type: ignore[return-value]

    jobs = [dg.define_asset_job(each.key.path[0], selection=[each]) for each in (wrong, right)]
    definitions = dg.Definitions(
        [wrong, right], jobs=jobs, asset_checks=[looks], resources={"io_manager": NothingIsStored()}
    )
    for job in ("wrong", "right"):
        with dg.DagsterInstance.ephemeral() as instance:
            run = definitions.resolve_job_def(job).execute_in_process(instance=instance, raise_on_error=False)
            records = instance.get_records_for_run(run.run_id).records
            assert not run.success or job == "right"
            assert "Unmistakable" not in "\n".join(str(record.event_log_entry) for record in records)
