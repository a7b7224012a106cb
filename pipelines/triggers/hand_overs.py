"""The sensor over hand-overs: a sealed delivery that its target did not take is handed over again for some days.

What belongs here: asking for the job that hands over. What must not: how a file gets to its target, or what stands in
the way of one that a target refused, which a person clears up.
"""

from datetime import date, timedelta

import dagster as dg

from assets.guard import looking
from assets.steps.delivery.due import due_cases
from pipelines.asking import KIND, Wanted, ask
from pipelines.jobs import hand_over_again
from resources.desk import Desk

SOON = timedelta(days=3)
"""How long after its delivery a hand-over is tried again, three times a day; then it waits for a person."""
WAITS = f"not handed over in {SOON.days} days; when the target answers, `delivery_hand_over` or `delivery hand-over`"


@dg.sensor(
    job=hand_over_again,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks to hand over again what a target could not be reached for, for three days; then a person does.",
)
@looking
def hand_over_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """A cut connection goes on from what has arrived; a target that refuses is for a person at once."""
    rows, since = due_cases(desk), desk.clock.today() - SOON
    waiting = [row for row in rows if row.hand_over]
    late = [row for row in waiting if date.fromisoformat(row.hand_over[:10]) < since]
    wanted = [Wanted(row.hand_over, row.case_number, lambda: {KIND: "hand-over"}) for row in waiting if row not in late]
    look = ask(desk, context.instance, f"{len(rows)} cases, {len(waiting)} with a delivery to hand over", wanted)
    for row in late:
        look.leave(WAITS, row.case_number)
    return look.result()
