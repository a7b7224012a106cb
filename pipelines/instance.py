"""Dagster's instance of a working home, with our settings and no others.

What belongs here: preparing DAGSTER_HOME and opening it. What must not: jobs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from assets.guard import require_our_instance
from resources.desk import Desk
from resources.home import PROJECT
from samkorning.durable import overwrite


def prepare_dagster_home(desk: Desk) -> dict[str, str]:
    """Puts our dagster.yaml into the home's DAGSTER_HOME; gives the environment that leads Dagster there."""
    folder = desk.home.dagster
    folder.mkdir(mode=0o700, exist_ok=True)
    overwrite(folder / "dagster.yaml", (PROJECT / "dagster.yaml").read_bytes())  # another process may be reading it
    return {
        "DAGSTER_HOME": str(folder),
        "SAMKORNING_HOME": str(desk.home.root),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }


@contextmanager
def dagster_instance(desk: Desk) -> Iterator[dg.DagsterInstance]:
    """The home's Dagster instance.

    :raises HomeRefused: when it does not have our storage and log settings.
    """
    os.environ.update(prepare_dagster_home(desk))
    with dg.DagsterInstance.get() as instance:
        require_our_instance(instance)
        yield instance
