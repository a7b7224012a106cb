"""Cases that a cluster links use it one after the other, by a pool of Dagster's; others do not wait for it."""

import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from dagster._utils.tags import TagConcurrencyLimitsCounter

from assets.cluster_runs import CLUSTER_POOL, ClusterRun
from assets.page_report import report_changes
from pipelines.dead_runs import HEADLESS, end_dead_runs
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from resources.acting import asked_by
from resources.cluster import connection
from resources.cluster.settings import ClusterSettings
from resources.cluster_queue import CLUSTER_TAG
from resources.desk import Desk
from samkorning.case import acts
from samkorning.errors import HomeRefused
from tests.office import ENGINEER, RECIPIENT, Office
from tests.patience import PATIENCE
from tests.pipeline.test_dead_runs import claimed
from tests.small_office import CASE, SmallOffice, prepare, small_order

SPARK = ("  engine: polars", "  engine: spark")


@pytest.fixture
def instance(office: Office) -> Iterator[dg.DagsterInstance]:
    with dagster_instance(office.desk) as instance:
        yield instance


def cluster_run(instance: dg.DagsterInstance, run: str) -> ClusterRun:
    """What a run does about a cluster."""
    step = SimpleNamespace(step=SimpleNamespace(key="linked"))
    context: Any = SimpleNamespace(
        instance=instance, run=instance.get_run_by_id(run), get_step_execution_context=lambda: step
    )
    return ClusterRun(context)


def said(instance: dg.DagsterInstance, run: str) -> list[str]:
    return [entry.get_dagster_event().message or "" for entry in instance.all_logs(run) if entry.is_dagster_event]


