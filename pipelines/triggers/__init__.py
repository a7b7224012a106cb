"""What starts jobs without a person: sensors and schedules, a module for each thing that is looked at.

What belongs here: comparing what is with what should be. What must not: work, or whether a run may be asked for now
(pipelines.asking). All are level-triggered: they look at the ledger as it stands and read nothing that an earlier look
left, so that nothing is lost when they did not run for a while.
"""

from pipelines.triggers.deliveries import due_deliveries_sensor, repeat_deliveries
from pipelines.triggers.disposals import disposal_sensor
from pipelines.triggers.hand_overs import hand_over_sensor
from pipelines.triggers.histories import number_history_sensor
from pipelines.triggers.inbox import inbox_sensor, unmatched_files_sensor
from pipelines.triggers.registers import register_files_sensor
from pipelines.triggers.reminders import reminder_sensor

SENSORS = [
    inbox_sensor,
    unmatched_files_sensor,
    due_deliveries_sensor,
    register_files_sensor,
    number_history_sensor,
    reminder_sensor,
    hand_over_sensor,
    disposal_sensor,
]
SCHEDULES = [repeat_deliveries]

__all__ = [
    "SCHEDULES",
    "SENSORS",
    "due_deliveries_sensor",
    "inbox_sensor",
    "repeat_deliveries",
    "unmatched_files_sensor",
]
