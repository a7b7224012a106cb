"""A case that a cluster links, started and ended from Dagster's page: real page, real run, real cluster."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from assets.cluster_runs import CLUSTER_POOL
from pipelines.instance import dagster_instance
from samkorning.case import EventKind
from samkorning.vault import RetentionClass
from tests.patience import PATIENCE
from tests.pipeline.test_page import STATUS, Served, ask, launch, page
from tests.small_office import CASE, SmallOffice, prepare
from tests.spark_cluster import StandaloneCluster

pytestmark = [pytest.mark.services, pytest.mark.slow]

TERMINATE = "mutation End($run: String!) { terminateRun(runId: $run) { __typename } }"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come to it"
        time.sleep(0.02)


def an_office(cluster: StandaloneCluster, folder: Path) -> SmallOffice:
    """A released case whose home names the cluster."""
    office = SmallOffice(folder)
    prepare(office, "", ("  engine: polars", "  engine: spark"))
    office.release(CASE, standing=False)
    settings = cluster.settings(rows_a_task=2).model_dump(mode="json")
    (office.desk.home.root / "config.yaml").write_text(json.dumps({"cluster": settings}))
    return office


def started(served: Served) -> str:
    run = launch(served, CASE)["data"]["launchRun"]
    assert run["__typename"] == "LaunchRunSuccess", run
    return str(run["run"]["runId"])


def status(served: Served, run: str) -> str:
    return str(ask(served, STATUS, run=run)["data"]["runOrError"]["status"])


def said(instance: dg.DagsterInstance, run: str) -> list[str]:
    """What the run's log tells of the cluster."""
    events = [entry.get_dagster_event() for entry in instance.all_logs(run) if entry.is_dagster_event]
    return [event.message or "" for event in events if "cluster has done" in (event.message or "")]


def stopped_task(cluster: StandaloneCluster) -> None:
    """Holds the first process that does a slice, so that its slice never ends."""
    until(cluster.tasks)
    os.kill(cluster.tasks()[0], signal.SIGSTOP)


def test_a_run_that_is_ended_in_the_page_stops_its_slices_and_the_next_is_right(
    cluster: StandaloneCluster, tmp_path: Path
) -> None:
    office = an_office(cluster, tmp_path)
    linked = office.desk.home.vault / CASE / "material" / "linked.diabetes"
    with page(office) as served, dagster_instance(office.desk) as instance:
        run = started(served)
        stopped_task(cluster)
        until(lambda: said(instance, run))
        assert list(linked.rglob("*.parquet")), "slices have written"
        assert ask(served, TERMINATE, run=run)["data"]["terminateRun"]["__typename"] == "TerminateRunSuccess"
        until(lambda: status(served, run) in ENDED)
        assert status(served, run) == "CANCELED"
        until(lambda: not cluster.executors())
        assert list(linked.rglob("*.parquet")) == [], "its draft and what was lent are gone"
        assert office.desk.vault.open_store(CASE, RetentionClass.MATERIAL, "linked.diabetes").latest() is None
        assert instance.event_log_storage.get_concurrency_info(CLUSTER_POOL).active_slot_count == 0
        again = started(served)
        until(lambda: status(served, again) in ENDED)
        assert status(served, again) == "SUCCESS"
        assert said(instance, again)[-1] == "the cluster has done 12 of 12 rows"
        [made] = instance.fetch_materializations(
            dg.AssetRecordsFilter(dg.AssetKey("linked_quality_register"), asset_partitions=[CASE]), limit=1
        ).records
    shown = made.asset_materialization
    assert shown is not None
    took = {name: value.value for name, value in shown.metadata.items() if name.startswith("cluster_")}
    assert (took["cluster_slices"], took["cluster_attempts"]) == (6, 6)
    assert took["cluster_workers"] in (1, 2)
    assert took["cluster_seconds"] > 0 and took["cluster_bytes"] > 0  # type: ignore[operator]
    [delivered] = office.desk.case(CASE).of(EventKind.DELIVERED)
    path = str(office.desk.home.root / delivered.detail["path"])
    assert office.persons_of({"case": CASE, "delivery": "L001", "path": path}) == list(range(9))
    office.desk.cases.close()
