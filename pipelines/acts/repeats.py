"""Repeat deliveries of all cases at once, when a new year has come for them: one action, with a queue and an estimate.

What belongs here: starting them. What must not: which are due, which the schedule asks for as well
(pipelines.triggers), or making a delivery.

They are one backfill of Dagster's: its page shows how far it has come and ends it, its daemon feeds the run queue in
parts and goes on after a restart. The queue lets one run of it through at a time, so that other cases go on beside it.
"""

import statistics
import time

import dagster as dg
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import RemoteJobOrigin
from dagster._core.utils import make_new_backfill_id
from pydantic import Field

from pipelines.acts.asked import Asked
from pipelines.acts.job import At, Done, act_outside_cases
from pipelines.asking import KIND, ask
from pipelines.case_definitions import deliver_job
from pipelines.wanted_deliveries import repeats_wanted

ALL_REPEATS = "samkorning/all_repeats"
"""The tag by which the run queue lets one of these through at a time (dagster.yaml)."""
LAST_RUNS = 20
PARTITION_SET = f"{deliver_job.name}_partition_set"


class AskedRepeats(Asked):
    """How many at most."""

    most: int = Field(default=500, ge=1, le=5_000, description="Cases at most; those that are left stay due.")


@act_outside_cases(lambda desk, asked: True)
def repeats_for_all(at: At, asked: AskedRepeats) -> Done:
    """Starts the repeat delivery of every case that has one due (R18); a preview says how many and how long."""
    count, wanted = repeats_wanted(at.desk)
    look = ask(at.desk, at.instance, f"{count} cases, of which {len(wanted)} have a repeat due", wanted, asked.most)
    cases = [str(request.partition_key) for request in look.requests]
    estimate = in_words(seconds_each(at.instance), len(cases))
    if at.preview or not cases:
        return Done(f"{look.sentence}; {estimate}")
    backfill = start(at.instance, at.origin, cases, at.person)
    return Done(f"{look.sentence}; {estimate}; backfill {backfill}")


def start(instance: dg.DagsterInstance, origin: RemoteJobOrigin | None, cases: list[str], person: str) -> str:
    """Hands a delivery of each case to Dagster's daemon as one backfill; its name."""
    if origin is None:
        raise dg.DagsterInvariantViolationError("started from the page alone")
    backfill = make_new_backfill_id()
    instance.add_backfill(
        PartitionBackfill(
            backfill_id=backfill,
            status=BulkActionStatus.REQUESTED,
            from_failure=False,
            tags={KIND: "repeat", ALL_REPEATS: "yes"},
            backfill_timestamp=time.time(),
            title=f"repeats of {len(cases)} cases",
            description=f"started by {person}",
            partition_set_origin=origin.repository_origin.get_partition_set_origin(PARTITION_SET),
            partition_names=cases,
        )
    )
    return backfill


def seconds_each(instance: dg.DagsterInstance) -> float | None:
    """How long a delivery took, in the middle of the last ones; nothing before there was one."""
    done = dg.RunsFilter(job_name=deliver_job.name, statuses=[dg.DagsterRunStatus.SUCCESS])
    records = instance.get_run_records(filters=done, limit=LAST_RUNS)
    taken = [record.end_time - record.start_time for record in records if record.end_time and record.start_time]
    return statistics.median(taken) if taken else None


def in_words(each: float | None, cases: int) -> str:
    """The estimate, one after the other."""
    if each is None:
        return "no delivery has been timed yet"
    return f"about {max(1, round(each * cases / 60))} minutes, {each:.0f} seconds each"


JOBS = [repeats_for_all]
