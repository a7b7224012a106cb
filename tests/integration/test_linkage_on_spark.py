"""Work on a real cluster of a master and two workers gives what one machine gives, and nothing of it is in clear.

The cluster is Spark's own, standalone, on loopback. What goes wrong on it is in test_cluster_faults.
"""

import os
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from assets import deliveries
from assets.steps.delivery.rebuilding import rebuild
from assets.steps.linkage.linking import link_source
from assets.steps.linkage.on_cluster import extract_on_cluster, link_on_cluster
from resources.cluster.connection import open_cluster
from samkorning.errors import GuardedFailure, HomeRefused
from samkorning.linkage.engines import open_engine
from samkorning.machine.progress import nobody
from samkorning.order import OwnRegister
from samkorning.own_registers.extraction import extract
from samkorning.own_registers.identifier_columns import Replaced
from tests.integration.cluster_room import CASE, SOURCE, Room, dirty_rows
from tests.office import OFFICER
from tests.property.test_linkage_engines import NUMBERS
from tests.small_office import SmallOffice, prepare
from tests.spark_cluster import AS_IT_MUST_BE, StandaloneCluster, a_cluster, waited

pytestmark = [pytest.mark.services, pytest.mark.slow]


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


@pytest.mark.parametrize(
    "off",
    [
        ("spark.authenticate", "false"),
        ("spark.network.crypto.enabled", "false"),
        ("spark.network.crypto.cipher", "AES/CTR/NoPadding"),
    ],
)
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


def test_a_case_is_delivered_as_by_one_machine(
    cluster: StandaloneCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package's data files, built again by Polars, are the same bytes; and without a cluster the case waits."""
    office = SmallOffice(tmp_path / "office")
    office.folder.mkdir()
    prepare(office, "", ("  engine: polars", "  engine: spark"))
    office.release(CASE, standing=False)
    with pytest.raises(HomeRefused, match="no cluster is named"):
        link_one(office)
    settings = cluster.settings(rows_a_task=5)
    office.desk.__dict__["settings"] = office.desk.settings.model_copy(update={"cluster": settings})
    rendered = deliveries.render_files

    def when_all_is_linked(*given: Any) -> None:
        waited(lambda: not cluster.executors())  # left before the delivery is put together, which may take hours
        rendered(*given)

    monkeypatch.setattr(deliveries, "render_files", when_all_is_linked)
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
