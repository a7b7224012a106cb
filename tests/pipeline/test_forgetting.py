"""What the page forgets: logs of old runs, ticks, old failures; never how an asset stands, nor any record of acts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, TickData, TickStatus
from dagster._utils.error import SerializableErrorInfo

from assets.graph import CASE_PARTITIONS
from pipelines.forgetting import forget_disposed_cases, forget_runs, forget_ticks
from pipelines.instance import dagster_instance
from resources.dagster_forgetting import KEPT_TIMES
from samkorning.case import EventKind
from tests.launching import Launchpad
from tests.office import Office

CASE = "36759-2021"
LATER = timedelta(hours=1)


@dg.op
def seen(context: dg.OpExecutionContext) -> None:
    context.log_event(dg.AssetMaterialization("case", partition=CASE, metadata={"events": 1}))


@dg.job(executor_def=dg.in_process_executor)
def reporting() -> None:
    seen()


@dg.job(executor_def=dg.in_process_executor)
def saying_nothing() -> None:
    dg.op(name="silent")(lambda context: None)()


@pytest.fixture
def instance(office: Office) -> Iterator[dg.DagsterInstance]:
    office.open_case(number=CASE)
    with dagster_instance(office.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        yield instance


def shard(office: Office, run: str) -> bool:
    return any(office.desk.home.dagster.rglob(f"{run}.db*"))


def test_a_run_loses_its_log_and_what_it_told_last_stays(office: Office, instance: dg.DagsterInstance) -> None:
    shows = reporting.execute_in_process(instance=instance).run_id
    silent = saying_nothing.execute_in_process(instance=instance).run_id
    assert forget_runs(instance, datetime.now(UTC) - LATER) == (0, 0), "nothing is old"
    assert shard(office, shows) and shard(office, silent)
    assert forget_runs(instance, datetime.now(UTC) + LATER) == (1, 1)
    assert [run.run_id for run in instance.get_runs()] == [shows]
    assert not shard(office, shows) and not shard(office, silent)
    [record] = instance.fetch_materializations(dg.AssetKey("case"), limit=5).records
    assert record.run_id == shows and record.partition_key == CASE
    assert instance.all_logs(shows) == [], "the page opens it, empty"
    assert forget_runs(instance, datetime.now(UTC) + LATER) == (1, 0), "a second night changes nothing"
    assert not shard(office, shows)


@dg.asset(
    name="counted", check_specs=[dg.AssetCheckSpec("adds_up", asset="counted")], metadata={"samkorning/holds": "counts"}
)
def counted() -> dg.MaterializeResult:
    checked = dg.AssetCheckResult(check_name="adds_up", passed=True, description="Looked at all.", metadata={"rows": 3})
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[checked])


def test_what_stays_says_what_it_said_and_no_more_of_its_step(instance: dg.DagsterInstance) -> None:
    """The page goes on showing the figures of the asset, and of the check what it looked at."""
    assert dg.materialize([counted], instance=instance).success
    forget_runs(instance, datetime.now(UTC) + LATER)
    key = dg.AssetCheckKey(dg.AssetKey("counted"), "adds_up")
    for _ in range(2):
        [record] = instance.fetch_materializations(dg.AssetKey("counted"), limit=5).records
        assert record.asset_materialization is not None
        assert record.asset_materialization.metadata["rows"].value == 3
        assert record.event_log_entry.step_key == "counted" and not record.event_log_entry.user_message
        [summary] = instance.event_log_storage.get_asset_check_summary_records([key]).values()
        execution = summary.last_check_execution_record
        assert execution is not None and execution.event is not None
        evaluation = execution.event.asset_check_evaluation
        assert evaluation is not None and evaluation.passed
        assert (evaluation.description, evaluation.metadata["rows"].value) == ("Looked at all.", 3)
        assert len(execution.event.user_message) == 0
        forget_runs(instance, datetime.now(UTC) + LATER)


def test_of_each_partition_the_last_times_stay(instance: dg.DagsterInstance) -> None:
    for _ in range(KEPT_TIMES + 2):
        reporting.execute_in_process(instance=instance)
    asset_event = dg.AssetMaterialization("order", partition=CASE)
    for _ in range(KEPT_TIMES + 3):
        instance.report_runless_asset_event(asset_event)
    assert forget_runs(instance, datetime.now(UTC) + LATER) == (KEPT_TIMES, 2)
    for asset in ("case", "order"):
        assert len(instance.fetch_materializations(dg.AssetKey(asset), limit=50).records) == KEPT_TIMES


def test_a_run_that_is_under_way_is_left_alone(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(reporting, status=dg.DagsterRunStatus.STARTED)
    assert forget_runs(instance, datetime.now(UTC) + LATER) == (0, 0)
    assert instance.get_run_by_id(run.run_id) is not None


def test_ticks_that_asked_for_nothing_go_sooner(instance: dg.DagsterInstance) -> None:
    now = datetime.now(UTC)
    location = RegisteredCodeLocationOrigin("here")
    origin = RemoteRepositoryOrigin(location, "__repository__").get_instigator_origin("inbox_sensor")
    state = InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.RUNNING)
    instance.add_instigator_state(state)

    def tick(status: TickStatus, ago: timedelta) -> None:
        instance.create_tick(
            TickData(
                instigator_origin_id=state.instigator_origin_id,
                instigator_name="inbox_sensor",
                instigator_type=InstigatorType.SENSOR,
                status=status,
                timestamp=(now - ago).timestamp(),
                selector_id=state.selector_id,
                run_ids=[],
                run_keys=[],
                error=SerializableErrorInfo("failed", [], None) if status is TickStatus.FAILURE else None,
            )
        )

    tick(TickStatus.SKIPPED, timedelta(days=3))
    tick(TickStatus.SKIPPED, timedelta(hours=1))
    tick(TickStatus.FAILURE, timedelta(days=3))
    tick(TickStatus.SUCCESS, timedelta(days=70))
    forget_ticks(instance, now - timedelta(days=60), now - timedelta(days=2))
    left = instance.get_ticks(state.instigator_origin_id, state.selector_id)
    assert sorted(each.status.value for each in left) == ["FAILURE", "SKIPPED"]


def test_old_lines_of_the_failure_log_go(office: Office) -> None:
    now = datetime.now(UTC)
    office.desk.failures.record(ValueError("one"), "then", now - timedelta(days=70))
    office.desk.failures.record(ValueError("two"), "now", now)
    assert office.desk.failures.forget(now - timedelta(days=60)) == 1
    assert '"now"' in office.desk.home.failures.read_text()
    assert office.desk.home.failures.stat().st_mode & 0o777 == 0o600
    assert office.desk.failures.forget(now - timedelta(days=60)) == 0


def test_runs_of_a_case_that_is_disposed_of_go(
    office: Office, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {"dagster/partition": CASE}
    for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.STARTED):
        instance.create_run_for_job(reporting, status=status, tags=tags)
    assert forget_disposed_cases(office.desk, instance) == 0
    disposed = {"disposal": "D001", "code_key": True, "stores": [], "files": [], "held": []}
    office.desk.cases.record(office.desk.case(CASE), EventKind.DISPOSED, office.desk.clock.now(), "Olle", disposed)
    assert forget_disposed_cases(office.desk, instance) == 1
    assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.STARTED], "it is under way"


def test_the_job_says_what_it_forgot(office: Office, instance: dg.DagsterInstance) -> None:
    page = Launchpad(office.desk, instance)
    said = page.launch("forget_old_runs")
    assert said.startswith("0 runs without their logs now, 0 removed, 0 of cases that are disposed of")
