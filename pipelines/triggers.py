"""What starts jobs without a person: the inbox sensor, the sensor for due deliveries and the schedule for repeats.

What belongs here: comparing what is with what should be. What must not: work. The sensors are level-triggered: they
look at the ledger as it stands, so that nothing is lost when they did not run for a while.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

import dagster as dg

from assets.graph import CASE_PARTITIONS, cases
from assets.guard import looking
from assets.steps.delivery.due import due_cases
from assets.steps.intake.inbox_files import worth_a_look
from pipelines.dead_runs import end_dead_runs
from pipelines.jobs import deliver_job, intake, quarantine
from resources.desk import Desk
from resources.inbox import lying_files
from samkorning.case.due import Due
from samkorning.case_number import is_case_number
from samkorning.identity.redaction import redact_numbers


@dg.sensor(job=intake, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
@looking
def inbox_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Asks for the intake of every case whose inbox has files that may be whole, and says how many others wait.

    Before the decision they go to quarantine.
    """
    end_dead_runs(desk, context.instance)
    known = set(desk.cases.numbers())
    today = str(desk.clock.today())
    requests = [
        dg.RunRequest(partition_key=case, run_key=_digest([today, *marks]))
        for case, marks in worth_a_look(desk).items()
        if case in known
    ]
    return dg.SensorResult(
        run_requests=requests,
        skip_reason=None if requests else _what_waits(desk),
        dynamic_partitions_requests=_missing_partitions(context.instance, desk),
    )


@dg.sensor(job=quarantine, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
@looking
def unmatched_files_sensor(desk: dg.ResourceParam[Desk]) -> Iterator[dg.RunRequest]:
    """Asks for the quarantine of inbox files that belong to no known case."""
    known = set(desk.cases.numbers())
    marks = [mark for case, found in worth_a_look(desk).items() if case not in known for mark in found]
    if marks:
        yield dg.RunRequest(run_key=_digest([str(desk.clock.today()), *marks]))


@dg.sensor(job=deliver_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
@looking
def due_deliveries_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Asks for the deliveries that late files and decided replacements make due.

    The first delivery stays a person's act, and so does the decision on what has changed since its delivery.
    """
    requests = [_request(desk, row, row.late) for row in due_cases(desk) if row.late]
    return dg.SensorResult(
        run_requests=requests, dynamic_partitions_requests=_missing_partitions(context.instance, desk)
    )


@dg.schedule(
    job=deliver_job,
    cron_schedule="0 5 * * *",
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
@looking
def repeat_deliveries(context: dg.ScheduleEvaluationContext, desk: dg.ResourceParam[Desk]) -> list[dg.RunRequest]:
    """The repeat deliveries whose month, quarter or year has come (R18). Looked at every morning, and reckoned from
    the ledger: what was due while nothing ran is made up for, and nothing comes twice in a period."""
    return [_request(desk, row, row.repeat) for row in due_cases(desk, most=len(desk.cases.numbers())) if row.repeat]


def _what_waits(desk: Desk) -> str:
    waiting = Counter("/".join(file.place_without_numbers) for file in lying_files(desk.home))
    places = redact_numbers(", ".join(f"{place} ({count})" for place, count in waiting.items()))
    return f"files wait for their end: {places}; `samkorning file held` says why" if places else "the inbox is empty"


def _request(desk: Desk, due: Due, wanted: str) -> dg.RunRequest:
    """A run for what is due.

    The key comes from contents and the case's events; the day is in it so that a run that failed is asked for again.
    """
    return dg.RunRequest(partition_key=due.case_number, run_key=f"{desk.clock.today()}:{due.events}:{wanted}")


def _missing_partitions(instance: dg.DagsterInstance, desk: Desk) -> list[dg.AddDynamicPartitionsRequest]:
    known = {number for number in desk.cases.numbers() if is_case_number(number)}
    missing = known - set(instance.get_dynamic_partitions(CASE_PARTITIONS))
    return [cases.build_add_request(sorted(missing))] if missing else []


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
