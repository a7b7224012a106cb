"""The sensor over disposals: what goes on by itself is asked for, what waits for two persons is told.

What belongs here: asking for the completion of what was confirmed. What must not: ordering or confirming a disposal,
which only persons do (pipelines.acts.disposals).
"""

import dagster as dg

from assets.guard import looking
from assets.steps.delivery.due import due_cases
from pipelines.asking import KIND, Wanted, ask
from pipelines.jobs import complete_disposal
from resources.desk import Desk
from samkorning.case.due import Due


@dg.sensor(
    job=complete_disposal,
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the completion of disposals that were confirmed (R16), and says what waits for two persons.",
)
@looking
def disposal_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Nothing goes by itself but what two persons have decided."""
    rows, today = due_cases(desk), desk.clock.today()
    wanted = [_completion(row) for row in rows if row.completion <= today]
    look = ask(desk, context.instance, f"{len(rows)} cases", wanted)
    for row in rows:
        if row.disposal <= today:
            look.leave(
                "something is due; one person orders it with `disposal_take`, another confirms it", row.case_number
            )
    return look.result()


def _completion(row: Due) -> Wanted:
    return Wanted(f"{row.events}:completion", row.case_number, lambda: {KIND: "completion of a disposal"})
