"""Linkage on a real cluster of a master and two workers: the same rows as Polars and DuckDB, and nothing in clear.

The cluster is Spark's own, standalone, on loopback; one for the module. One worker of it is killed while it links.
"""

import os
import threading
import time
from pathlib import Path
from random import Random

import polars as pl
import pytest

from assets.steps.delivery.rebuilding import rebuild
from assets.steps.linkage import on_cluster
from assets.steps.linkage.linking import link_source
from assets.steps.linkage.on_cluster import extract_on_cluster, link_on_cluster
from resources.cluster.connection import open_cluster
from samkorning.errors import GuardedFailure, HomeRefused
from samkorning.linkage import ColumnLookup
from samkorning.linkage.engines import open_engine
from samkorning.linkage.slices import LentLookup, SlicedLinkage, slices_of, taken_together
from samkorning.machine.progress import nobody
from samkorning.order import OwnRegister
from samkorning.own_registers.extraction import extract
from samkorning.own_registers.identifier_columns import Replaced
from samkorning.vault.draft import Draft
from tests.integration.cluster_room import CASE, ROWS, SOURCE, Room, dirty_rows, on_one_machine, on_the_cluster
from tests.office import OFFICER
from tests.pipeline.test_canary import hits
from tests.property.test_linkage_engines import NUMBERS
from tests.small_office import SmallOffice, prepare
from tests.spark_cluster import AS_IT_MUST_BE, StandaloneCluster, a_cluster

pytestmark = [pytest.mark.services, pytest.mark.slow]

A_TASK = 1_200


def kill_once_it_links(cluster: StandaloneCluster, room: Room, worker: str, killed: list[bool]) -> None:
    """Kills a worker when the first files of slices are there."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        if len(list(room.vault.folder.glob(f"{CASE}/material/linked.killed/*/*-*-*.parquet"))) > 1:
            cluster.kill_worker(worker)
            killed.append(True)
            return
        time.sleep(0.02)


def test_polars_duckdb_and_a_cluster_with_a_killed_worker_give_one_digest(
    cluster: StandaloneCluster, room: Room
) -> None:
    killed: list[bool] = []
    killer = threading.Thread(target=kill_once_it_links, args=(cluster, room, "worker1", killed))
    killer.start()
    on_spark = on_the_cluster(room, cluster.settings(rows_a_task=A_TASK), "killed")
    killer.join()
    assert killed, "the worker was killed while the file was linked"
    cluster.start_worker("worker1b")
    assert on_spark == on_one_machine(room, "polars") == on_one_machine(room, "duckdb")
    cluster.wait_for("worker1b")


def test_nothing_of_a_case_or_of_a_key_is_in_what_the_cluster_keeps_or_answers(
    cluster: StandaloneCluster, room: Room, tmp_path: Path
) -> None:
    settings = cluster.settings(rows_a_task=6_000)
    store = room.store("linked.watched")
    with store.draft() as draft:
        lent = {column: lent_lookup(draft, lookup) for column, lookup in room.lookups.items()}
        work = SlicedLinkage(SOURCE, lent, room.bounds, draft.place, 2**30)
        with open_cluster(settings) as reached:
            done = taken_together(reached.done(work, slices_of(room.received.parts(), 6_000), nobody))
            assert sum(stored.rows for stored in done.files) == done.row_flow.linked > ROWS
            for number, page in enumerate(cluster.pages()):
                (tmp_path / f"page{number}").write_bytes(page)
            lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if is_readable(path)]
            (tmp_path / "command lines").write_bytes(b"\n".join(lines))
            assert any(b"CoarseGrainedExecutorBackend" in line for line in lines), "executors are running"
            assert list((cluster.folder / "local").rglob("*")), "their folders are there to be looked through"
            assert b"worker" in b"".join(page.read_bytes() for page in tmp_path.glob("page*")).lower()
            private = [
                cluster.secret.encode(),
                draft.place.secrets.encryption_key,
                *(look.serial_numbers.secrets.encryption_key for look in lent.values()),
                *(part.file.secrets.encryption_key for part in room.received.parts() if part.file),
            ]
            for folder in (tmp_path, cluster.folder):
                assert hits(folder, NUMBERS) == []
                assert held_by(folder, private) == []


def lent_lookup(draft: Draft, lookup: ColumnLookup) -> LentLookup:
    return on_cluster._lent(draft, lookup)


def is_readable(path: Path) -> bool:
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def held_by(folder: Path, private: list[bytes]) -> list[str]:
    """Files below a folder that hold something private, other than that in which the cluster's own secret lies."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "secret"]
    spelled = [form for each in private for form in (each, each.hex().encode())]
    return [str(path.relative_to(folder)) for path in files for each in spelled if each in path.read_bytes()]


