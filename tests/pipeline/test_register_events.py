"""The own registers on the page: an asset and checks a register, told of each load, and a job that loads a year."""

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from assets.registers import REGISTER_CHECKS, YEAR_HAS_COME, register_key
from assets.steps.intake.register_years import load_year
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.register_events import report_to_page
from resources.inbox import DONE
from tests.launching import Launchpad
from tests.office import Office

LMED = register_key("LMED")
OUTSIDE = "rows_whose_day_lies_outside"


def a_file(office: Office, rows: pl.DataFrame) -> Path:
    path = office.folder / "lmed.parquet"
    rows.write_parquet(path)
    return path


def evaluations(instance: dg.DagsterInstance, check: str) -> list[Any]:
    key = dg.AssetCheckKey(LMED, check)
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=5)
    return [each.event.dagster_event.event_specific_data for each in records]  # type: ignore[union-attr]


def test_every_register_is_an_asset_above_the_store_and_the_extracts(office: Office) -> None:
    graph = build_definitions(office.desk).resolve_asset_graph()
    above = graph.get(dg.AssetKey("own_registers")).parent_keys
    assert above == {register_key(name) for name in office.desk.catalogue.names}
    assert {graph.get(key).group_name for key in above} == {"intake"}
    checks = {key.name for key in graph.asset_check_keys if key.asset_key == LMED}
    assert checks == {*REGISTER_CHECKS, YEAR_HAS_COME}


def test_a_load_is_told_in_counts_and_so_is_one_that_waits(office: Office) -> None:
    rows = office.world.register("LMED", 2219)
    whole = office.desk.registers.load("LMED", 2219, rows)
    half = office.desk.registers.load("LMED", 2220, rows.head(rows.height // 2))
    report_to_page(office.desk, whole)
    report_to_page(office.desk, half)
    with dagster_instance(office.desk) as instance:
        [seen] = instance.fetch_materializations(LMED, limit=5).records
        made = seen.asset_materialization
        assert made is not None
        assert (seen.partition_key, instance.get_dynamic_partitions("year_of_lmed")) == ("2219", ["2219", "2220"])
        counts = {name: each.value for name, each in made.metadata.items() if isinstance(each.value, int)}
        persons = rows["number"].n_unique()
        assert counts == {"year": 2219, "dagster/row_count": rows.height, "persons": persons, OUTSIDE: 0}
        schema = made.metadata["dagster/column_schema"].value
        assert [column.name for column in schema.columns] == rows.columns  # type: ignore[union-attr]
        stopped, passed = evaluations(instance, "rows_and_persons")
        assert (stopped.passed, stopped.severity, passed.passed) == (False, dg.AssetCheckSeverity.ERROR, True)
        assert stopped.description.startswith(f"2220: {rows.height // 2} rows where 2219 has {rows.height}")
        assert "Remedy: ask who sent the year" in stopped.description


def lay(office: Office, year: int, rows: pl.DataFrame) -> Path:
    """A year in the register's inbox, whole."""
    folder = office.desk.home.register_inbox("LMED")
    folder.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(folder / f"{year}.parquet")
    (folder / f"{year}.parquet{DONE}").touch()
    return folder


def test_the_job_loads_a_year_and_fails_where_it_has_to_wait(office: Office) -> None:
    rows = office.world.register("LMED", 2219)
    with dagster_instance(office.desk) as instance:
        page = Launchpad(office.desk, instance)
        folder = lay(office, 2219, rows)
        asked = {"register_name": "LMED", "year": 2219, "file": "2219.parquet"}
        assert page.launch("register_load", preview=True, **asked).endswith("False; nothing was recorded")
        assert f"LMED 2219: {rows.height} rows" in page.launch("register_load", acting="Erik", **asked)
        assert list(folder.iterdir()) == [], "it is safe in the store"
        [seen] = instance.fetch_materializations(LMED, limit=5).records
        assert seen.asset_materialization is not None
        lay(office, 2220, rows.head(100))
        said = page.launch("register_load", register_name="LMED", year=2220, file="2220.parquet", acting="Erik")
        assert "LMED 2220 waits for a person" in said
        assert list(folder.iterdir()) == [], "it is held in the store"
        (folder / "2221.parquet").write_bytes(b"no table")
        said = page.launch("register_load", register_name="LMED", year=2221, file="2221.parquet", acting="Erik")
        assert "2221.parquet" in said
        assert [path.name for path in folder.iterdir()] == ["refused"]
        assert "accepted by Erik" in page.launch(
            "register_accept", register_name="LMED", year=2220, reason="a small year", acting="Erik"
        )
    assert office.desk.registers.held() == {}
    assert office.desk.audit.records()[-1].person == "Erik"


def test_the_checks_are_read_from_the_accounts_and_no_row_is_read_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = office.world.register("LMED", 2219)
    for year in (2219, 2220):
        odd = rows.with_columns(OTYP=pl.lit("Z")) if year == 2220 else rows
        load_year(office.desk, "LMED", year, a_file(office, odd), "Erik")
    monkeypatch.setattr("samkorning.vault.encrypted_files.scan_encrypted", None)
    definitions = build_definitions(office.desk)
    job = dg.define_asset_job("checks", selection=dg.AssetSelection.checks_for_assets(LMED))
    mine = [each for each in definitions.asset_checks or [] if {key.asset_key for key in each.check_keys} == {LMED}]  # type: ignore[union-attr]
    alone = dg.Definitions(asset_checks=mine, jobs=[job], resources=definitions.resources)
    with dagster_instance(office.desk) as instance:
        run = alone.resolve_job_def("checks").execute_in_process(instance=instance)
        found = {each.check_name: each for each in run.get_asset_check_evaluations()}
    assert found["rows_and_persons"].passed
    assert not found["values_outside"].passed
    assert found["values_outside"].severity is dg.AssetCheckSeverity.WARN
    assert f"2220: OTYP: {rows.height} values outside" in str(found["values_outside"].description)
