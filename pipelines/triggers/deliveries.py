"""What asks for deliveries: a sensor for what has become due, a schedule for repeats.

What belongs here: asking for the job, and what its runs are tagged with. What must not: what is due
(assets.steps.delivery.due).
"""

import dagster as dg

from assets.guard import looking
from assets.steps.case_view import ledger_rows
from assets.steps.delivery.due import due_cases
from pipelines.asking import DELIVERY, HOLDER, KIND, Wanted, ask
from pipelines.jobs import deliver_job
from pipelines.triggers.partitions import missing_partitions
from resources.desk import Desk
from samkorning.case.due import Due
from samkorning.case.plan import kind_of, next_delivery_number
from samkorning.errors import SamkorningError

MOST_REPEATS = 50
"""Repeats that one look of the schedule asks for; it looks every ten minutes until seven."""


@dg.sensor(
    job=deliver_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the deliveries that late files and decided replacements make due (R13).",
)
@looking
def due_deliveries_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """The first delivery stays a person's act, and so does the decision on what has changed since its delivery."""
    rows = due_cases(desk)
    wanted = [_wanted(desk, row, row.late) for row in rows if row.late]
    look = ask(desk, context.instance, f"{len(rows)} cases, of which {len(wanted)} have a delivery due", wanted)
    return look.result(missing_partitions(context.instance, desk))


@dg.schedule(
    job=deliver_job,
    cron_schedule="*/10 5-6 * * *",
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Asks for the repeat deliveries whose month, quarter or year has come (R18).",
)
@looking
def repeat_deliveries(
    context: dg.ScheduleEvaluationContext, desk: dg.ResourceParam[Desk]
) -> list[dg.RunRequest] | dg.SkipReason:
    """Every morning, reckoned from the ledger: what was due while nothing ran is made up for, and nothing comes twice
    in a period."""
    rows, wanted = repeats_due(desk)
    looked = f"{rows} cases, of which {len(wanted)} have a repeat due"
    look = ask(desk, context.instance, looked, wanted, MOST_REPEATS)
    return look.requests or dg.SkipReason(look.sentence)


def repeats_due(desk: Desk) -> tuple[int, list[Wanted]]:
    """How many cases there are, and the repeats that are due among them."""
    rows = due_cases(desk, most=len(desk.cases.counts()))
    return len(rows), [_wanted(desk, row, row.repeat) for row in rows if row.repeat]


def delivery_tags(desk: Desk, number: str) -> dict[str, str]:
    """The delivery that would be made now, its kind, and whose files go with it."""
    try:
        case = desk.cases.case(number)
        leaving = [row for row in ledger_rows(desk, case) if row.is_due]
        kind, holders = kind_of(case, leaving), sorted({row.holder for row in leaving})
        return {DELIVERY: next_delivery_number(case), KIND: str(kind or "nothing"), HOLDER: ", ".join(holders)}
    except SamkorningError:
        return {}


def _wanted(desk: Desk, due: Due, what: str) -> Wanted:
    return Wanted(f"{due.events}:{what}", due.case_number, lambda: delivery_tags(desk, due.case_number))
