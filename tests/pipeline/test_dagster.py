"""The production definitions on the home's own Dagster instance: graph, sensors, schedule, guard and storage."""

import sqlite3
import warnings
from dataclasses import replace
from datetime import datetime, timedelta

import dagster as dg
import pytest

from assets.graph import CASE_PARTITIONS
from assets.steps.intake.inbox_files import whole_files
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.storing import NothingIsStored
from pipelines.triggers import due_deliveries_sensor, inbox_sensor, repeat_deliveries
from resources.clock import Clock
from resources.inbox import DONE
from samkorning.case import EventKind, acts
from samkorning.errors import HomeRefused
from samkorning.synthetic import NEW_YEAR
from tests.looks import requests_of
from tests.office import OFFICER, Office

RIVER = {
    "order": set(),
    "case": {"order"},
    "population": {
        "case",
        "from_researcher",
        "from_scb",
        "from_quality_register",
        "from_region",
        "own_registers",
    },
    "code_key": {"population"},
    "linked_scb": {"code_key", "from_scb"},
    "linked_quality_register": {"code_key", "from_quality_register"},
    "linked_region": {"code_key", "from_region"},
    "linked_researcher": {"code_key", "from_researcher"},
    "linked_study": {"code_key", "population"},
    "linked_own_register": {"code_key", "own_registers", "linked_study"},
    "delivery": {"delivery_contents"},
    "disposal": {"delivery", "code_key"},
    "receipt": {"disposal"},
}
MADE_BY_RUNS = RIVER.keys() - {"disposal", "receipt"}
BLOCKING = {
    "numbers_valid",
    "serial_numbers_stable",
    "linkage_rate",
    "row_flow_adds_up",
    "no_identity_number",
    "specification_kept",
    "serial_numbers_in_code_key",
    "disclosure_accepted",
}
REPORT_ONLY = {"in_time"}


def test_the_graph_is_one_river(office: Office) -> None:
    graph = build_definitions(office.desk).resolve_asset_graph()
    for name, above in RIVER.items():
        node = graph.get(dg.AssetKey(name))
        assert {key.to_user_string() for key in node.parent_keys} == above
        assert isinstance(node.partitions_def, dg.DynamicPartitionsDefinition)
        assert node.partitions_def.name == CASE_PARTITIONS
    linked = {name for name in RIVER if name.startswith("linked_")}
    assert {key.to_user_string() for key in graph.get(dg.AssetKey("delivery_contents")).parent_keys} == linked


def test_every_check_blocks_but_those_that_only_tell(office: Office) -> None:
    graph = build_definitions(office.desk).resolve_asset_graph()
    of_cases = [key for key in graph.asset_check_keys if key.asset_key.path[0] != "own_register"]
    specs = [graph.get_check_spec(key) for key in of_cases]
    assert {spec.name for spec in specs if spec.blocking} == BLOCKING
    assert {spec.name for spec in specs if not spec.blocking} == REPORT_ONLY
    assert all(spec.description for spec in specs), "each says what it asks"


def test_an_instance_without_our_settings_is_refused(office: Office) -> None:
    case = office.ready_case()
    job = build_definitions(office.desk).resolve_job_def("deliver")
    with dg.DagsterInstance.ephemeral() as instance, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        with pytest.raises(HomeRefused, match="storage and log settings"):
            job.execute_in_process(instance=instance, partition_key=case)


def test_dagster_never_gets_a_value() -> None:
    context = dg.build_output_context()
    with pytest.raises(HomeRefused):
        NothingIsStored().handle_output(context, "a frame")
    NothingIsStored().handle_output(context, None)


def test_number_shaped_text_is_redacted_before_it_is_stored(office: Office) -> None:
    number = office.world.study()[0]
    with dagster_instance(office.desk) as instance:
        run = instance.create_run_for_job(build_definitions(office.desk).resolve_job_def("intake"))
        instance.report_engine_event(f"a careless message about {number} and {str(number)[2:8]}-{str(number)[8:]}", run)
        stored = [record.event_log_entry.message for record in instance.get_records_for_run(run.run_id).records]
    assert any("[number]" in message for message in stored)
    assert str(number) not in "".join(stored)
    for database in office.desk.home.dagster.rglob("*.db"):
        with sqlite3.connect(database) as connection:
            assert str(number) not in "\n".join(connection.iterdump())


