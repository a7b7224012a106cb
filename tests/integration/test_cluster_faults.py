"""What goes wrong on a cluster: workers and master killed, a slice that hangs, full disks, the linking process killed.

Each ends right, to the digest that one machine gives, or keeps nothing and is safe to repeat. The cluster is real, one
for the module; faults come from work that meets them (cluster_faults), and processes are killed with SIGKILL.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assets.steps.linkage import on_cluster
from resources.cluster import connection, waiting
from resources.cluster.connection import open_cluster
from resources.cluster.followers import Figures, Unfollowed, followed_by
from resources.cluster.session import one_session
from resources.cluster.settings import ClusterSettings
from samkorning.errors import GuardedFailure, HomeRefused
from samkorning.linkage.slices import SlicedLinkage, taken_together
from samkorning.vault import Store
from tests.factories import PROJECT
from tests.integration.cluster_canary import PROGRAMS, found_in, shown
from tests.integration.cluster_faults import Fault, Faulty
from tests.integration.cluster_room import Room, on_one_machine, on_the_cluster
from tests.patience import PATIENCE
from tests.small_disks import require_mount, small_disk
from tests.spark_cluster import StandaloneCluster, command_line, meanwhile, waited

pytestmark = [pytest.mark.services, pytest.mark.slow]

A_TASK = 3_000
A_PAGE = 4_096
STAGES = {0: Fault.BEFORE, 3_000: Fault.READING, 6_000: Fault.WRITING, 9_000: Fault.WRITTEN}
QUICK_TO_TRY_AGAIN = {"spark.speculation.minTaskRuntime": "500ms", "spark.speculation.quantile": "0.5"}


@pytest.fixture(scope="module")
def expected(room: Room) -> tuple[str, object]:
    """What one machine makes of the file, by either engine."""
    polars, duckdb = (on_one_machine(room, engine) for engine in ("polars", "duckdb"))
    assert polars == duckdb
    return polars


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """Where slices leave word of what befalls them."""
    folder = tmp_path / "noted"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def nothing_in_clear(cluster: StandaloneCluster) -> Iterator[None]:
    """Whatever has gone wrong: logs of all processes, their folders, and what was set aside hold nothing of a case."""
    yield
    waited(lambda: not cluster.executors())
    assert found_in(cluster.folder) == []


def settings_of(cluster: StandaloneCluster, **others: Any) -> ClusterSettings:
    """The cluster's settings, with which its processes find the faults."""
    plain = cluster.settings()
    more = {"spark.executorEnv.PYTHONPATH": str(PROJECT), **others.pop("properties", {})}
    return cluster.settings(**{"rows_a_task": A_TASK, "properties": {**plain.properties, **more}, **others})


def with_faults(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    faults: Mapping[int, Fault],
    *full: str,
    in_turn: bool = False,
) -> None:
    """Lets the linkage's slices meet faults."""

    def faulty(*given: Any) -> Faulty:
        return Faulty(SlicedLinkage(*given), folder, faults, full, in_turn)

    monkeypatch.setattr(on_cluster, "SlicedLinkage", faulty)


class Following(Unfollowed):
    """Keeps what a run took."""

    def __init__(self) -> None:
        self.figures: list[Figures] = []

    def took(self, figures: Figures) -> None:
        self.figures.append(figures)


def waited_for(path: Path) -> Path:
    """A file, once it is there."""
    waited(path.exists)
    return path


def kill_each(cluster: StandaloneCluster, folder: Path, faults: Mapping[int, Fault]) -> None:
    """Kills the worker of each slice that has stopped, and starts another in its place."""
    for offset, fault in faults.items():
        process = int(waited_for(folder / f"{offset} {fault}").read_text())
        if worker := cluster.worker_of(process):  # not killed beside another that stopped at the same worker
            cluster.kill_worker(worker)
            cluster.start_another()


def pages_of_applications() -> list[str | None]:
    """Where the application that runs here shows a page."""
    from pyspark import SparkContext

    running = SparkContext._active_spark_context
    return [running.uiWebUrl] if running else []


def java_of_this_process(cluster: StandaloneCluster) -> int:
    """Spark's own process here."""
    [java] = [each for each in cluster.below(os.getpid()) if b"pyspark-shell" in command_line(each)]
    return java


def impatient_until_it_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets Spark's process that is here have three seconds to answer; the next has its time, as machines are busy."""
    ends, seconds = connection._end_java, waiting.SECONDS_TO_ANSWER

    def ended() -> None:
        monkeypatch.setattr(waiting, "SECONDS_TO_ANSWER", seconds)
        ends()

    monkeypatch.setattr(waiting, "SECONDS_TO_ANSWER", 3)
    monkeypatch.setattr(connection, "_end_java", ended)


