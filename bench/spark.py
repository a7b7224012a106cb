"""Linking a large file on a cluster of local workers, beside the same Spark job by hand, and beside one machine.

``python bench/spark.py [--rows 20000000] [--persons 2000000] [--rounds 2] [--folder DIR]`` needs the extra ``spark``
and Java 17. It prints a table and ends with 1 if the limit is broken. Each variant is measured in a process of its own,
in turn, on one core a worker, and the one that took least of processor time counts: that of the driver, of its Java
process and of the workers with all that they started. The file and the code key are those of ``bench/linkage.py``; the
file lies in the vault's encrypted parts for ours, and in plain Parquet for the job by hand, which casts plain numbers,
joins them with the code key, cuts by range of serial number and writes plain Parquet. What Spark sends and sets aside
is encrypted in both.

- Ours, with diagnosis, row flow, encrypted files and their hashes: at most 1.2 x the job by hand.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
from linkage import MEMORY, SOURCE, linked, prepared, store_in
from measuring import measured_apart, report, tell

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
ROWS_A_TASK = 1_000_000


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
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f

    properties = {**_of_tasks(settings), **protected(settings.properties), "spark.executor.memory": EXECUTOR_BY_HAND}
    properties |= {
        "spark.authenticate.secret": settings.secret(),
        "spark.sql.shuffle.partitions": "16",
        "spark.app.name": "by hand",
    }
    spark = SparkSession(_context(_configured(settings, properties)))
    rows, key = (spark.read.parquet(str(home / f"{name}.parquet")) for name in ("rows", "key"))
    plain = rows.withColumn("number", f.when(f.col("PNR").rlike("^[0-9]{12}$"), f.col("PNR")).cast("long")).drop("PNR")
    joined = plain.join(key, "number", "inner").drop("number", "reused")
    joined.repartitionByRange(16, "serial_number").write.mode("overwrite").parquet(str(home / "by_hand"))
    spark.stop()


def nothing(home: Path, settings: ClusterSettings) -> None:
    """Reaching a cluster, and leaving it."""
    with open_cluster(settings):
        pass


class ProcessorTime:
    """Seconds of processor time of some processes and of all that they start, looked at ten times a second.

    What a process leaves behind when it ends is not asked of who started it: Spark's Python processes outlive that.
    """

    def __init__(self, processes: list[int]) -> None:
        self._processes, self._ended = processes, threading.Event()
        self._before = dict(self._now(processes))
        self._seen: dict[int, float] = {}

    def __enter__(self) -> "ProcessorTime":
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()
        self.seconds = sum(each - self._before.get(process, 0.0) for process, each in self._seen.items())

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._seen.update(self._now(self._processes))

    def _now(self, processes: list[int]) -> Iterator[tuple[int, float]]:
        for process in processes:
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                threads = Path(f"/proc/{process}/task").glob("*/children")
                children = " ".join(each.read_text() for each in threads).split()
            except OSError:
                continue
            yield process, sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
            yield from self._now([*map(int, children)])


def processor_seconds(cluster: StandaloneCluster, act: Callable[..., None], home: Path) -> tuple[float, float]:
    """Processor time and time by the clock of an act, with that of the cluster's workers."""
    properties = {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
    settings = cluster.settings(rows_a_task=ROWS_A_TASK, properties=properties)
    start = time.perf_counter()
    with ProcessorTime([os.getpid(), *(each.pid for each in cluster.processes.values())]) as spent:
        measured_apart(act, home, settings)
        taken = time.perf_counter() - start
    return spent.seconds, taken


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
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        measured_apart(prepared, home, asked.rows, asked.persons)
        measured_apart(received_in_vault, home)
        here = [measured_apart(linked, home, "polars").seconds for _ in range(asked.rounds)]
        found: dict[str, list[tuple[float, float]]] = {"ours": [], "by_hand": [], "nothing": []}
        with a_cluster(home / "cluster", asked.workers, memory="4g") as cluster:
            for _ in range(asked.rounds):
                for act in (ours, by_hand, nothing):
                    found[act.__name__].append(processor_seconds(cluster, act, home))
                    print(act.__name__, *(f"{each:.1f}" for each in found[act.__name__][-1]), flush=True)
                    shutil.rmtree(home / "by_hand", ignore_errors=True)
    least = {name: min(rounds) for name, rounds in found.items()}
    name = f"{asked.rows / 10**6:g} M rows, {asked.persons / 10**6:g} M persons, {asked.workers} workers"
    tell(f"one machine, by the clock ({name})", min(here), "s")
    for act, (cpu, clock) in least.items():
        tell(f"{act.replace('_', ' ')}, processor ({name})", cpu, "s")
        tell(f"{act.replace('_', ' ')}, by the clock ({name})", clock, "s")
    times = least["ours"][0] / least["by_hand"][0]
    return 0 if report(f"ours beside the job by hand ({name})", times, 1.2, "x", times <= 1.2) else 1


if __name__ == "__main__":
    sys.exit(main())