def until_logged(instance: dg.DagsterInstance, run: str, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not any(what in sentence for sentence in said(instance, run)):
        assert time.monotonic() < end, "it did not say so"
        time.sleep(0.05)


def test_the_second_run_waits_for_the_first_and_says_so(instance: dg.DagsterInstance) -> None:
    first, second = claimed(instance), claimed(instance)
    holds: list[str] = []

    def waits() -> None:
        with cluster_run(instance, second).turn():
            holds.append(second)

    beside = threading.Thread(target=waits)
    with cluster_run(instance, first).turn():
        beside.start()
        until_logged(instance, second, "waits: the pool `cluster` is full")
        info = instance.event_log_storage.get_concurrency_info(CLUSTER_POOL)
        assert (info.slot_count, info.active_slot_count, holds) == (1, 1, [])
    beside.join(PATIENCE)
    assert holds == [second]
    assert instance.event_log_storage.get_concurrency_info(CLUSTER_POOL).active_slot_count == 0


def test_an_operator_lets_two_use_it_at_once(instance: dg.DagsterInstance) -> None:
    instance.event_log_storage.set_concurrency_slots(CLUSTER_POOL, 2)
    first, second = claimed(instance), claimed(instance)
    with cluster_run(instance, first).turn(), cluster_run(instance, second).turn():
        assert instance.event_log_storage.get_concurrency_info(CLUSTER_POOL).active_slot_count == 2


def test_a_turn_ends_however_it_ends(instance: dg.DagsterInstance) -> None:
    for ending in (HomeRefused("no cluster"), KeyboardInterrupt()):
        with pytest.raises(type(ending)), cluster_run(instance, claimed(instance)).turn():
            raise ending
    with cluster_run(instance, claimed(instance)).turn():
        pass


def test_a_killed_run_holds_the_pool_no_longer_than_until_the_next_command(
    office: Office, instance: dg.DagsterInstance
) -> None:
    office.open_case()
    dead = claimed(instance, **{HEADLESS: CASE})
    cluster_run(instance, dead).turn().__enter__()
    assert end_dead_runs(office.desk, instance) == 1
    with cluster_run(instance, claimed(instance)).turn():
        pass


def test_progress_is_told_in_twenty_parts_and_no_count_reads_as_a_number_of_a_person(
    instance: dg.DagsterInstance,
) -> None:
    run = claimed(instance)
    follower = cluster_run(instance, run)
    for rows in (1, 2_000_000, 2_000_001, 4_000_000, 220_001_011_234, 220_001_011_234):
        follower.came(rows, 220_001_011_234)
    assert said(instance, run) == ["the cluster has done 220 001 011 234 of 220 001 011 234 rows"] * 2
    follower.came(20, 100)
    follower.came(21, 100)
    follower.came(25, 100)
    assert said(instance, run)[2:] == [f"the cluster has done {rows} of 100 rows" for rows in (20, 25)]


def with_cluster(desk: Desk, folder: Path, runs: int = 1) -> None:
    """Lets the settings of a desk name a cluster."""
    secret = folder / "secret"
    secret.touch(0o600)
    secret.write_text("s" * 64)
    cluster = ClusterSettings(master="spark://127.0.0.1:7077", secret_file=secret, runs=runs)
    desk.__dict__["settings"] = desk.settings.model_copy(update={"cluster": cluster})


def order_of(office: Office, engine: str) -> str:
    return small_order().replace("engine: polars", f"engine: {engine}").replace(RECIPIENT, office.identity.recipient)


def cases_of(office: Office, *engines: str) -> list[str]:
    """A case for each engine, of which the page has been told."""
    cases = [f"{number}-2021" for number in range(20_001, 20_001 + len(engines))]
    for case, engine in zip(cases, engines, strict=True):
        detail = acts.order_detail(order_of(office, engine), "order.yaml", office.desk.catalogue)
        office.desk.cases.open(case, office.desk.clock.now(), ENGINEER, detail)
    tell(office)
    return cases


def tell(office: Office) -> None:
    """What the sensor of the page does; page and daemon see no case register in production."""
    with dagster_instance(office.desk) as instance:
        report_changes(office.desk, instance, 10)


def queue_of(instance: dg.DagsterInstance) -> TagConcurrencyLimitsCounter:
    """What Dagster's daemon asks which runs may begin."""
    settings = instance.get_concurrency_config().run_queue_config
    assert settings is not None
    return TagConcurrencyLimitsCounter(settings.tag_concurrency_limits, [])


def test_whoever_launches_it_one_run_at_a_time_begins_that_a_cluster_links_for(office: Office) -> None:
    """A delivery launched in the page, nodes that a person chooses there, and what a sensor, a backfill or
    the command line starts; what a cluster does nothing for begins beside it."""
    first, second, third, here = cases_of(office, "spark", "spark", "spark", "polars")
    job = build_definitions(office.desk).resolve_job_def("deliver")
    with dagster_instance(office.desk) as instance:

        def from_the_page(case: str, name: str) -> dg.DagsterRun:
            with asked_by("olle"):
                return stored(case, name)

        def stored(case: str, name: str) -> dg.DagsterRun:
            tags = {"dagster/partition": case}
            if name == job.name:
                return instance.create_run_for_job(job, tags=tags)
            return instance.add_run(dg.DagsterRun(name, str(uuid.uuid4()), tags=tags))

        queue = queue_of(instance)
        runs = [from_the_page(first, "deliver"), from_the_page(second, "__ASSET_JOB"), stored(third, "deliver")]
        assert [run.tags.get(CLUSTER_TAG) for run in runs] == ["yes"] * 3
        assert not any(map(queue.is_blocked, runs))
        queue.update_counters_with_launched_item(runs[0])
        assert [queue.is_blocked(run) for run in runs[1:]] == [True, True]
        others = [from_the_page(here, "deliver"), from_the_page(second, "intake")]
        assert [queue.is_blocked(run) for run in others] == [False, False]
        assert all(CLUSTER_TAG not in run.tags for run in others)
        assert [instance.get_run_by_id(run.run_id) for run in runs] == runs, "the daemon reads them so"


def test_an_order_that_was_amended_decides_by_its_newest_engine(office: Office) -> None:
    [case] = cases_of(office, "spark")
    text = order_of(office, "duckdb")
    office.act(case, ENGINEER, lambda opened: acts.amend(opened, text, "order.yaml", office.desk.catalogue))
    tell(office)
    with dagster_instance(office.desk) as instance:
        run = instance.add_run(dg.DagsterRun("deliver", str(uuid.uuid4()), tags={"dagster/partition": case}))
    assert CLUSTER_TAG not in run.tags


def test_settings_that_let_two_use_it_let_two_begin(office: Office, tmp_path: Path) -> None:
    cases = cases_of(office, "spark", "spark", "spark")
    with_cluster(office.desk, tmp_path, runs=2)
    with dagster_instance(office.desk) as instance:
        runs = [
            instance.add_run(dg.DagsterRun("deliver", str(uuid.uuid4()), tags={"dagster/partition": case}))
            for case in cases
        ]
        queue = queue_of(instance)
        for run in runs[:2]:
            assert not queue.is_blocked(run)
            queue.update_counters_with_launched_item(run)
        assert queue.is_blocked(runs[2])
        with cluster_run(instance, runs[0].run_id).turn(), cluster_run(instance, runs[1].run_id).turn():
            info = instance.event_log_storage.get_concurrency_info(CLUSTER_POOL)
            assert (info.slot_count, info.active_slot_count) == (2, 2)


def test_a_case_on_the_cluster_waits_for_the_pool_and_one_on_this_machine_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both by the whole job; the cluster itself is not reached, as the run that holds the pool has it."""
    offices = {name: SmallOffice(tmp_path / name) for name in ("spark", "polars")}
    for name, office in offices.items():
        prepare(office, "", *([SPARK] if name == "spark" else []))
        office.release(CASE, standing=False)
    here = offices["spark"]
    with_cluster(here.desk, tmp_path)
    monkeypatch.setattr("resources.desk.require_installed", lambda: None)
    monkeypatch.setattr(connection, "require_installed", lambda: None)
    reached: list[bool] = []

    def configured(*_: object) -> None:
        reached.append(True)
        raise HomeRefused("the cluster is reached")

    monkeypatch.setattr(connection, "_configured", configured)
    with dagster_instance(here.desk) as instance:
        holder = claimed(instance)
        ended: list[str] = []

        def deliver() -> None:
            try:
                here.deliver(CASE)
            except HomeRefused as refused:
                ended.append(str(refused))

        beside = threading.Thread(target=deliver)
        with cluster_run(instance, holder).turn():
            beside.start()
            until = time.monotonic() + PATIENCE
            while not (waiting := instance.event_log_storage.get_concurrency_info(CLUSTER_POOL).pending_step_count):
                assert time.monotonic() < until, "it asked for its turn"
                time.sleep(0.05)
            assert (waiting, reached) == (1, [])
            made = offices["polars"].deliver(CASE)
            assert offices["polars"].persons_of(made) == list(range(9))
            assert reached == []
        beside.join(PATIENCE)
    assert (reached, ended) == ([True], ["the cluster is reached"])
    for office in offices.values():
        office.desk.cases.close()