def files_in(store: Store) -> set[Path]:
    return set(store._folder.rglob("*.parquet"))


def test_a_worker_killed_at_every_stage_changes_no_byte(
    cluster: StandaloneCluster,
    room: Room,
    expected: tuple[str, object],
    noted: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before it reads, while it reads, while it writes, after it wrote and before it answers: each a worker of its own;
    and one more between the last slice and the commit."""
    with_faults(monkeypatch, noted, STAGES)

    def when_all_are_done(*given: Any) -> Any:
        cluster.kill_worker(next(name for name in cluster.processes if name != "master"))
        cluster.start_another()
        return taken_together(*given)

    monkeypatch.setattr(on_cluster, "taken_together", when_all_are_done)
    following = Following()
    with meanwhile(lambda: kill_each(cluster, noted, STAGES)), followed_by(following):
        assert on_the_cluster(room, settings_of(cluster), "stages") == expected
    [figures] = following.figures
    assert (figures.slices, figures.attempts >= 10, figures.workers >= 2) == (6, True, True)
    assert figures.bytes > 0


def test_a_slice_that_hangs_is_done_elsewhere_and_counts_once(
    cluster: StandaloneCluster,
    room: Room,
    expected: tuple[str, object],
    noted: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its first attempt goes on when the second has ended, and would write the same rows again."""
    with_faults(monkeypatch, noted, {0: Fault.SLOW})
    settings = settings_of(cluster, rows_a_task=4_500, properties=QUICK_TO_TRY_AGAIN)
    assert on_the_cluster(room, settings, "hanging") == expected
    assert (noted / f"0 {Fault.SLOW}").exists()


def test_a_run_in_which_every_slice_hangs_is_broken_off_and_none_runs_on(
    cluster: StandaloneCluster, room: Room, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine the first waits can end before a slice has begun: then longer ones follow."""
    with_faults(monkeypatch, noted, dict.fromkeys(range(0, 18_000, A_TASK), Fault.BEFORE))
    for minutes in (0.1, 0.5, 2.5):
        with pytest.raises(GuardedFailure, match=rf"no slice ended in {minutes} minutes.*nothing of it was kept"):
            on_the_cluster(room, settings_of(cluster, minutes_a_slice=minutes), "standing")
        if processes := [int(path.read_text()) for path in noted.iterdir() if "before" in path.name]:
            break
    assert processes
    waited(lambda: not any(Path(f"/proc/{each}").exists() for each in processes))
    store = room.store("linked.standing")
    assert (store.latest(), files_in(store)) == (None, set())


def test_slices_go_round_a_worker_whose_disk_is_full(
    cluster: StandaloneCluster,
    room: Room,
    expected: tuple[str, object],
    noted: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full, *_ = (name for name in cluster.processes if name != "master")
    with_faults(monkeypatch, noted, {}, full, in_turn=True)
    assert on_the_cluster(room, settings_of(cluster), "full") == expected
    assert [path for path in noted.iterdir() if "full" in path.name], "the disk was full, as the kernel says"


def test_a_worker_without_room_for_its_own_folders_holds_nothing_up(
    cluster: StandaloneCluster, room: Room, expected: tuple[str, object], tmp_path: Path
) -> None:
    require_mount()
    with small_disk(tmp_path / "disk") as disk:
        cluster.start_worker("without_room", disk=disk.path)
        try:
            cluster.wait_for("without_room")
            disk.leave(A_PAGE)
            with pytest.raises(OSError, match="No space left"):
                (disk.path / "more").write_bytes(bytes(2**16))
            assert on_the_cluster(room, settings_of(cluster), "room") == expected
        finally:
            cluster.kill_worker("without_room")


def test_where_every_disk_is_full_nothing_is_kept(
    cluster: StandaloneCluster, room: Room, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is as it was before: the next run is a first one."""
    with_faults(monkeypatch, noted, {}, *cluster.processes)
    with pytest.raises(GuardedFailure, match="disk full at a worker; nothing of it was kept"):
        on_the_cluster(room, settings_of(cluster), "allfull")
    store = room.store("linked.allfull")
    assert (store.latest(), files_in(store)) == (None, set())


def test_after_the_linking_process_is_killed_the_next_run_is_right(
    cluster: StandaloneCluster, room: Room, expected: tuple[str, object], noted: Path
) -> None:
    """While slices are done, and again when all are done and nothing is committed; then a run that goes to its end."""
    store = room.store("linked.driver")
    settings = settings_of(cluster).model_dump_json()
    left: set[Path] = set()
    for when in ("slices", "commit"):
        command = [sys.executable, "-m", "tests.integration.linking_until_killed", str(room.vault.folder.parent)]
        linking = subprocess.Popen([*command, "driver", str(noted), when, settings], cwd=PROJECT)
        if when == "slices":
            waited_for(noted / f"3000 {Fault.WRITTEN}")
            os.kill(linking.pid, signal.SIGKILL)
        assert linking.wait(PATIENCE) == -signal.SIGKILL
        assert store.latest() is None
        assert len(files_in(store) - left) > 1, "what it lent, and files of slices"
        left |= files_in(store)
        waited(lambda: not cluster.executors())  # what it had started ends by itself
    assert on_the_cluster(room, settings_of(cluster), "driver") == expected
    assert not left & files_in(store)
    latest = store.latest()
    assert latest is not None and latest.number == 1


@pytest.mark.parametrize(
    ("what", "said"),
    [(signal.SIGKILL, "Spark itself failed here"), (signal.SIGSTOP, "Spark's own process .* was ended")],
)
def test_after_sparks_own_process_is_killed_or_stands_still_the_next_run_is_right(
    cluster: StandaloneCluster,
    room: Room,
    expected: tuple[str, object],
    noted: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: signal.Signals,
    said: str,
) -> None:
    """As where this machine has too little memory for it: the process that links goes on, and says so. Between two
    files nobody need know of it."""

    def befall() -> None:
        if what is signal.SIGSTOP:
            impatient_until_it_is_ended(monkeypatch)
        os.kill(java_of_this_process(cluster), what)

    def befall_meanwhile() -> None:
        waited_for(noted / f"3000 {Fault.WRITTEN}")
        befall()

    name = f"java{what:d}"
    store = room.store(f"linked.{name}")
    with one_session():
        with monkeypatch.context() as patched:
            with_faults(patched, noted, {3_000: Fault.WRITTEN})
            with meanwhile(befall_meanwhile), pytest.raises(GuardedFailure, match=f"{said}.*nothing of it was kept"):
                on_the_cluster(room, settings_of(cluster), name)
        assert store.latest() is None
        waited(lambda: not cluster.executors())
        assert on_the_cluster(room, settings_of(cluster), name) == expected, "of one run the next file"
        if what is signal.SIGSTOP:
            befall()
            assert on_the_cluster(room, settings_of(cluster), f"{name}_idle") == expected


def test_processes_and_pages_show_nothing_of_a_case_or_a_key_while_slices_are_done(
    cluster: StandaloneCluster, room: Room, noted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Command lines, environments, pages of master and workers; the application has neither page nor log of events."""
    with_faults(monkeypatch, noted, {0: Fault.SLOW})
    seen: set[str] = set()
    keys: list[bytes] = []
    sliced = on_cluster.SlicedLinkage

    def known(*given: Any) -> Any:
        lent = given[1].values()
        keys.extend([given[3].secrets.encryption_key, *(each.serial_numbers.secrets.encryption_key for each in lent)])
        return sliced(*given)

    def look() -> None:
        waited_for(noted / f"0 {Fault.SLOW}")
        seen.update(shown(cluster, os.getpid(), tmp_path / "shown"))
        assert pages_of_applications() == [None]
        (noted / "0 is done").touch()

    monkeypatch.setattr(on_cluster, "SlicedLinkage", known)
    with meanwhile(look):
        on_the_cluster(room, settings_of(cluster), "shown")
    keys += [part.file.secrets.encryption_key for part in room.received.parts() if part.file]
    assert seen == set(PROGRAMS), "they were there to be looked at"
    assert len(keys) == 5
    assert found_in(tmp_path / "shown", keys) == []
    assert found_in(cluster.folder, [*keys, cluster.secret.encode()]) == []
    secret = cluster.secret.encode()
    holding = {path.name for path in (tmp_path / "shown").iterdir() if secret in path.read_bytes()}
    assert {name.rpartition(" ")[0] for name in holding} <= {"cluster environ"}, "where Spark's own processes have it"


def test_a_run_outlives_the_master_and_the_next_waits_for_another(
    cluster: StandaloneCluster,
    room: Room,
    expected: tuple[str, object],
    noted: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_faults(monkeypatch, noted, {0: Fault.SLOW})

    def kill() -> None:
        waited_for(noted / f"0 {Fault.SLOW}")
        cluster.kill_master()
        (noted / "0 is done").touch()

    with meanwhile(kill):
        assert on_the_cluster(room, settings_of(cluster), "master") == expected
    with pytest.raises(HomeRefused, match=r"does not answer.*nothing was sent to it"), open_cluster(cluster.settings()):
        pass
    cluster.start_master_again()
    assert on_the_cluster(room, settings_of(cluster), "master_again") == expected