def test_a_case_runs_in_the_page_as_a_river_of_counts(office: Office) -> None:
    case = office.delivered_case()["case"]
    with dagster_instance(office.desk) as instance:
        for asset in MADE_BY_RUNS:
            made = instance.fetch_materializations(dg.AssetKey(asset), limit=1).records
            assert made, f"{asset} is materialised, awaited or not"
            assert made[0].partition_key == case
        came = instance.fetch_materializations(dg.AssetKey("from_scb"), limit=1).records[0].asset_materialization
        assert came is not None and came.metadata["files"].value == 1
        linked = instance.fetch_materializations(dg.AssetKey("linked_scb"), limit=1).records[0].asset_materialization
        assert linked is not None
        assert {
            "rows_in",
            "rows_linked",
            "row_flow",
            "row_flow_table",
            "dagster/column_schema",
            "dagster/column_lineage",
            "columns_and_where_they_come_from",
            "last_runs",
        } <= linked.metadata.keys()
        picture = str(linked.metadata["row_flow"].value)
        assert picture.startswith("![") and len(picture) < 1000, "short enough to be drawn in place"


def test_the_inbox_sensor_asks_for_whole_files_of_known_cases(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    folder = office.desk.home.inbox(case, "diabetes")
    folder.mkdir(parents=True)
    path = folder / "file.csv"
    path.write_bytes(office.sent("diabetes").read_bytes())
    assert not whole_files(office.desk), "a file without its mark is not whole"
    path.with_name(path.name + DONE).touch()
    with dagster_instance(office.desk) as instance:
        context = dg.build_sensor_context(instance=instance)
        result = inbox_sensor(context, desk=office.desk)
        assert [request.partition_key for request in result.run_requests] == [case]
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        job = build_definitions(office.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=case).success
        assert not inbox_sensor(context, desk=office.desk).run_requests
    assert office.desk.case(case).last(EventKind.FILE_RECEIVED).detail["file"] == "file.csv"
    assert not path.exists()


def test_a_refused_inbox_file_is_set_aside_and_the_others_go_on(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    for name, content in {"a_bad.csv": b"", "b_good.csv": office.sent("diabetes").read_bytes()}.items():
        folder = office.desk.home.inbox(case, "diabetes")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        (folder / (name + DONE)).touch()
    with dagster_instance(office.desk) as instance:
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        job = build_definitions(office.desk).resolve_job_def("intake")
        assert job.execute_in_process(instance=instance, partition_key=case).success
    kinds = [event.kind for event in office.desk.case(case).events[-2:]]
    assert kinds == [EventKind.FILE_REFUSED, EventKind.FILE_RECEIVED]
    assert [path.name for path in (folder / "refused").iterdir()] == ["a_bad.csv"]


@pytest.mark.slow
def test_the_sensor_makes_late_files_due_and_the_schedule_new_years(office: Office) -> None:
    case = office.ready_case()
    with dagster_instance(office.desk) as instance:
        sensor = dg.build_sensor_context(instance=instance)
        schedule = dg.build_schedule_context(instance=instance, scheduled_execution_time=datetime(2026, 12, 1, 5))
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests, "the first delivery is a person's act"
        office.deliver(case)
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests

        office.receive(case, "region_labb")
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests, "no release from the region (R04)"
        office.release_holders(case, "Region Exempel")
        [asked] = due_deliveries_sensor(sensor, desk=office.desk).run_requests
        [again] = due_deliveries_sensor(sensor, desk=office.desk).run_requests
        assert (asked.partition_key, asked.run_key) == (case, again.run_key), "asked for once, however often it looks"
        office.deliver(case)
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests

        office.load_registers(NEW_YEAR)
        assert not requests_of(repeat_deliveries(schedule, desk=office.desk)), "no repeat without a kept code key (R18)"
        today = office.desk.clock.today()
        office.act(case, OFFICER, lambda found: acts.keep_code_key(found, today + timedelta(days=90), today, "repeats"))
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests
        assert not requests_of(repeat_deliveries(schedule, desk=office.desk)), "this month has had its delivery"
        next_month = replace(office.desk, clock=Clock((today.replace(day=1) + timedelta(days=32)).replace(day=1)))
        assert [request.partition_key for request in requests_of(repeat_deliveries(schedule, desk=next_month))] == [
            case
        ]
        assert office.deliver(case)["kind"] == "repeat"
        assert not requests_of(repeat_deliveries(schedule, desk=next_month))


def test_dagster_loads_everything_as_the_page_does(office: Office) -> None:
    """Two jobs, assets or steps of one name, for one, and the page shows nothing at all."""
    repository = build_definitions(office.desk).get_repository_def()
    repository.load_all_definitions()
    assert {"deliver", "intake", "case_assign"} <= {job.name for job in repository.get_all_jobs()}
