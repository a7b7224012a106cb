"""What Dagster need not remember any longer: logs of old runs, ticks, and old lines of the failure log; every night.

What belongs here: the job, its schedule, and which runs are old. What must not: Dagster's tables
(resources.dagster_forgetting). Nothing of it is a record: acts, deliveries and disposals stand in the case register and
the audit log, receipts and reports in the home, and none of these is touched.
"""

from datetime import datetime, timedelta
from typing import cast

import dagster as dg
from dagster._core.scheduler.instigation import TickStatus
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log import SqlEventLogStorage

from assets.guard import guarded_outside_cases, looking
from pipelines.case_definitions import TAKEN_UP
from pipelines.purging import PARTITION_TAG
from pipelines.saying import say
from resources.dagster_forgetting import forget_logs, forget_reported, still_reported
from resources.desk import Desk
from samkorning.case import EventKind, State, state_of
from samkorning.errors import SamkorningError

IDLE_TICKS = timedelta(days=2)
"""How long a tick stays that asked for nothing: there is one every half minute."""


@dg.op(description="Takes out of the page's storage what is older than `remember_days` and nobody reads any longer.")
@guarded_outside_cases
def forget(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """It says counts."""
    now = desk.clock.machine_time()
    before = now - timedelta(days=desk.settings.remember_days)
    disposed = forget_disposed_cases(desk, context.instance)
    trimmed, removed = forget_runs(context.instance, before)
    forget_ticks(context.instance, before, now - IDLE_TICKS)
    failures = desk.failures.forget(before)
    runs = f"{trimmed} runs without their logs now, {removed} removed, {disposed} of cases that are disposed of"
    say(context, f"{runs}; {failures} lines of the failure log removed")


@dg.job(
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="Takes out of the page's storage what nobody reads any longer; no record of the service is touched.",
)
def forget_old_runs() -> None:
    """One step."""
    forget()


@dg.schedule(
    job=forget_old_runs,
    cron_schedule="15 3 * * *",
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night.",
)
@looking
def forget_every_night(context: dg.ScheduleEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.RunRequest:
    """At an hour when nobody looks."""
    return dg.RunRequest()


def forget_runs(instance: dg.DagsterInstance, before: datetime) -> tuple[int, int]:
    """How many runs that ended before a moment have lost their logs, and how many went altogether.

    A run stays listed as long as it says how an asset or a check came out that the page still shows.
    """
    storage = cast(SqlEventLogStorage, instance.event_log_storage)
    old = dg.RunsFilter(statuses=FINISHED_STATUSES, updated_before=before)
    runs = [run.run_id for run in instance.get_runs(filters=old)]
    forget_logs(storage, runs)
    forget_reported(storage, before)
    shown = still_reported(storage, runs)
    gone = [run for run in runs if run not in shown]
    for run in gone:
        instance.run_storage.delete_run(run)
    return len(shown), len(gone)


def forget_disposed_cases(desk: Desk, instance: dg.DagsterInstance) -> int:
    """Removes the runs of cases whose code key is disposed of; how many."""
    removed = 0
    for case in desk.cases.counts():
        if desk.cases.newest_of(case, EventKind.DISPOSED) is not None and _is_disposed(desk, case):
            over = dg.RunsFilter(tags={PARTITION_TAG: case}, statuses=FINISHED_STATUSES)
            for run in instance.get_runs(filters=over):
                instance.delete_run(run.run_id)
                removed += 1
    return removed


def forget_ticks(instance: dg.DagsterInstance, before: datetime, idle_before: datetime) -> None:
    """Removes what sensors and schedules said before a moment; sooner, where they asked for nothing."""
    for state in instance.all_instigator_state():
        origin, selector = state.instigator_origin_id, state.selector_id
        instance.purge_ticks(origin, selector, idle_before.timestamp(), [TickStatus.SKIPPED])
        instance.purge_ticks(
            origin, selector, before.timestamp(), [TickStatus.SUCCESS, TickStatus.FAILURE, TickStatus.STARTED]
        )


def _is_disposed(desk: Desk, case: str) -> bool:
    try:
        return state_of(desk.cases.case(case).events) is State.DISPOSED
    except SamkorningError:
        return False
