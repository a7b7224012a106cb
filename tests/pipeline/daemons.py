"""Dagster's daemons at their own loops, over the served definitions in their own process, one iteration at a time.

What belongs here: opening them. What must not: expectations.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.sensor import execute_sensor_iteration

from pipelines.instance import dagster_instance
from resources.desk import Desk

LOGGER = logging.getLogger("daemon")


@contextmanager
def workspace_of(desk: Desk) -> Iterator[WorkspaceProcessContext]:
    """What a daemon of this home works with; the code server is a process of its own."""
    target = ModuleTarget("pipelines.served", attribute=None, working_directory=None, location_name=None)
    with dagster_instance(desk) as instance, create_test_daemon_workspace_context(target, instance) as workspace:
        yield workspace


def look(workspace: WorkspaceProcessContext) -> None:
    """Every sensor looks once, however short a time ago it did."""
    with patch("dagster._daemon.sensor.is_under_min_interval", return_value=False), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Dagster's, where it goes on with a tick
        list(execute_sensor_iteration(workspace, LOGGER, None, None))
