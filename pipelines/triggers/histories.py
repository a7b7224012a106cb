"""The sensor over number histories (nummerhistorik): one that comes after serial numbers were drawn is looked into.

What belongs here: asking for the impact. What must not: moving a serial number, which nothing does.
"""

from datetime import date, timedelta

import dagster as dg

from assets.guard import looking
from assets.steps.delivery.due import due_cases
from pipelines.asking import KIND, Wanted, ask
from pipelines.jobs import number_history
from resources.desk import Desk

SOON = timedelta(days=14)
"""How long a history is looked at; runs are remembered longer than that."""


@dg.sensor(
    job=number_history,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks what a number history that came late means for serial numbers that have left; moves none.",
)
@looking
def number_history_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Once for each history that comes after the first delivery, within two weeks."""
    rows, since = due_cases(desk), desk.clock.today() - SOON
    late = [row for row in rows if row.late_history and date.fromisoformat(row.late_history[:10]) >= since]
    wanted = [Wanted(row.late_history, row.case_number, lambda: {KIND: "number history"}, once=True) for row in late]
    return ask(desk, context.instance, f"{len(rows)} cases, {len(late)} with a late number history", wanted).result()
