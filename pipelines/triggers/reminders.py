"""The sensor over reminders: what the orderer or a holder owes and has not given in time.

What belongs here: asking for the job that reminds. What must not: reminding, or what follows when nobody answers, which
a person decides.
"""

import dagster as dg

from assets.guard import looking
from assets.steps.delivery.due import due_cases
from pipelines.asking import KIND, Wanted, ask
from pipelines.jobs import remind
from resources.desk import Desk


@dg.sensor(
    job=remind,
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for reminders of questions, supplements, quotes, holders' decisions and results (R02, R04, R28).",
)
@looking
def reminder_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Once for each thing, the day after its last day."""
    rows, today = due_cases(desk), desk.clock.today()
    due = [row for row in rows if row.reminder <= today]
    wanted = [Wanted(f"{row.events}:reminder", row.case_number, lambda: {KIND: "reminder"}) for row in due]
    return ask(desk, context.instance, f"{len(rows)} cases, {len(due)} with a reminder due", wanted).result()
