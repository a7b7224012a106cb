"""A daemon that is killed in the middle of a look of the inbox sensor: run as a process of its own.

``python -m tests.pipeline.crashing_daemon WHERE``: WHERE is one of Dagster's own places to crash, such as RUN_CREATED.
"""

import logging
import signal
import sys

from dagster._daemon.sensor import execute_sensor_iteration

from resources.desk import Desk
from tests.pipeline.daemons import workspace_of


def main(where: str) -> None:
    with workspace_of(Desk.from_environment()) as workspace:
        crash = {"inbox_sensor": {where: signal.SIGKILL}}
        list(execute_sensor_iteration(workspace, logging.getLogger("daemon"), None, None, debug_crash_flags=crash))


if __name__ == "__main__":
    main(sys.argv[1])
