"""Linking a large file on a cluster of local workers, beside the same Spark job by hand, and beside one machine.

``python bench/spark.py [--rows 20000000] [--persons 2000000] [--rounds 2] [--workers 2] [--in-parts] [--folder DIR]``
needs the extra ``spark`` and Java 17; it takes about nine minutes on two quiet cores. It prints a table and ends with 1
if a limit is broken. Each variant is measured in a process of its own, in turn, on one core a worker, and the quickest
round counts; processor time is that of the driver, of its Java process and of master and workers with all that they
started, and memory their largest sum.

The file and the code key are those of ``bench/linkage.py``: ten columns of text, of which in two rows of a hundred the
number is missing or damaged. It lies in the vault's encrypted parts for ours. By hand it is plain Parquet, the code key
is broadcast, plain numbers are cast and joined with it, the other rows fall, and plain Parquet is written as it comes:
nothing is diagnosed, counted, encrypted or hashed, and nothing is cut up; with ``--in-parts`` that is measured as well,
as Spark cuts up by range of serial number. What Spark sends and sets aside is encrypted in all of them.

- Ours, with diagnosis, row flow, encrypted parts and their hashes: at most 1.2 x the job by hand, by the clock.
- Its memory: at most 1.5 GB, and 2.5 GB a worker: what a task may take, and Spark's own.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from linkage import MEMORY, SOURCE, linked, prepared, store_in
from measuring import measured_apart, report, show

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assets.steps.linkage.on_cluster import link_on_cluster
from resources.cluster.connection import _configured, _context, _of_tasks, open_cluster
from resources.cluster.installed import require_installed
from resources.cluster.protection import protected
from resources.cluster.settings import ClusterSettings
from samkorning.errors import HomeRefused
from samkorning.identity import IdentityRules
from samkorning.linkage import ColumnLookup, bounds_for, linked_columns
from samkorning.machine.progress import nobody
from samkorning.vault.hygiene import protect_process
from tests.spark_cluster import LOOPBACK, StandaloneCluster, a_cluster

EXECUTOR_BY_HAND = "2g"
TASKS_A_WORKER = 4
PARTS = 16


def received_in_vault(home: Path) -> None:
    """The file as it was received, in the vault."""
    store_in(home, "received.lisa").append(pl.scan_parquet(home / "rows.parquet"))


def ours(home: Path, settings: ClusterSettings) -> None:
    store, numbers = store_in(home, "linked.lisa"), pl.scan_parquet(home / "key.parquet")
    serials = numbers.select("serial_number").collect()["serial_number"]
    parts = store_in(home, "received.lisa").parts()
    rows = sum(part.height for part in parts)
    rules = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
    bounds = bounds_for(serials, rows, len(linked_columns(SOURCE)), MEMORY)
    with store.draft() as draft:
        lookups = {"PNR": ColumnLookup(rules, numbers)}
        result = link_on_cluster(settings, parts, SOURCE, lookups, draft, bounds, nobody)
        store.commit(draft, result.files, result.row_flow.facts())
    assert (result.row_flow.unexplained, result.row_flow.rows_in) == (0, rows)


def by_hand(home: Path, settings: ClusterSettings) -> None:
    _by_hand(home, settings, lambda joined: joined)


def by_hand_in_parts(home: Path, settings: ClusterSettings) -> None:
    _by_hand(home, settings, lambda joined: joined.repartitionByRange(PARTS, "serial_number"))


def _by_hand(home: Path, settings: ClusterSettings, arranged: Callable[[Any], Any]) -> None:
    """The same job as a colleague would write it, who broadcasts the code key."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f

    properties = {**_of_tasks(settings), **protected(settings.properties), "spark.executor.memory": EXECUTOR_BY_HAND}
    properties |= {"spark.authenticate.secret": settings.secret(), "spark.app.name": "by hand"}
    properties["spark.sql.files.maxPartitionBytes"] = "16m"  # so that both cores have work in files of any size
    spark = SparkSession(_context(_configured(settings, properties)))
    rows, key = (spark.read.parquet(str(home / f"{name}.parquet")) for name in ("rows", "key"))
    plain = rows.withColumn("number", f.when(f.col("PNR").rlike("^[0-9]{12}$"), f.col("PNR")).cast("long")).drop("PNR")
    joined = plain.join(f.broadcast(key), "number", "inner").drop("number", "reused")
    arranged(joined).write.mode("overwrite").parquet(str(home / "by_hand"))
    spark.stop()


