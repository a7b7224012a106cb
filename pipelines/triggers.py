"""What starts jobs without a person: the inbox sensor, the sensor for due deliveries and the monthly schedule.

What belongs here: comparing what is with what should be. What must not: work. The sensors are level-triggered: they
look at the ledger as it stands, so that nothing is lost when they did not run for a while.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

import dagster as dg

from assets.graph import CASE_PARTITIONS, cases
from assets.steps.case_view import ledger_rows, require_may_be_delivered
from assets.steps.inbox_files import worth_a_look
from pipelines.jobs import deliver_job, intake, quarantine
from resources.desk import Desk
from resources.inbox import lying_files
from samkorning.case import Case, EventKind
from samkorning.case.ledger import LedgerRow
from samkorning.case.plan import comes_by_the_month
from samkorning.errors import SamkorningError
from samkorning.leak_scan import redact_numbers


@dg.sensor(job=intake, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Asks for the intake of every case whose inbox has files that may be whole, and tells how many others wait.

    Before the decision they go to quarantine.
    """
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
def unmatched_files_sensor(desk: dg.ResourceParam[Desk]) -> Iterator[dg.RunRequest]:
    """Asks for the quarantine of inbox files that belong to no known case."""
    known = set(desk.cases.numbers())
    marks = [mark for case, found in worth_a_look(desk).items() if case not in known for mark in found]
    if marks:
        yield dg.RunRequest(run_key=_digest([str(desk.clock.today()), *marks]))


@dg.sensor(job=deliver_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def due_deliveries_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Asks for the deliveries that late files and decided replacements make due.

    The first delivery stays a person's act, and so does the decision on what has changed since its delivery.
    """
    requests = [
        request
        for case in _delivering_cases(desk)
        for request in _request(desk, case, [row for row in _due(desk, case) if not comes_by_the_month(case, row)])
    ]
    return dg.SensorResult(
        run_requests=requests, dynamic_partitions_requests=_missing_partitions(context.instance, desk)
    )


@dg.schedule(
    job=deliver_job,
    cron_schedule="0 5 1 * *",
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def repeat_deliveries(context: dg.ScheduleEvaluationContext, desk: dg.ResourceParam[Desk]) -> list[dg.RunRequest]:
    """Once a month, the repeat deliveries that new years of the own registers make due (R18)."""
    return [
        request
        for case in _delivering_cases(desk)
        for request in _request(desk, case, [row for row in _due(desk, case) if comes_by_the_month(case, row)])
    ]


def _what_waits(desk: Desk) -> str:
    waiting = Counter("/".join(file.told_place) for file in lying_files(desk.home))
    told = redact_numbers(", ".join(f"{place} ({count})" for place, count in waiting.items()))
    return f"files wait for their end: {told}; `samkorning file held` says why" if told else "the inbox is empty"


def _delivering_cases(desk: Desk) -> Iterator[Case]:
    for number in desk.cases.numbers():
        case = desk.cases.case(number)
        if case.of(EventKind.DELIVERED):
            yield case


def _due(desk: Desk, case: Case) -> list[LedgerRow]:
    return [row for row in ledger_rows(desk, case) if row.is_due]


def _request(desk: Desk, case: Case, due: list[LedgerRow]) -> Iterator[dg.RunRequest]:
    """A run for what is due, unless a person has to act first.

    The key comes from contents and the case's events; the day is in it so that a run that failed is asked for again.
    """
    if due and _may_go(desk, case):
        wanted = _digest(f"{row.unit.source}:{row.unit.period}:{row.input_sha256}" for row in due)
        yield dg.RunRequest(partition_key=case.number, run_key=f"{desk.clock.today()}:{len(case.events)}:{wanted}")


def _may_go(desk: Desk, case: Case) -> bool:
    try:
        require_may_be_delivered(desk, case)
    except SamkorningError:
        return False
    return True


def _missing_partitions(instance: dg.DagsterInstance, desk: Desk) -> list[dg.AddDynamicPartitionsRequest]:
    missing = set(desk.cases.numbers()) - set(instance.get_dynamic_partitions(CASE_PARTITIONS))
    return [cases.build_add_request(sorted(missing))] if missing else []


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
