"""Seconds and memory of one act in a process of its own, and how a limit is reported and kept.

What belongs here: measuring. What must not: what is measured.

With SAMKORNING_BENCH_KEEP every figure is kept in docs/benchmarks/<script>.json, from which docs/benchmarks.md is made.
"""

import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from samkorning.machine.allocator import keep_freed_memory

keep_freed_memory()  # as the program does: what is measured apart inherits it, the plain ways too

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "docs" / "benchmarks"
RESULTS_IN = "SAMKORNING_BENCH_RESULTS"
"""Names another folder to keep figures in."""


@dataclass(frozen=True)
class Measured:
    """Seconds and peak memory in GB of one act in a process of its own; of itself or of its largest child.

    ``processor`` is its processor time with that of its children, where it is known.
    """

    seconds: float
    gigabytes: float
    processor: float = 0.0


def measured(prepare: Callable[[], Callable[[], object]]) -> Measured:
    """Prepare and time an act in a forked process; only the act counts in seconds, all of it in memory."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        taken = seconds(prepare())
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        gigabytes = peak / 1024**2
        os.write(writer, f"{taken} {gigabytes}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        shown = stream.read().split()
    if os.waitpid(child, 0)[1] or not shown:
        sys.exit("a measurement failed")
    return Measured(*map(float, shown))


def measured_apart(act: Callable[..., object], *arguments: object) -> Measured:
    """Time a function of a module in a new process, which no thread pool of this one is part of."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_timed, act, arguments).result()


def _timed(act: Callable[..., object], arguments: tuple[object, ...]) -> Measured:
    before = _processor()
    taken = seconds(lambda: act(*arguments))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Measured(taken, peak / 1024**2, _processor() - before)


def _processor() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


@cache
def as_installed() -> dict[str, str]:
    """The environment of a program whose modules lie compiled, as `make installed` leaves them."""
    packages = ("samkorning", "assets", "resources", "pipelines", "cli")
    subprocess.run([sys.executable, "-m", "compileall", "-q", *packages], cwd=PROJECT, check=True)
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def quickest(rounds: list[Measured]) -> float:
    return min(each.seconds for each in rounds)


def report(name: str, value: float, limit: float, unit: str, holds: bool) -> bool:
    """One figure beside its limit."""
    print(f"{name:<42} {value:8.2f} {unit:<8} limit {limit:5.2f}   {'holds' if holds else 'BROKEN'}")
    bound = "at least" if holds == (value >= limit) and value != limit else "at most"
    keep(name, {"value": round(value, 3), "bound": bound, "limit": limit, "unit": unit, "holds": holds})
    return holds


def show(name: str, value: float, unit: str) -> None:
    """One figure that has no limit."""
    print(f"{name:<42} {value:8.2f} {unit}")
    keep(name, {"value": round(value, 3), "unit": unit})


def keep(name: str, figure: dict[str, object]) -> None:
    """Keeps a figure in place of the last one of its name, with machine, versions and date."""
    if not os.environ.get("SAMKORNING_BENCH_KEEP"):
        return
    results = Path(os.environ.get(RESULTS_IN, RESULTS))
    results.mkdir(exist_ok=True)
    path = results / f"{Path(sys.argv[0]).stem}.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept[name] = {**figure, "date": f"{date.today():%Y-%m-%d}", "machine": machine(), "versions": versions()}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def machine() -> str:
    """The machine in a few words: cores, processor, memory."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GB"


def versions() -> str:
    """Of what computes."""
    return ", ".join(f"{name} {version(name)}" for name in ("polars", "duckdb", "pyarrow", "dagster"))
