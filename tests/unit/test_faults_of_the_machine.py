"""From an error to what is wrong with the machine: real errors of every library, and the sentence made of them."""

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from sqlalchemy import create_engine, text

from samkorning.errors import CaseBusy, FileRefused, GuardedFailure, MachineFailure
from samkorning.machine.faults import (
    ERRNOS,
    REMEDIES,
    Fault,
    Found,
    Measured,
    as_measured,
    failure,
    fault_of,
    unplaced,
)
from samkorning.machine.lock_holders import Holder, holder_names, holders

FULL = "/dev/full"
ROWS = pl.DataFrame({"secret": ["219108182388"] * 100_000})
HERE = Measured("/srv/home", free=12_000_000)


def full_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA max_page_count = 3")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,))


def full_database_through_sqlalchemy(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            connection.execute(text("PRAGMA max_page_count = 3"))
            connection.execute(text("CREATE TABLE t (x)"))
            connection.execute(text("INSERT INTO t VALUES (:secret)"), {"secret": "219108182388" * 9_000})
    finally:
        engine.dispose()


def database_for_reading(path: Path) -> None:
    sqlite3.connect(path).close()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.execute("CREATE TABLE t (x)")
    finally:
        connection.close()


def locked_database(path: Path) -> None:
    holder, other = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE t (x)")
    finally:
        other.close()
        holder.close()


def polars_on_a_full_disk(_: Path) -> None:
    with open(FULL, "wb") as stream:  # noqa: PTH123 - a device
        ROWS.lazy().sink_parquet(stream, compression="uncompressed", engine="streaming")


def pyarrow_on_a_full_disk(_: Path) -> None:
    with pa.OSFile(FULL, "wb") as stream:
        stream.write(b"x")


def python_on_a_full_disk(_: Path) -> None:
    with open(FULL, "w") as stream:  # noqa: PTH123
        stream.write("219108182388")


def duckdb_without_memory(_: Path) -> None:
    with duckdb.connect(config={"memory_limit": "10MB", "temp_directory": ""}) as connection:
        connection.execute("SELECT * FROM (SELECT random() AS r FROM range(10_000_000)) ORDER BY r").fetchall()


def database_in_no_folder(path: Path) -> None:
    sqlite3.connect(path / "no folder" / "database").close()


def behind_other_errors(path: Path) -> None:
    try:
        try:
            python_on_a_full_disk(path)
        except OSError as error:
            raise RuntimeError("the event log cannot be written") from error
    except RuntimeError:
        raise ExceptionGroup("two at once", [ValueError("other"), LookupError("219108182388")]) from None


REAL: list[tuple[Callable[[Path], None], Fault]] = [
    (python_on_a_full_disk, Fault.DISK_FULL),
    (polars_on_a_full_disk, Fault.DISK_FULL),
    (pyarrow_on_a_full_disk, Fault.DISK_FULL),
    (full_database, Fault.DISK_FULL),
    (full_database_through_sqlalchemy, Fault.DISK_FULL),
    (behind_other_errors, Fault.DISK_FULL),
    (database_for_reading, Fault.READ_ONLY),
    (locked_database, Fault.LOCKED),
    (database_in_no_folder, Fault.CANNOT_OPEN),
    (duckdb_without_memory, Fault.MEMORY),
    (lambda _: bytearray(1 << 60), Fault.MEMORY),
    (lambda _: pa.allocate_buffer(1 << 60), Fault.MEMORY),
]


def raised(cause: Callable[[], object]) -> BaseException:
    try:
        cause()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(("cause", "fault"), REAL, ids=[str(number) for number in range(len(REAL))])
def test_a_real_error_is_known_for_what_it_is_and_not_quoted(
    tmp_path: Path, cause: Callable[[Path], None], fault: Fault
) -> None:
    error = raised(lambda: cause(tmp_path / "database"))
    found = fault_of(error)
    assert found is not None and found.fault is fault
    assert "219108182388" not in str(failure(found, HERE))
    assert "INSERT" not in str(failure(found, HERE))


@pytest.mark.parametrize("number", ERRNOS, ids=[errno.errorcode[number] for number in ERRNOS])
def test_every_number_of_the_system_is_known_with_and_without_its_number(number: int) -> None:
    named = fault_of(OSError(number, os.strerror(number), "/srv/home/vault/file"))
    assert named == Found(ERRNOS[number], "/srv/home/vault/file")
    rust = fault_of(pl.exceptions.ComputeError(f"parquet: {os.strerror(number)} (os error {number})"))
    assert rust == Found(ERRNOS[number])


@pytest.mark.parametrize(
    "error",
    [
        ValueError("No space left on device"),  # a value of a file, for all we know
        FileNotFoundError(errno.ENOENT, "no such file"),
        sqlite3.IntegrityError("UNIQUE constraint failed"),
        pl.exceptions.ComputeError("could not parse `219108182388`"),
        FileRefused("a.csv", "database is locked", "x"),
        GuardedFailure("disk full"),
    ],
)
def test_what_is_not_the_machines_fault_is_not_called_so(error: BaseException) -> None:
    assert fault_of(error) is None


def test_a_failure_keeps_its_fault_on_its_way_up() -> None:
    inner = unplaced(Found(Fault.QUOTA), "case/material/store")
    assert fault_of(inner) == Found(Fault.QUOTA)
    assert inner.exit_code == 3


@pytest.mark.parametrize(
    ("measured", "meant"),
    [
        (Measured("/", free=10**10), Fault.DISK),
        (Measured("/", free=20_000), Fault.DISK_FULL),
        (Measured("/", free=10**10, takes_files=False), Fault.DISK_FULL),
        (Measured("/", free=0, read_only=True), Fault.READ_ONLY),
        (Measured("/", free=10**10, writable=False), Fault.PERMISSION),
        (Measured("/", free=10**10, more_files=False), Fault.TOO_MANY_FILES),
    ],
)
def test_sqlites_disk_error_means_what_the_place_shows(measured: Measured, meant: Fault) -> None:
    assert as_measured(Fault.DISK, measured) is meant


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_one_line_with_place_remedy_and_that_it_may_be_repeated(fault: Fault) -> None:
    said: MachineFailure = failure(Found(fault), HERE)
    assert REMEDIES.keys() == set(Fault)
    assert "\n" not in str(said)
    assert "safe to run it again" in str(said)
    assert ";" in str(said).removesuffix(str(said).rpartition(";")[2])
    assert (said.exit_code, said.fault, said.place, said.free) == (3, fault.value, "/srv/home", 12_000_000)


def test_room_is_told_in_the_units_of_a_person() -> None:
    rooms = [(999, "999 bytes"), (12_345, "12.3 kB"), (5 * 10**9, "5.0 GB")]
    for free, said in rooms:
        assert f"{said} are free now in /srv/home" in str(failure(Found(Fault.DISK_FULL), Measured("/srv/home", free)))
    assert "no further file" in str(failure(Found(Fault.DISK_FULL), Measured("/", 10**9, takes_files=False)))


def test_who_holds_a_lock_is_known_by_name(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        [holder] = holders([lock, tmp_path / "nothing"])
        assert holder.process == process.pid
        assert str(process.pid) in holder_names([holder])
        assert "python" in holder.program
    assert holders([lock]) == []


def test_a_holder_that_has_ended_is_told_as_such() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert "has ended" in str(Holder(process.pid, ""))
    assert str(Holder(os.getpid(), "")) == f"process {os.getpid()}", "one that the kernel does not show has not"
    assert holder_names([]) == ""


def test_a_busy_case_is_no_fault_of_the_machine() -> None:
    assert fault_of(CaseBusy("36759-2021: another run holds the case")) is None
