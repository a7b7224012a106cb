"""What a look of a sensor or schedule asked for.

What belongs here: reading its answer. What must not: expectations.
"""

import dagster as dg


def requests_of(looked: dg.SensorResult | dg.SkipReason | list[dg.RunRequest]) -> list[dg.RunRequest]:
    """The runs that were asked for."""
    if isinstance(looked, dg.SensorResult):
        return list(looked.run_requests or [])
    return looked if isinstance(looked, list) else []


def said_by(looked: dg.SensorResult | dg.SkipReason | list[dg.RunRequest]) -> str:
    """The sentence of the look; none where a schedule asked for runs."""
    if isinstance(looked, dg.SensorResult):
        return str(looked.cursor)
    return "" if isinstance(looked, list) else str(looked.skip_message)
