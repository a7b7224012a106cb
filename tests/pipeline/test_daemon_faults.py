"""Dagster's own daemons through what goes wrong with them: killed in mid-tick, a worker killed, two of them, partitions
gone, a database that is held; and all repeats as one backfill."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import consume_new_runs_for_automatic_reexecution
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration

from assets.graph import CASE_PARTITIONS
from pipelines.acts import repeats
from pipelines.asking import KIND
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.triggers import due_deliveries_sensor, inbox_sensor
from resources.inbox import DONE
from samkorning.case import EventKind, derived
from samkorning.errors import MachineFailure
from tests.looks import requests_of, said_by
from tests.office import Office
from tests.patience import PATIENCE
from tests.pipeline.daemons import LOGGER, look, workspace_of
from tests.small_office import CASE, SmallOffice, small_order

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = 40_000


def put(office: SmallOffice, path: Path, name: str) -> None:
    """A holder's file in the inbox."""
    folder = office.desk.home.inbox(CASE, "diabetes")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, folder / name)
    (folder / f"{name}{DONE}").touch()


def decided(office: SmallOffice) -> None:
    text = small_order()
    detail = {"order": text, "file": "order.yaml", "sha256": "0" * 64}
    office.desk.cases.open(CASE, office.desk.clock.now(), "Erik", detail)
    office.decide(CASE)


