"""Dagster's instance of a working home, with our settings and no others.

What belongs here: preparing DAGSTER_HOME and opening it. What must not: jobs.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from assets.guard import require_our_instance
from resources.cluster_queue import CLUSTER_TAG
from resources.desk import Desk
from resources.home import PROJECT
from resources.settings import Settings
from samkorning.durable import overwrite

DEFINITIONS, LOCATION = "pipelines.served", "samkorning"
"""The module that Dagster loads, and the name under which the page shows it."""
WORKSPACE = {"load_from": [{"python_module": {"module_name": DEFINITIONS, "location_name": LOCATION}}]}


def prepare_dagster_home(desk: Desk) -> dict[str, str]:
    """Puts our dagster.yaml into the home's DAGSTER_HOME; gives the environment that leads Dagster there."""
    folder = desk.home.dagster
    folder.mkdir(mode=0o700, exist_ok=True)
    overwrite(folder / "dagster.yaml", dagster_settings(desk.settings))
    overwrite(workspace_file(desk), yaml.safe_dump(WORKSPACE).encode())
    return {
        "DAGSTER_HOME": str(folder),
        "SAMKORNING_HOME": str(desk.home.root),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }


def workspace_file(desk: Desk) -> Path:
    """Where page and daemon of this home find the definitions, unless they are served to them (deploy/)."""
    return desk.home.dagster / "workspace.yaml"


def served_workspace_file(desk: Desk) -> Path:
    """The same where a code server serves them at a socket; written anew, as the socket may be another."""
    served = {"grpc_server": {"host": "localhost", "socket": str(desk.settings.code_server), "location_name": LOCATION}}
    desk.home.dagster.mkdir(mode=0o700, exist_ok=True)
    file = desk.home.dagster / "served.yaml"
    overwrite(file, yaml.safe_dump({"load_from": [served]}).encode())
    return file


def dagster_settings(home: Settings) -> bytes:
    """Our dagster.yaml; with its storage in PostgreSQL where a file with a connection string is named, and so many runs
    on the cluster at a time as the settings say."""
    ours = (PROJECT / "dagster.yaml").read_bytes()
    if home.page_database_file is None and (home.cluster is None or home.cluster.runs == 1):
        return ours
    settings = yaml.safe_load(ours)
    if home.page_database_file is not None:
        how = {"module": "resources.dagster_postgresql", "class": "StorageOnPostgresql"}
        settings["storage"] = {"custom": {**how, "config": {"connection_file": str(home.page_database_file.resolve())}}}
    if home.cluster is not None:
        _allow(settings["concurrency"], home.cluster.runs)
    return yaml.safe_dump(settings).encode()


def _allow(concurrency: dict[str, Any], runs: int) -> None:
    """So many runs on the cluster at a time, in the queue as in the pool."""
    concurrency["pools"]["default_limit"] = runs
    [limit] = [each for each in concurrency["runs"]["tag_concurrency_limits"] if each["key"] == CLUSTER_TAG]
    limit["limit"] = runs


@contextmanager
def dagster_instance(desk: Desk) -> Iterator[dg.DagsterInstance]:
    """The home's Dagster instance.

    :raises HomeRefused: when it does not have our storage and log settings.
    """
    os.environ.update(prepare_dagster_home(desk))
    with dg.DagsterInstance.get() as instance:
        require_our_instance(instance)
        yield instance
