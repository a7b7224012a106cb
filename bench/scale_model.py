"""A model of how long a case takes by its size, fitted to what was measured, and what it says of cases on paper.

What belongs here: sizes, the model, cases on paper. What must not: measuring (scale).

On paper, from the model: a whole-population case of 10.6 M persons with 2.1 billion dispensations (8 columns) and 300 M
visits (12 columns) in 40 register years, all rows of which leave, which is taken to be linking them; the same years
looked through for the rows of 100,000 persons with some codes; the files of 20 holders (10.6 M rows, 20 columns each);
and 4,000 cases a year of 5 M rows of 10 columns, half of them received, half extracted. A run of a cluster links many
files and starts once; each line of a cluster is a run of its own. Cores share evenly what they share, and workers of a
cluster start beside each other, each at its own machine. Two cores cannot show how workers
share, as Spark's own processes use these cores too: so a cluster has two figures, one as if workers shared no more than
was measured, and one as if they shared all work on rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from measuring import show

MILLION, CELLS = 10**6, 10**7


@dataclass(frozen=True)
class Size:
    """Rows and persons in millions, columns beside the number."""

    rows: float
    persons: float
    columns: int

    @property
    def cells(self) -> float:
        """In ten millions."""
        return self.rows * self.columns * MILLION / CELLS

    def __str__(self) -> str:
        return f"{self.rows:g} M rows, {self.persons:g} M persons, {self.columns} columns"


NO_ROWS = Size(0, 10.6, 0)
DISPENSATIONS, VISITS, HOLDER, USUAL = (
    Size(2100, 10.6, 8),
    Size(300, 10.6, 12),
    Size(10.6, 10.6, 20),
    Size(2.5, 0.2, 10),
)
EXTRACTS = DISPENSATIONS, VISITS
HOLDERS, REGISTER_YEARS, CASES_A_YEAR = 20, 40, 4_000
ONE = "one machine of 2 cores"


@dataclass(frozen=True)
class Where:
    """Cores that share a work, and the workers of a cluster that start at one machine (none without a cluster)."""

    cores: float
    workers: int = 0


@dataclass(frozen=True)
class Run:
    """Files that are linked one after the other, on a cluster that is reached once for them all."""

    files: tuple[Size, ...]
    where: Where


ONE_CORE = Where(1)
MACHINES = {
    ONE: Where(2),
    "one machine of 32 cores": Where(32),
    "a cluster of 32 cores": Where(32, 1),
    "a cluster of 128 cores": Where(128, 1),
}


def features(run: Run, all_shared: bool = False) -> tuple[float, ...]:
    """What a time is made up of: starts of the run, where it has a cluster, and of its files; of the work on cells
    cores share one part, and one core does the other, unless all work on rows and cells is taken to be shared.
    """
    cores = run.where.cores
    alone = cores if all_shared else 1.0
    rows, cells, persons = (sum(getattr(file, name) for file in run.files) for name in ("rows", "cells", "persons"))
    reached = 1.0 if run.where.workers else 0.0
    return reached, run.where.workers, len(run.files), rows / alone, cells / alone, cells / cores, persons


START, SHARED = 2, 5
NAMES = (
    "reaching and leaving the cluster, once a run",
    "start of a worker, once a run",
    "start of a file",
    "a million rows, which cores do not share",
    "ten million cells, which cores do not share",
    "ten million cells on one core, which cores share",
    "a million persons",
)


@dataclass(frozen=True)
class Model:
    """Seconds by feature, none below nought."""

    seconds: tuple[float, ...]

    def of(self, size: Size, where: Where) -> float:
        """How long it says that a run of one file takes."""
        return self.of_run([size], where)

    def of_run(self, files: Iterable[Size], where: Where, all_shared: bool = False) -> float:
        """How long it says that a run of these files takes."""
        found = features(Run(tuple(files), where), all_shared)
        return sum(each * much for each, much in zip(self.seconds, found, strict=True))


def fitted(found: Mapping[Run, float]) -> Model:
    """The model that is nearest to what was measured, each time by its share; a feature that would be below nought is
    left out."""
    rows = np.array([features(run) for run in found]) / np.array([[seconds] for seconds in found.values()])
    kept = list(range(rows.shape[1]))
    while True:
        answer, *_ = np.linalg.lstsq(rows[:, kept], np.ones(len(rows)), rcond=None)
        if (answer >= 0).all():
            break
        kept.pop(int(answer.argmin()))
    seconds = [0.0] * rows.shape[1]
    for place, each in zip(kept, answer, strict=True):
        seconds[place] = float(each)
    return Model(tuple(seconds))


def on_paper(models: Mapping[str, Model], linked: float, rendered: float) -> None:
    """What the model says of cases that were not measured; bytes a cell, linked and rendered."""
    extracts, case = EXTRACTS, "whole population"
    cells = sum(size.cells for size in extracts) + HOLDERS * HOLDER.cells
    for machine, where in MACHINES.items():
        if not where.workers:
            _linked_on_paper(models, case, machine, where, all_shared=False)
        elif "elsewhere" in models:
            _linked_on_paper(models, case, f"{machine}, at most", where, all_shared=False)
            _linked_on_paper(models, case, f"{machine}, at least", where, all_shared=True)
    files = HOLDERS * models["delivered"].of(HOLDER, ONE_CORE)
    delivered = sum(models["delivered"].of(size, ONE_CORE) for size in extracts) + files
    _minutes(case, ONE, "holders' files read in", HOLDERS * models["read in"].of(HOLDER, ONE_CORE))
    _minutes(case, ONE, "ordered, rendered and sealed", delivered)
    show(f"on paper: {case}, in the vault, linked", cells * CELLS * linked / 10**9, "GB")
    show(f"on paper: {case}, in the vault, rendered", cells * CELLS * rendered / 10**9, "GB")
    usual = models["read in"].of(USUAL, ONE_CORE) + 2 * models["delivered"].of(USUAL, ONE_CORE)
    usual += sum(models[step].of(USUAL, MACHINES[ONE]) for step in ("here", "looked through"))
    _minutes("4,000 cases a year", ONE, "all steps", CASES_A_YEAR * usual)
    kept = 2 * USUAL.cells * CELLS * (linked + rendered) * CASES_A_YEAR / 4
    show("on paper: 4,000 cases a year, in the vault of a quarter, linked and rendered", kept / 10**9, "GB")


def _linked_on_paper(models: Mapping[str, Model], case: str, machine: str, where: Where, all_shared: bool) -> None:
    linking = models["elsewhere" if where.workers else "here"]
    years: Sequence[Size] = [*EXTRACTS, *[NO_ROWS] * (REGISTER_YEARS - len(EXTRACTS))]
    _minutes(case, machine, "holders' files linked", linking.of_run([HOLDER] * HOLDERS, where, all_shared))
    _minutes(case, machine, "all rows of register years extracted", linking.of_run(years, where, all_shared))
    looked = sum(models["looked through"].of(size, where) for size in EXTRACTS)
    reached = linking.of_run([], where)
    _minutes(case, machine, "register years looked through", looked + reached)


def _minutes(case: str, machine: str, step: str, seconds: float) -> None:
    show(f"on paper: {case}, {step}, {machine}", seconds / 60, "min")
