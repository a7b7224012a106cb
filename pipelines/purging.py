"""Removing what Dagster remembers of a case that is disposed of: its runs and their events.

What belongs here: the purge. What must not: when it happens (the disposal). The partition stays, and with it the end of
the case's river: the disposal and its receipts. Dagster keeps counts, hashes and names of columns alone, by the guard
on every asset, so that what a purge cannot reach says nothing of anybody.
"""

import dagster as dg

from pipelines.instance import dagster_instance
from resources.desk import Desk

PARTITION_TAG = "dagster/partition"


def purge_runs(desk: Desk, case: str) -> int:
    """Deletes the runs of a case; how many. Nothing where Dagster never ran."""
    if not desk.home.dagster.exists():
        return 0
    with dagster_instance(desk) as instance:
        runs = instance.get_runs(filters=dg.RunsFilter(tags={PARTITION_TAG: case}))
        for run in runs:
            instance.delete_run(run.run_id)
    return len(runs)
