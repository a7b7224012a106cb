"""The days of event groups found by a cluster: the steps that read registers, slice by slice of all their years.

What belongs here: what is lent to it, and its slices taken together. What must not: what is asked of a person's days
after that, which this machine does with the days in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from assets.steps import stores
from assets.steps.persons.register_frames import history_of, numbers_by_person
from resources.desk import Desk
from samkorning.case import Case
from samkorning.machine.progress import Work
from samkorning.own_registers.by_person import PERSON
from samkorning.own_registers.selection import Frames, Left, Program, Step
from samkorning.vault.draft import Draft

if TYPE_CHECKING:
    from samkorning.linkage.slices import Done, Slice

SCRATCH = "days"
"""The store in whose folder slices write, and that never holds a generation; a draft sweeps what a crash left."""
NO_DAYS = pl.DataFrame(schema={PERSON: pl.Int64, "day": pl.Date})


def days_on_cluster(
    desk: Desk, case: Case, program: Program, frames: Frames, wanted: str, entries: pl.DataFrame | None
) -> Left:
    """What the steps that read registers leave for an event group or selection, found by the cluster of the case.

    :param entries: whose days they are; everybody's without it.
    :returns: by step; nothing where a case has no cluster.
    :raises NotFound: where a frame is not there that is needed, with what to load.
    :raises HomeRefused: when the cluster cannot be reached or is not protected.
    :raises GuardedFailure: when it could not find them.
    """
    cluster = desk.cluster_of(case)
    if cluster is None:
        return {}
    from resources.cluster.connection import open_cluster  # few cases need what it needs
    from samkorning.linkage.sliced_registers import SlicedDays
    from samkorning.linkage.slices import taken_together

    steps = program.leading_to([(program.entries | program.days)[wanted].name])
    frames.require_for(steps)
    slices = {step.name: list(_slices(desk, step, cluster.rows_a_task)) for step in steps if step.readings}
    rows = sum(each.rows for found in slices.values() for each in found)
    draft = stores.drawn(desk, case, SCRATCH).draft()
    with draft as here, desk.progress.of(Work.READING, rows) as advance, open_cluster(cluster) as reached:
        history, persons = history_of(desk, case), None
        if entries is not None:
            persons = here.lend(numbers_by_person(desk, case, entries).select(PERSON).unique().sort(PERSON).lazy())
        lent = None if history is None else here.lend(history)
        left = {}
        for name, found in slices.items():
            work = SlicedDays(case.specification, desk.catalogue, name, persons, lent, here.place, cluster.task_memory)
            left[name] = _together(here, taken_together(reached.done(work, found, advance))) if found else NO_DAYS
    return left


def _slices(desk: Desk, step: Step, rows: int) -> Iterator[Slice]:
    """The rows that a step reads, of all years."""
    from samkorning.linkage.sliced_registers import RegisterSlice
    from samkorning.linkage.slices import slices_of

    for reading in step.readings:
        for year in desk.registers.years(reading.register):
            if reading.reads(year):
                for each in slices_of(desk.registers.parts(reading.register, year), rows):
                    yield RegisterSlice(**vars(each), register=reading.register, year=year)


def _together(draft: Draft, done: Done) -> pl.DataFrame:
    """The days of all slices, each once."""
    found = pl.concat(draft.rows_of(name) for name in draft.adopt(done.files))
    return found.unique().collect(engine="streaming")
