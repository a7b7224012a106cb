"""How long a case takes by its size, on one machine and on a cluster: a model, held against a size it has not seen.

``python bench/scale.py [--processor] [--folder DIR]`` prints a table and ends with 1 if the model is more than 20 % off
at a size that it was not fitted on. It takes about twelve minutes on two quiet cores; without the extra ``spark`` it
leaves the cluster out. Every measurement is by the clock, in a process of its own, with reaching the cluster where
there is one. With ``--processor``, for a machine that does other work too, it is by processor time: then the model says
what cores that share it evenly would take.

A time is a start, so much for a million rows, so much for ten million cells, of which cores share a part, and so much
for a million persons, whose code key every process reads. What is read in and rendered by one machine has no share of
cores. The cluster has one core a worker, and is reached once for all files of a run: that, and each worker's start,
which workers at one machine pay one by one, since they share its cores, count once a run, and a start beside for each
file; a run of several files tells them apart. Two cores serve four workers with half a core each, which is said beside.
Of each measurement by one machine the shorter of two counts.

- The model at a size that it was not fitted on: at most 20 % from what is measured.

On paper, from the model: cases that nobody measures (scale_model says which).
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import delivery
import event_rows
import polars as pl
import whole_way
from linkage import MEMORY, persons, store_in
from measuring import measured_apart, report, show
from registers import vault_in
from scale_model import CELLS, MILLION, NAMES, SHARED, START, Model, Run, Size, Where, fitted, on_paper
from spark import TASKS_A_WORKER, spent

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assets.steps.linkage.on_cluster import link_on_cluster
from resources.cluster.installed import require_installed
from resources.cluster.session import one_session
from resources.cluster.settings import ClusterSettings
from samkorning.encryption import age
from samkorning.errors import HomeRefused
from samkorning.identity import IdentityRules
from samkorning.linkage import Bounds, ColumnLookup, bounds_for, link, linked_columns
from samkorning.linkage.engines import open_engine
from samkorning.machine.progress import nobody
from samkorning.order import Source
from samkorning.vault.hygiene import protect_process
from tests.spark_cluster import a_cluster

CORES, MOST_OFF = 2, 20.0
FITTED = (Size(3, 0.2, 10), Size(9, 0.2, 10), Size(9, 2, 10), Size(3, 0.5, 30))
SEVERAL = 5
"""Files of the first of these in one run."""
DELIVERED = (Size(1, 0.2, 9), Size(4, 0.2, 9))
HELD_AGAINST = Size(12, 1, 20)


def source(size: Size) -> Source:
    names = ["PNR", *(f"v{place}" for place in range(size.columns))]
    said = {"name": "lisa", "source_class": "scb", "holder": "SCB", "identifiers": [{"column": "PNR"}]}
    return Source.model_validate(said | {"file": {"columns": [{"name": name} for name in names]}})


def received(home: Path, size: Size) -> None:
    """A code key, and a file as it was received, in the vault: in two rows of a hundred the number is damaged."""
    home.mkdir()
    key = persons(round(size.persons * MILLION))
    key.write_parquet(home / "key.parquet")
    files = []
    for number in range(max(round(size.rows), 1)):
        place = pl.int_range(MILLION, dtype=pl.Int64)
        who = key["number"].sample(MILLION, with_replacement=True, seed=number).cast(pl.String)
        named = pl.when(place % 50 == 7).then(pl.lit("okänd")).otherwise(pl.lit(who)).alias("PNR")
        values = (
            ((place * (31 + 2 * n) + number) % 10 ** (1 + n % 5)).cast(pl.String).alias(f"v{n}")
            for n in range(size.columns)
        )
        files.append(home / f"{number}.parquet")
        pl.select(named, *values).write_parquet(files[-1], compression="zstd", compression_level=1)
    store_in(home, "received.lisa").append(pl.scan_parquet(files))


def _inputs(home: Path, size: Size) -> tuple[Mapping[str, ColumnLookup], Bounds]:
    numbers = pl.scan_parquet(home / "key.parquet")
    serials = numbers.select("serial_number").collect()["serial_number"]
    rules = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
    bounds = bounds_for(serials, round(size.rows * MILLION), len(linked_columns(source(size))), MEMORY)
    return {"PNR": ColumnLookup(rules, numbers)}, bounds


def here(home: Path, size: Size) -> None:
    lookups, bounds = _inputs(home, size)
    store, rows = store_in(home), store_in(home, "received.lisa").scan()
    with open_engine("polars", MEMORY) as engine, store.draft() as draft:
        result = link(engine, rows, source(size), lookups, draft, bounds)
        store.commit(draft, result.files, result.row_flow.facts())


def elsewhere(home: Path, settings: ClusterSettings, size: Size, files: int = 1) -> None:
    """One run: the file, so many times."""
    lookups, bounds = _inputs(home, size)
    with one_session():
        for _ in range(files):
            _linked_elsewhere(home, settings, size, lookups, bounds)


def _linked_elsewhere(
    home: Path, settings: ClusterSettings, size: Size, lookups: Mapping[str, ColumnLookup], bounds: Bounds
) -> None:
    store, parts = store_in(home), store_in(home, "received.lisa").parts()
    with store.draft() as draft:
        result = link_on_cluster(settings, parts, source(size), lookups, draft, bounds, nobody)
        store.commit(draft, result.files, result.row_flow.facts())


@dataclass(frozen=True)
class Measuring:
    """Where it is measured, and whether by processor time."""

    folder: Path
    processor: bool

    @property
    def cores(self) -> Sequence[int]:
        """How many cores, or workers, an act is given: processor time is the same for all."""
        return (CORES,) if self.processor else range(1, CORES + 1)

    def where(self, cores: int, workers: int = 0) -> Where:
        """By how many the time of an act is shared, and how many workers start for it."""
        return Where(1.0 if self.processor else float(cores), workers)

    def place(self, size: Size) -> Path:
        return self.folder / str(size)

    def apart(self, act: Callable[..., object], *arguments: object) -> float:
        """Seconds of an act."""
        found = measured_apart(act, *arguments)
        return found.processor if self.processor else found.seconds

    def on_cores(self, cores: int, size: Size) -> float:
        """Seconds of the linkage of a size to which Polars gives so many threads: the shorter of two."""
        os.environ["POLARS_MAX_THREADS"] = str(cores)
        try:
            return min(self.apart(here, self.place(size), size) for _ in range(2))
        finally:
            del os.environ["POLARS_MAX_THREADS"]

    def on_workers(self, workers: int, runs: Sequence[tuple[Size, int]]) -> dict[Run, float]:
        """Seconds of runs of so many files of a size, on a cluster of so many workers, each with four slices a file."""
        found, where = {}, self.where(workers, workers)
        with a_cluster(self.folder / f"cluster{workers}.{len(runs)}", workers, memory="4g") as cluster:
            for size, files in runs:
                rows = round(size.rows * MILLION / (TASKS_A_WORKER * workers))
                taken = spent(cluster, elsewhere, self.place(size), size, files, rows_a_task=rows)
                found[Run((size,) * files, where)] = taken.processor if self.processor else taken.clock
        return found


def shown(what: str, model: Model) -> None:
    for name, seconds in zip(NAMES, model.seconds, strict=True):
        show(f"{what}: {name}", seconds, "s")


def held(what: str, model: Model, measured: float, where: Where) -> bool:
    """Whether the model is near to what was measured at a size that it was not fitted on."""
    said = model.of(HELD_AGAINST, where)
    off = 100 * abs(said / measured - 1)
    print(f"{what} ({HELD_AGAINST}): {measured:.1f} s, and by the model {said:.1f} s")
    return report(f"{what}: the model at {HELD_AGAINST}", off, MOST_OFF, "% off", off <= MOST_OFF)


def linking_here(measuring: Measuring) -> tuple[Model, bool]:
    found = {
        Run((size,), measuring.where(cores)): measuring.on_cores(cores, size)
        for size in FITTED
        for cores in measuring.cores
    }
    model, what = fitted(found), "linked by one machine"
    shown(what, model)
    return model, held(what, model, measuring.on_cores(CORES, HELD_AGAINST), measuring.where(CORES))


def linking_elsewhere(measuring: Measuring) -> tuple[Model, bool]:
    found, both = dict[Run, float](), measuring.where(CORES, CORES)
    fitted_on = [*((size, 1) for size in FITTED), (FITTED[0], SEVERAL)]
    for workers in measuring.cores:
        found |= measuring.on_workers(workers, [*fitted_on, *([(HELD_AGAINST, 1)] if workers == CORES else [])])
    measured = found.pop(Run((HELD_AGAINST,), both))
    model, what, large = fitted(found), "linked by a cluster", FITTED[2]
    shown(what, model)
    show(f"{what} of {CORES} workers on {CORES} cores ({large})", found[Run((large,), both)], "s")
    [twice] = measuring.on_workers(2 * CORES, [(large, 1)]).values()
    show(f"{what} of {2 * CORES} workers on {CORES} cores ({large})", twice, "s")
    several = found[Run((FITTED[0],) * SEVERAL, both)] / SEVERAL
    alone = found[Run((FITTED[0],), both)]
    show(f"{what}, a file of {SEVERAL} in one run ({FITTED[0]})", several, "s")
    show(f"{what}, a file in a run of its own ({FITTED[0]})", alone, "s")
    return model, held(what, model, measured, both)


def delivering(measuring: Measuring) -> Model:
    """Ordered, scanned, rendered and sealed, of nine columns."""
    recipient, found = age.create_identity().recipient, {}
    for size in DELIVERED:
        home = measuring.folder / f"delivered {size}"
        home.mkdir()
        measured_apart(delivery.write_linked, home, round(size.rows * MILLION), round(size.persons * MILLION))
        found[size] = measuring.apart(delivery.delivered, home, recipient)
    return _by_cells("ordered, rendered and sealed", found)


def looking_through(measuring: Measuring) -> Model:
    """The rows of an event group from five register years, most of which are not meant."""
    found = {}
    for rows in (4, 12):
        home = measuring.folder / f"registers {rows}"
        home.mkdir()
        key = home / "key.parquet"
        measured_apart(event_rows.prepare, home, key, rows * MILLION)
        measured_apart(_load, home)
        found[Size(rows, 0.1, 4)] = measuring.apart(_extracted, home, key)
    return _by_cells("register years looked through", found, measuring.where(CORES).cores)


def _load(home: Path) -> None:
    event_rows.load(vault_in(home), home)


def _extracted(home: Path, key: Path) -> None:
    event_rows.extracted(vault_in(home), key, "polars")


def reading_in(measuring: Measuring) -> Model:
    """A holder's file of nine columns, looked at and taken into the vault."""
    home, found, sources = measuring.folder / "read in", {}, {"small": 1, "lisa": 4}
    home.mkdir()
    whole_way.write_order(home, age.create_identity().recipient, "polars", [*sources])
    measured_apart(whole_way.write_files, home, MILLION // 10, MILLION // 10)
    case = whole_way.opened(home)
    for name, rows in sources.items():
        measured_apart(whole_way.write_files, home, rows * MILLION, MILLION // 10)
        arguments = ("receive", case, name, str(home / "lisa.csv"), "--as", "Erik")
        found[Size(rows, 0.1, 9)] = measuring.apart(whole_way.run, home, *arguments)
    return _by_cells("read in", found)


def _by_cells(what: str, found: Mapping[Size, float], cores: float = 1.0) -> Model:
    """A start and so much for ten million cells on one core, from two sizes that so many cores shared."""
    (small, fewer), (large, more) = found.items()
    each = (more - fewer) / (large.cells - small.cells)
    seconds = [0.0] * len(NAMES)
    seconds[START], seconds[SHARED] = max(fewer - each * small.cells, 0.0), each * cores
    show(f"{what}: start", seconds[START], "s")
    show(f"{what}: {NAMES[SHARED]}", seconds[SHARED], "s")
    return Model(tuple(seconds))


def bytes_a_cell(home: Path, store: str, size: Size) -> float:
    """What a cell takes in the newest generation of a store of the vault."""
    files = [part.file for part in store_in(home, store).parts() if part.file is not None]
    return sum(file.path.stat().st_size for file in files) / (size.cells * CELLS)


def main() -> int:
    protect_process()
    options = argparse.ArgumentParser()
    options.add_argument("--processor", action="store_true")
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        measuring, models, holds = Measuring(Path(name), asked.processor), dict[str, Model](), list[bool]()
        for size in (*FITTED, HELD_AGAINST):
            measured_apart(received, measuring.place(size), size)
        models["here"], fits = linking_here(measuring)
        holds.append(fits)
        try:
            require_installed()
            models["elsewhere"], fits = linking_elsewhere(measuring)
            holds.append(fits)
        except HomeRefused as missing:
            print(f"no cluster: {missing}")
        show("measured by processor time", float(asked.processor), "")
        cell = bytes_a_cell(measuring.place(HELD_AGAINST), "linked.lisa", HELD_AGAINST)
        show("in the vault, linked: a cell", cell, "bytes")
        models["delivered"] = delivering(measuring)
        rendered = bytes_a_cell(measuring.folder / f"delivered {DELIVERED[-1]}", "contents.lisa", DELIVERED[-1])
        show("in the vault, rendered for a delivery: a cell", rendered, "bytes")
        models["looked through"] = looking_through(measuring)
        models["read in"] = reading_in(measuring)
        on_paper(models, cell, rendered)
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
