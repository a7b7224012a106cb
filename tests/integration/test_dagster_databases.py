"""Dagster's storage on SQLite and on a real PostgreSQL: neither keeps text shaped like an identity number."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.events import StepMaterializationData
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, TickData, TickStatus
from dagster._daemon.types import DaemonHeartbeat
from dagster._serdes import serialize_value
from dagster._utils.error import SerializableErrorInfo

from assets.graph import CASE_PARTITIONS
from pipelines.instance import dagster_instance
from resources.dagster_rules import redacted
from resources.dagster_storage import RedactingStorage
from resources.postgresql import database_url
from samkorning.errors import HomeRefused, NotFound, RuleRefused
from tests.office import Office
from tests.postgresql import a_server

NUMBER = "221101012399"
ERROR = SerializableErrorInfo(f"no row {NUMBER}", [f"at {NUMBER[2:8]}-{NUMBER[8:]}"], "KeyError")
RUN = "4f1c2d3e-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def connection_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file with the connection string of a fresh server."""
    file = tmp_path_factory.mktemp("database") / "connection"
    with a_server() as string:
        file.write_text(string + "\n")
        yield file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Each kind of storage."""
    if request.param == "sqlite":
        storage: Any = RedactingStorage(str(tmp_path))
    else:
        from resources.dagster_postgresql import StorageOnPostgresql

        storage = StorageOnPostgresql(str(request.getfixturevalue("connection_file")))
    yield storage
    for part in (storage.event_log_storage, storage.run_storage, storage.schedule_storage):
        part.dispose()


def an_event(text: str) -> dg.EventLogEntry:
    return dg.EventLogEntry(None, 20, text, RUN, 1.0, job_name="deliver")


def a_materialization(text: str) -> dg.EventLogEntry:
    made = dg.AssetMaterialization(dg.AssetKey("case"), description=text, metadata={"of": 221101012399})
    happened = dg.DagsterEventType.ASSET_MATERIALIZATION.value
    event = dg.DagsterEvent(happened, "deliver", event_specific_data=StepMaterializationData(made))
    return dg.EventLogEntry(None, 20, "", RUN, 1.0, job_name="deliver", dagster_event=event)


def an_instigator() -> InstigatorState:
    location = GrpcServerCodeLocationOrigin("localhost", location_name="samkorning")
    origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(location, "__repository__"), "inbox_sensor")
    return InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.RUNNING)


def all_that_is_kept(storage: Any) -> str:
    """Every event, tick, backfill and heartbeat, as Dagster reads them."""
    state = an_instigator()
    found = [
        *storage.event_log_storage.get_logs_for_run(RUN),
        *storage.run_storage.get_backfills(),
        *storage.run_storage.get_daemon_heartbeats().values(),
        *storage.schedule_storage.get_ticks(state.instigator_origin_id, state.selector_id),
    ]
    assert len(found) == 6
    return "\n".join(map(serialize_value, found))


def test_no_text_shaped_like_a_number_is_kept(storage: Any) -> None:
    events, runs, ticks = storage.event_log_storage, storage.run_storage, storage.schedule_storage
    events.store_event(an_event(f"opened {NUMBER}"))
    events.store_event_batch([a_materialization(NUMBER), a_materialization("nobody")])
    backfill = PartitionBackfill("b", BulkActionStatus.REQUESTED, from_failure=False, tags={}, backfill_timestamp=1.0)
    runs.add_backfill(backfill)
    runs.update_backfill(backfill._replace(status=BulkActionStatus.FAILED, error=ERROR))
    runs.add_daemon_heartbeat(DaemonHeartbeat(1.0, "SENSOR", "id", [ERROR]))
    state = an_instigator()
    ticks.add_instigator_state(state)
    tick = ticks.create_tick(
        TickData(
            state.instigator_origin_id,
            "inbox_sensor",
            state.instigator_type,
            TickStatus.STARTED,
            1.0,
            selector_id=state.selector_id,
        )
    )
    ticks.update_tick(tick.with_status(TickStatus.FAILURE, error=ERROR))
    kept = all_that_is_kept(storage)
    assert "[number]" in kept and "no row" in kept
    assert NUMBER not in kept and f"{NUMBER[2:8]}-{NUMBER[8:]}" not in kept
    with pytest.raises(NotFound):
        events.add_dynamic_partitions(CASE_PARTITIONS, [NUMBER])
    with pytest.raises(RuleRefused):
        runs.add_run(dg.DagsterRun(job_name="deliver", run_id=RUN, tags={"of": NUMBER}))


@pytest.mark.parametrize("run", ["20260102-1234-4000-8000-202601021234", "4f1c2d3e-0000-4000-8000-198001021234"])
def test_a_runs_own_name_is_never_taken_for_a_number(run: str) -> None:
    event = dg.EventLogEntry(None, 20, f"of {NUMBER}", run, 1.0)
    assert (redacted(event).run_id, redacted(event).user_message) == (run, "of [number]")


@pytest.mark.slow
@pytest.mark.services
def test_a_home_whose_page_is_kept_in_postgresql_delivers_and_shows_it(office: Office, connection_file: Path) -> None:
    """Nothing of the page lies in the home but settings, which name a file and no password."""
    office.desk.home.root.joinpath("config.yaml").write_text(f"page_database_file: {connection_file}\n")
    shutil.rmtree(office.desk.home.dagster)
    del office.desk
    case = office.ready_case()
    assert office.deliver(case)["delivery"] == "L001"
    with dagster_instance(office.desk) as instance:
        assert instance.get_latest_materialization_event(dg.AssetKey("delivery")) is not None
        assert type(instance.run_storage).__module__ == "resources.dagster_postgresql"
    kept = {path.name for path in office.desk.home.dagster.rglob("*") if path.is_file()}
    assert kept == {"dagster.yaml", "workspace.yaml"}
    assert "user=" not in (office.desk.home.dagster / "dagster.yaml").read_text()


@pytest.mark.parametrize(
    ("string", "address"),
    [
        ("host=/run/postgresql dbname=page", "postgresql+psycopg2:///page?host=%2Frun%2Fpostgresql"),
        (
            "host=db.example.org port=5433 user=u password='p w' dbname=page sslmode=verify-full",
            "postgresql+psycopg2://u:p w@db.example.org:5433/page?sslmode=verify-full",
        ),
        ("postgresql://u@db.example.org/page", "postgresql+psycopg2://u@db.example.org/page"),
    ],
)
def test_both_forms_of_a_connection_string_are_read(tmp_path: Path, string: str, address: str) -> None:
    pytest.importorskip("psycopg2", reason="the package psycopg2 is not installed")
    (tmp_path / "file").write_text(string + "\n")
    assert database_url(tmp_path / "file").render_as_string(hide_password=False) == address


@pytest.mark.parametrize("content", [None, b"\xff", b"secret=in no form", b"secret"])
def test_a_file_without_a_connection_string_is_told_and_not_said_back(tmp_path: Path, content: bytes | None) -> None:
    pytest.importorskip("psycopg2", reason="the package psycopg2 is not installed")
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    with pytest.raises(HomeRefused) as refused:
        database_url(tmp_path / "file")
    assert str(tmp_path) in str(refused.value) and "secret" not in str(refused.value)
