"""Removing what Dagster remembers of a case that is disposed of: its runs, their events, and its partition.

What belongs here: the purge. What must not: when it happens (the disposal). Dagster keeps counts, hashes and names of
columns alone, by the guard on every asset, so that what a purge cannot reach says nothing of anybody.
"""

import dagster as dg

from assets.graph import CASE_PARTITIONS
from pipelines.instance import dagster_instance
from resources.desk import Desk

PARTITION_TAG = "dagster/partition"


def purge_runs(desk: Desk, case: str) -> int:
    """Deletes the runs of a case and its partition; how many runs. Nothing where Dagster never ran."""
    if not desk.home.dagster.exists():
        return 0
    with dagster_instance(desk) as instance:
        runs = instance.get_runs(filters=dg.RunsFilter(tags={PARTITION_TAG: case}))
        for run in runs:
            instance.delete_run(run.run_id)
        if case in instance.get_dynamic_partitions(CASE_PARTITIONS):
            instance.delete_dynamic_partition(CASE_PARTITIONS, case)
    return len(runs)
