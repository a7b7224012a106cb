"""What asks for deliveries: a sensor for what has become due, a schedule for repeats.

What belongs here: asking for the job, and what its runs are tagged with. What must not: what is due
(assets.steps.delivery.due).
"""

import dagster as dg

from assets.guard import looking
from assets.steps.delivery.due import due_cases
from pipelines.asking import ask
from pipelines.case_definitions import deliver_job
from pipelines.triggers.partitions import missing_partitions
from pipelines.wanted_deliveries import late_wanted, repeats_wanted
from resources.desk import Desk

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
    wanted = late_wanted(desk, rows)
    look = ask(desk, context.instance, f"{len(rows)} cases, of which {len(wanted)} have a delivery due", wanted)
    return look.result(missing_partitions(context.instance, (row.case_number for row in rows)))


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
    count, wanted = repeats_wanted(desk)
    looked = f"{count} cases, of which {len(wanted)} have a repeat due"
    look = ask(desk, context.instance, looked, wanted, MOST_REPEATS)
    return look.requests or dg.SkipReason(look.sentence)
