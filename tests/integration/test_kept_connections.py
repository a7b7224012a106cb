"""Dagster's databases on connections that stay open: each event is seen at once, and nothing is left at the end."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from resources.dagster_storage import EMPTY, LookingRunStorage, RedactingEventLogStorage
from resources.kept_connections import MOST_KEPT, KeptEngines
from tests.office import Office
from tests.patience import PATIENCE


def an_event(run: str, text: str = "done") -> dg.EventLogEntry:
    return dg.EventLogEntry(
        error_info=None, level=20, user_message=text, run_id=run, timestamp=1.0, dagster_event=None, job_name="deliver"
    )


def texts(storage: RedactingEventLogStorage, run: str) -> list[str]:
    return [entry.user_message for entry in storage.get_logs_for_run(run)]


def logs_of(folder: Path) -> list[str]:
    """The logs beside databases that are open, or were left."""
    return sorted(path.name for path in folder.glob("*-wal"))


def test_an_event_is_seen_by_another_process_while_its_writer_goes_on(tmp_path: Path) -> None:
    writer, reader = (RedactingEventLogStorage(str(tmp_path)) for _ in range(2))
    for text in ("first", "second"):
        writer.store_event(an_event("run", text))
        assert texts(reader, "run")[-1] == text
    writer.dispose()
    reader.dispose()


def test_the_log_of_a_run_begins_as_a_copy_of_an_empty_one(tmp_path: Path) -> None:
    storage = RedactingEventLogStorage(str(tmp_path))
    for run in ("one", "two"):
        storage.store_event(an_event(run))
        assert texts(storage, run) == ["done"]
    storage.dispose()
    made = {path.name: path.stat().st_size for path in tmp_path.iterdir() if path.is_file()}
    assert set(made) == {"index.db", EMPTY, "one.db", "two.db"}
    assert made["one.db"] < made["index.db"] / 2, "most tables are empty in the log of one run"
    assert SqliteEventLogStorage(str(tmp_path)).get_all_run_ids() == ["one", "two"]


def test_the_page_is_told_of_an_event_while_its_run_goes_on(tmp_path: Path) -> None:
    """It watches the database's own file, which a commit into the log beside it leaves as it was."""
    writer, page, seen = RedactingEventLogStorage(str(tmp_path)), RedactingEventLogStorage(str(tmp_path)), Event()
    writer.store_event(an_event("run"))

    def heard(entry: dg.EventLogEntry, cursor: str) -> None:
        if entry.user_message == "later":
            seen.set()

    page.watch("run", None, heard)
    writer.store_event(an_event("run", "later"))
    assert seen.wait(PATIENCE)
    page.end_watch("run", heard)
    page.dispose()
    writer.dispose()


def test_what_is_closed_lies_in_the_databases_alone(tmp_path: Path) -> None:
    storage = RedactingEventLogStorage(str(tmp_path))
    storage.store_event(an_event("run"))
    assert logs_of(tmp_path) == ["index.db-wal", "run.db-wal"]
    storage.dispose()
    assert logs_of(tmp_path) == []
    with sqlite3.connect(f"file:{tmp_path / 'run.db'}?mode=ro", uri=True) as database:
        assert database.execute("select count(*) from event_logs").fetchone() == (1,)
    database.close()
    assert texts(storage, "run") == ["done"], "and is opened again for whoever asks"
    storage.dispose()


def test_few_stay_open_however_many_runs_there_are(tmp_path: Path) -> None:
    storage = RedactingEventLogStorage(str(tmp_path))
    for number in range(3 * MOST_KEPT):
        storage.store_event(an_event(f"run{number}"))
    assert len(logs_of(tmp_path)) == MOST_KEPT
    assert all(texts(storage, f"run{number}") == ["done"] for number in range(3 * MOST_KEPT))
    storage.dispose()
    assert logs_of(tmp_path) == []


def test_the_connection_of_the_one_database_is_the_same(tmp_path: Path) -> None:
    kept = KeptEngines()
    address = f"sqlite:///{tmp_path / 'one.db'}"
    with kept.connection(address) as connection:
        first = connection.connection.dbapi_connection
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 1  # synced with the log, not each commit
    with kept.connection(address) as connection:
        assert connection.connection.dbapi_connection is first
    kept.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    kept = KeptEngines()
    address = f"sqlite:///{tmp_path / 'one.db'}"
    with kept.connection(address) as connection:
        connection.exec_driver_sql("create table t (a)")
    with pytest.raises(ZeroDivisionError), kept.connection(address) as connection:
        connection.exec_driver_sql("insert into t values (1)")
        raise ZeroDivisionError
    with kept.connection(address) as connection:
        assert connection.exec_driver_sql("select count(*) from t").scalar() == 0
    kept.close()


def test_the_list_of_runs_is_closed_with_the_rest(tmp_path: Path) -> None:
    storage = LookingRunStorage.from_local(str(tmp_path))
    assert storage.get_runs() == []
    assert logs_of(tmp_path) == ["runs.db-wal"]
    storage.dispose()
    assert logs_of(tmp_path) == []


FIRST = """
import sys
from pathlib import Path
from pipelines.instance import dagster_instance
from resources.desk import Desk
desk = Desk.at(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
with dagster_instance(desk) as instance:
    print(len(instance.get_runs()), instance.get_dynamic_partitions("case"))
"""


def test_page_daemon_and_command_line_may_be_the_first_in_a_home_at_once(office: Office) -> None:
    """Each would make the tables."""
    assert office.desk.has_keystore
    command = [sys.executable, "-c", FIRST, str(office.desk.home.root)]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    started = [subprocess.Popen(command, text=True, **pipes) for _ in range(3)]
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ended = [process.communicate() for process in started]
    assert [said for said, _ in ended] == ["0 []\n"] * 3, [errors for _, errors in ended]