OWN = OwnRegister.model_validate(
    {
        "register_name": "LMED",
        "variables": ["ATC", "LKNR"],
        "from_year": 2219,
        "to_year": 2219,
        "reused_name": "ATERPNR",
    }
)


def test_a_register_year_is_extracted_as_on_one_machine(cluster: StandaloneCluster, room: Room) -> None:
    year = room.store("year")
    chance = Random(3)
    rows = pl.DataFrame(
        [
            (chance.choice(NUMBERS), chance.choice(["N02", "A10", None]), chance.choice([1, 2, None]))
            for _ in range(4_000)
        ],
        schema={"number": pl.Int64, "ATC": pl.String, "LKNR": pl.Int64},
        orient="row",
    ).sort("number")
    year.append(rows)
    persons = next(iter(room.lookups.values())).serial_numbers.collect().sort("number")
    known = pl.LazyFrame({"value": [1], "serial_number": [77]}, schema={"value": pl.Int64, "serial_number": pl.Int32})
    replaced = {"LKNR": Replaced("LopNrLakare", known)}
    with open_engine("polars", 2**30) as engine:
        expected = extract(engine, OWN, year.parts(), persons, replaced=replaced).collect()
    store = room.store("linked.lmed")
    with store.draft() as draft:
        settings = cluster.settings(rows_a_task=1_500)
        linked = extract_on_cluster(settings, year.parts(), OWN, persons, replaced, draft, room.bounds, nobody)
        store.commit(draft, linked.files)
    columns = expected.columns
    assert store.scan().select(columns).collect().sort(columns).equals(expected.sort(columns))


def test_a_slice_that_fails_everywhere_keeps_nothing_and_quotes_nothing(cluster: StandaloneCluster, room: Room) -> None:
    store = room.store("linked.broken")
    received = room.store("received.broken")
    received.append(dirty_rows().rename({"KOMMUN": "ANNAT"}))  # a column is missing, so the plan itself fails
    with pytest.raises(GuardedFailure) as failed, store.draft() as draft:
        link_on_cluster(cluster.settings(), received.parts(), SOURCE, room.lookups, draft, room.bounds, nobody)
    assert "nothing of it was kept" in str(failed.value)
    assert "ANNAT" not in str(failed.value)
    assert list(store._folder.rglob("*.parquet")) == []
    assert store.latest() is None


@pytest.mark.parametrize("off", [("spark.authenticate", "false"), ("spark.network.crypto.enabled", "false")])
def test_a_cluster_whose_processes_run_without_it_is_refused(tmp_path: Path, off: tuple[str, str]) -> None:
    with a_cluster(tmp_path / "open", 0, {**AS_IT_MUST_BE, off[0]: off[1]}) as cluster:
        settings = cluster.settings()
        with pytest.raises(HomeRefused, match="not with authentication and encryption"), open_cluster(settings):
            pass


def test_another_secret_is_refused(cluster: StandaloneCluster, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch(0o600)
    other.write_text("0" * 64)
    settings = cluster.settings(secret_file=other)
    with pytest.raises(HomeRefused, match="it has another secret"), open_cluster(settings):
        pass
    assert "0" * 64 not in os.environ.values()


def test_a_case_is_delivered_as_by_one_machine(cluster: StandaloneCluster, tmp_path: Path) -> None:
    """The package's data files, built again by Polars, are the same bytes; and without a cluster the case waits."""
    office = SmallOffice(tmp_path / "office")
    office.folder.mkdir()
    prepare(office, "", ("  engine: polars", "  engine: spark"))
    office.release(CASE, standing=False)
    with pytest.raises(HomeRefused, match="no cluster is named"):
        link_one(office)
    settings = cluster.settings(rows_a_task=5)
    office.desk.__dict__["settings"] = office.desk.settings.model_copy(update={"cluster": settings})
    made = office.deliver(CASE)
    assert office.persons_of(made) == list(range(9))
    again = rebuild(office.desk, CASE, "L001", None, OFFICER)
    assert (again.ok, again.engine, again.problems) == (True, "polars", ())
    office.desk.cases.close()


def link_one(office: SmallOffice) -> None:
    case = office.desk.case(CASE)
    row = next(row for row in office.rows(CASE) if row.unit.source == "diabetes")
    source = case.specification.source("diabetes")
    assert source is not None
    link_source(office.desk, case, source, row)
