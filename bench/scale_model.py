"""A model of how long a case takes by its size, fitted to what was measured, and what it says of cases on paper.

What belongs here: sizes, the model, cases on paper. What must not: measuring (scale).

On paper, from the model: a whole-population case of 10.6 M persons with 2.1 billion dispensations (8 columns) and 300 M
visits (12 columns) in 40 register years, all rows of which leave, which is taken to be linking them; the same years
looked through for the rows of 100,000 persons with some codes; the files of 20 holders (10.6 M rows, 20 columns each);
and 4,000 cases a year of 5 M rows of 10 columns, half of them received, half extracted. More cores than two are taken
to share the work evenly, which is the least that it can take.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from measuring import tell

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
HOLDERS, REGISTER_YEARS, CASES_A_YEAR = 20, 40, 4_000
ONE = "one machine of 2 cores"
MACHINES = {
    ONE: (2, False),
    "one machine of 32 cores": (32, False),
    "a cluster of 32 cores": (32, True),
    "a cluster of 128 cores": (128, True),
}
"""Their cores, and whether they are a cluster."""


def features(size: Size, cores: float) -> tuple[float, ...]:
    """What a time is made up of."""
    return 1.0, size.rows / cores, size.cells / cores, size.persons


NAMES = ("start", "a million rows on one core", "ten million cells on one core", "a million persons")


@dataclass(frozen=True)
class Model:
    """Seconds by feature, none below nought."""

    seconds: tuple[float, ...]

    def of(self, size: Size, cores: float) -> float:
        """How long it says that a size takes."""
        return sum(each * found for each, found in zip(self.seconds, features(size, cores), strict=True))


def fitted(found: Mapping[tuple[Size, float], float]) -> Model:
    """The model that is nearest to what was measured, each time by its share; a feature that would be below nought is
    left out."""
    rows = np.array([features(*key) for key in found]) / np.array([[seconds] for seconds in found.values()])
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
    extracts, case = (DISPENSATIONS, VISITS), "whole population"
    cells = sum(size.cells for size in extracts) + HOLDERS * HOLDER.cells
    for machine, (cores, is_cluster) in MACHINES.items():
        if is_cluster and "elsewhere" not in models:
            continue
        linking = models["elsewhere" if is_cluster else "here"]
        starts = (REGISTER_YEARS - len(extracts)) * linking.of(NO_ROWS, cores)
        _minutes(case, machine, "holders' files linked", HOLDERS * linking.of(HOLDER, cores))
        every = sum(linking.of(size, cores) for size in extracts)
        _minutes(case, machine, "all rows of register years extracted", every + starts)
        looked = sum(models["looked through"].of(size, cores) for size in extracts)
        _minutes(case, machine, "register years looked through", looked + (linking.seconds[0] if is_cluster else 0))
    delivered = sum(models["delivered"].of(size, 1) for size in extracts) + HOLDERS * models["delivered"].of(HOLDER, 1)
    _minutes(case, ONE, "holders' files read in", HOLDERS * models["read in"].of(HOLDER, 1))
    _minutes(case, ONE, "ordered, rendered and sealed", delivered)
    tell(f"on paper: {case}, in the vault, linked", cells * CELLS * linked / 10**9, "GB")
    tell(f"on paper: {case}, in the vault, rendered", cells * CELLS * rendered / 10**9, "GB")
    cores, _ = MACHINES[ONE]
    usual = models["read in"].of(USUAL, 1) + models["here"].of(USUAL, cores) + models["looked through"].of(USUAL, cores)
    usual += 2 * models["delivered"].of(USUAL, 1)
    _minutes("4,000 cases a year", ONE, "all steps", CASES_A_YEAR * usual)
    kept = 2 * USUAL.cells * CELLS * (linked + rendered) * CASES_A_YEAR / 4
    tell("on paper: 4,000 cases a year, in the vault of a quarter, linked and rendered", kept / 10**9, "GB")


def _minutes(case: str, machine: str, step: str, seconds: float) -> None:
    tell(f"on paper: {case}, {step}, {machine}", seconds / 60, "min")