def many_visits(office: SmallOffice) -> Path:
    """A file that takes a while to take in."""
    path = office.visits("many")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    rows = [lines[1 + place % (len(lines) - 1)] for place in range(ROWS)]
    path.write_text("\n".join([lines[0], *rows]) + "\n", encoding="utf-8-sig")
    return path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallOffice, WorkspaceProcessContext]]:
    """An office with a decided case, killed once in the middle of a look, and the daemons that come after that."""
    before = dict(os.environ)
    office = SmallOffice(tmp_path_factory.mktemp("daemons"))
    decided(office)
    put(office, many_visits(office), "visits.csv")
    os.environ["SAMKORNING_HOME"] = str(office.desk.home.root)
    crashing = subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.crashing_daemon", "RUN_CREATED"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert crashing.wait(timeout=PATIENCE) == -signal.SIGKILL
    finally:
        os.killpg(crashing.pid, signal.SIGKILL)
    with workspace_of(office.desk) as workspace:
        yield office, workspace
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def of_intake(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    return instance.get_runs(filters=dg.RunsFilter(job_name="intake"))


@pytest.mark.slow
def test_a_daemon_that_was_killed_in_mid_tick_goes_on_with_the_same_run(
    served: tuple[SmallOffice, WorkspaceProcessContext],
) -> None:
    _, workspace = served
    [left] = of_intake(workspace.instance)
    assert left.status is dg.DagsterRunStatus.NOT_STARTED
    look(workspace)
    [run] = of_intake(workspace.instance)
    assert (run.run_id, run.status) == (left.run_id, dg.DagsterRunStatus.QUEUED), "one file, one run"
    look(workspace)
    assert len(of_intake(workspace.instance)) == 1


def started(workspace: WorkspaceProcessContext, run: dg.DagsterRun) -> int:
    """Launches a run of the queue; the process that runs it, held where it has started. It is held whenever it is
    looked at, so that it cannot be over first, however slow a look is.
    """
    instance = workspace.instance
    instance.launch_run(run.run_id, workspace.create_request_context())
    until = time.monotonic() + PATIENCE
    while (process := process_of(instance, run)) is None and time.monotonic() < until:
        time.sleep(0.02)
    assert process is not None, "it got no process"
    while time.monotonic() < until:
        os.kill(process, signal.SIGSTOP)
        now = instance.get_run_by_id(run.run_id)
        assert now is not None and not now.is_finished, "it was over before it could be killed"
        if now.status is dg.DagsterRunStatus.STARTED:
            return process
        os.kill(process, signal.SIGCONT)
        time.sleep(0.02)
    raise AssertionError("it never started")


def process_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> int | None:
    """The process that was started for a run, once its log says so."""
    entries = instance.all_logs(run.run_id)
    said = [entry.get_dagster_event().message or "" for entry in entries if entry.is_dagster_event]
    found = re.search(
        r"Started process for run \(pid: (\d+)\)", " ".join([*(entry.message for entry in entries), *said])
    )
    return int(found[1]) if found else None


def ended(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        now = instance.get_run_by_id(run.run_id)
        assert now is not None
        if now.is_finished:
            return now.status
        time.sleep(0.1)
    raise AssertionError("it never ended")


@pytest.mark.slow
def test_a_run_whose_worker_was_killed_is_found_and_taken_up(
    served: tuple[SmallOffice, WorkspaceProcessContext],
) -> None:
    office, workspace = served
    instance = workspace.instance
    [run] = of_intake(instance)
    os.kill(started(workspace, run), signal.SIGKILL)
    list(execute_run_monitoring_iteration(workspace, LOGGER))
    until = time.monotonic() + PATIENCE
    while not (dead := instance.get_run_by_id(run.run_id)).is_finished and time.monotonic() < until:  # type: ignore[union-attr]
        time.sleep(0.2)
        list(execute_run_monitoring_iteration(workspace, LOGGER))
    assert dead is not None and dead.status is dg.DagsterRunStatus.FAILURE
    assert office.desk.case(CASE).of(EventKind.FILE_RECEIVED) == []
    look(workspace)
    assert len(of_intake(instance)) == 1, "Dagster starts it again itself, and the sensor waits for that"
    record = instance.get_run_records(filters=dg.RunsFilter(run_ids=[run.run_id]))
    list(consume_new_runs_for_automatic_reexecution(workspace, record, LOGGER))
    [again] = [each for each in of_intake(instance) if each.parent_run_id == run.run_id]
    instance.launch_run(again.run_id, workspace.create_request_context())
    assert ended(instance, again) is dg.DagsterRunStatus.SUCCESS
    assert len(office.desk.case(CASE).of(EventKind.FILE_RECEIVED)) == 1


def test_all_repeats_are_one_backfill_whose_runs_the_queue_lets_through_one_by_one(
    served: tuple[SmallOffice, WorkspaceProcessContext],
) -> None:
    _, workspace = served
    [run, *_] = of_intake(workspace.instance)
    name = repeats.start(workspace.instance, run.remote_job_origin, [CASE], "Olle")
    list(execute_backfill_iteration(workspace, LOGGER))
    [made] = workspace.instance.get_runs(filters=dg.RunsFilter(tags={"dagster/backfill": name}))
    assert (made.job_name, made.status) == ("deliver", dg.DagsterRunStatus.QUEUED)
    assert (made.tags["dagster/partition"], made.tags[KIND], made.tags[repeats.ALL_REPEATS]) == (CASE, "repeat", "yes")
    limits = workspace.instance.get_concurrency_config().run_queue_config
    assert limits is not None
    assert {"key": repeats.ALL_REPEATS, "limit": 1} in limits.tag_concurrency_limits


@pytest.fixture
def small(office: Office) -> SmallOffice:
    small = SmallOffice(office.folder)
    decided(small)
    put(small, small.visits(), "visits.csv")
    return small


def test_two_daemons_that_ask_at_once_take_a_file_in_once(small: SmallOffice) -> None:
    job = build_definitions(small.desk).resolve_job_def("intake")
    with dagster_instance(small.desk) as first, dagster_instance(small.desk) as second:
        asked = [
            request
            for instance in (first, second)
            for request in requests_of(inbox_sensor(dg.build_sensor_context(instance=instance), desk=small.desk))
        ]
        assert len(asked) == 2 and asked[0].run_key == asked[1].run_key
        first.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        for instance, request in zip((first, second), asked, strict=True):
            run = job.execute_in_process(instance=instance, partition_key=CASE, tags=dict(request.tags))
            assert run.success
    assert len(small.desk.case(CASE).of(EventKind.FILE_RECEIVED)) == 1


def test_a_partition_that_is_gone_is_added_again_with_the_run_that_needs_it(small: SmallOffice) -> None:
    with dagster_instance(small.desk) as instance:
        context = dg.build_sensor_context(instance=instance)
        instance.add_dynamic_partitions(CASE_PARTITIONS, [CASE])
        assert not inbox_sensor(context, desk=small.desk).dynamic_partitions_requests
        instance.delete_dynamic_partition(CASE_PARTITIONS, CASE)
        looked = inbox_sensor(context, desk=small.desk)
        [added] = looked.dynamic_partitions_requests or []
        assert list(added.partition_keys) == [CASE]
        assert [request.partition_key for request in requests_of(looked)] == [CASE]


def not_waiting(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=50")


def test_a_look_at_a_database_that_is_held_tells_a_sentence_and_the_next_one_asks(
    small: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Database is locked: a look fails with a sentence, loses nothing, and the next one sees the same."""
    monkeypatch.setattr(derived, "may_be_lost", not_waiting)
    assert small.desk.due.rows() == {}
    with dagster_instance(small.desk) as instance:
        context = dg.build_sensor_context(instance=instance)
        with sqlite3.connect(small.desk.home.due, isolation_level=None) as holding:
            holding.execute("BEGIN IMMEDIATE")
            with pytest.raises(MachineFailure, match="another process holds a lock"):
                due_deliveries_sensor(context, desk=small.desk)
            holding.execute("ROLLBACK")
        assert said_by(due_deliveries_sensor(context, desk=small.desk)).startswith("looked at 1 cases")
