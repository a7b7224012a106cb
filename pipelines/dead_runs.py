"""Runs that claim to be running though the process that ran them has gone: a killed command line, a power cut, a disk
so full that the end could not be written.

What belongs here: finding and ending them. What must not: runs that the page or a sensor started: their processes hold
the lock step by step, so that a free lock says nothing of them.

A run of the command line holds its case's lock from beginning to end, so one whose case can be locked is dead. Left
alone it would hold back every later run of the case, which the queue lets in one at a time.
"""

import dagster as dg

from resources.desk import Desk
from samkorning.errors import CaseBusy

HEADLESS = "samkorning/headless"
"""The tag of a run that holds its case's lock throughout; its value is the case."""
GONE = "the process that ran it has gone; nothing half-written counts, and it is safe to run it again"
UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def end_dead_runs(desk: Desk, instance: dg.DagsterInstance) -> int:
    """Enters dead runs as failed; how many."""
    found = instance.get_runs(filters=dg.RunsFilter(statuses=UNFINISHED))
    return sum(_end_if_dead(desk, instance, run) for run in found if HEADLESS in run.tags)


def _end_if_dead(desk: Desk, instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    try:
        with desk.vault.lock(run.tags[HEADLESS]):
            instance.report_run_failed(run, GONE)
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)  # of the cluster
    except CaseBusy:
        return False
    return True
