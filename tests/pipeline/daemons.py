"""Dagster's daemons at their own loops, over the served definitions in their own process, one iteration at a time.

What belongs here: opening them. What must not: expectations.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

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
    """Every sensor whose time has come looks once."""
    list(execute_sensor_iteration(workspace, LOGGER, None, None))