def nothing(home: Path, settings: ClusterSettings) -> None:
    """Reaching a cluster, and leaving it."""
    with open_cluster(settings):
        pass


@dataclass(frozen=True)
class Spent:
    """What an act took of the cluster and its driver together."""

    clock: float
    processor: float
    gigabytes: float


class Watched:
    """Processor time of some processes and of all that they start, and their memory, looked at ten times a second.

    What a process leaves behind when it ends is not asked of who started it: Spark's Python processes outlive that.
    Memory that processes share counts once.
    """

    def __init__(self, processes: list[int]) -> None:
        self._processes, self._ended = processes, threading.Event()
        self._before = {process: seconds for process, seconds, _ in self._now(processes)}
        self._seen: dict[int, float] = {}
        self.gigabytes = 0.0

    def __enter__(self) -> "Watched":
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()
        self.seconds = sum(each - self._before.get(process, 0.0) for process, each in self._seen.items())

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            now = list(self._now(self._processes))
            self._seen.update({process: seconds for process, seconds, _ in now})
            self.gigabytes = max(self.gigabytes, sum(kilobytes for _, _, kilobytes in now) / 1024**2)

    def _now(self, processes: list[int]) -> Iterator[tuple[int, float, int]]:
        """Each process with its seconds and kilobytes."""
        for process in processes:
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                threads = Path(f"/proc/{process}/task").glob("*/children")
                children = " ".join(each.read_text() for each in threads).split()
                memory = Path(f"/proc/{process}/smaps_rollup").read_text().partition("\nPss:")[2].split()
            except OSError:
                continue
            yield process, sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK"), int(memory[0]) if memory else 0
            yield from self._now([*map(int, children)])


def spent(cluster: StandaloneCluster, act: Callable[..., None], home: Path, *others: object, rows_a_task: int) -> Spent:
    """What an act takes, with the cluster's processes."""
    properties = {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
    settings = cluster.settings(rows_a_task=rows_a_task, properties=properties)
    start = time.perf_counter()
    with Watched([os.getpid(), *(each.pid for each in cluster.processes.values())]) as watched:
        measured_apart(act, home, settings, *others)
        clock = time.perf_counter() - start
    return Spent(clock, watched.seconds, watched.gigabytes)


def main() -> int:
    protect_process()
    try:
        require_installed()
    except HomeRefused as missing:
        print(missing)
        return 0
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=20_000_000)
    options.add_argument("--persons", type=int, default=2_000_000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--in-parts", action="store_true")
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    found: dict[str, list[Spent]] = {}
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        measured_apart(prepared, home, asked.rows, asked.persons)
        measured_apart(received_in_vault, home)
        here = [measured_apart(linked, home, "polars").seconds for _ in range(asked.rounds)]
        with a_cluster(home / "cluster", asked.workers, memory="4g") as cluster:
            others = [by_hand_in_parts] if asked.in_parts else []
            for act in [ours, by_hand, *others, nothing] * asked.rounds:
                taken = spent(cluster, act, home, rows_a_task=asked.rows // (TASKS_A_WORKER * asked.workers))
                found.setdefault(act.__name__, []).append(taken)
                print(f"{act.__name__:<20} {taken.clock:.1f} s, {taken.processor:.1f} s of processor", flush=True)
                shutil.rmtree(home / "by_hand", ignore_errors=True)
    name = f"{asked.rows / 10**6:g} M rows, {asked.persons / 10**6:g} M persons, {asked.workers} workers"
    return 0 if _reported(name, min(here), found, asked.workers) else 1


def _reported(name: str, here: float, found: Mapping[str, list[Spent]], workers: int) -> bool:
    show(f"one machine, by the clock ({name})", here, "s")
    for act, rounds in found.items():
        show(f"{act.replace('_', ' ')}, by the clock ({name})", min(each.clock for each in rounds), "s")
        show(f"{act.replace('_', ' ')}, processor ({name})", min(each.processor for each in rounds), "s")
    clock, processor = (
        min(getattr(each, which) for each in found["ours"]) / min(getattr(each, which) for each in found["by_hand"])
        for which in ("clock", "processor")
    )
    show(f"processor beside the job by hand ({name})", processor, "x")
    memory, bound = max(each.gigabytes for each in found["ours"]), 1.5 + 2.5 * workers
    holds = [
        report(f"ours beside the job by hand ({name})", clock, 1.2, "x", clock <= 1.2),
        report(f"peak memory of all processes ({name})", memory, bound, "GB", memory <= bound),
    ]
    return all(holds)


if __name__ == "__main__":
    sys.exit(main())
