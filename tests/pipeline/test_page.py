"""The Dagster page and daemon, started for real: the case is there, and a run started from the page delivers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from samkorning.case import EventKind
from tests.office import Office

PATIENCE = 120.0

LAUNCH = """
mutation Launch($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
STATUS = "query Status($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
ASSETS = "{ assetNodes { assetKey { path } groupName isPartitioned } }"
SENSORS = """{ repositoriesOrError { ... on RepositoryConnection { nodes {
  name location { name } sensors { name sensorState { status } } schedules { name } } } } }"""


@contextmanager
def page(office: Office, *options: str) -> Iterator[str]:
    """``samkorning up`` on a free port; the address of its page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), "up", "--port", str(port), *options]
    log = (office.folder / "up.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ), start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _answers(address))
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        log.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/server_info", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _wait(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "the page did not come to it in time"
        time.sleep(0.5)


def ask(address: str, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.loads(response.read())


def launch(address: str, case: str) -> Any:
    [repository] = ask(address, SENSORS)["data"]["repositoriesOrError"]["nodes"]
    selector = {
        "repositoryName": repository["name"],
        "repositoryLocationName": repository["location"]["name"],
        "pipelineName": "deliver",
    }
    tags = [{"key": "dagster/partition", "value": case}]
    return ask(address, LAUNCH, params={"selector": selector, "mode": "default", "executionMetadata": {"tags": tags}})


@pytest.mark.slow
def test_a_delivery_is_started_from_the_page(office: Office) -> None:
    case = office.ready_case()
    with page(office) as address:
        nodes = {node["assetKey"]["path"][-1]: node for node in ask(address, ASSETS)["data"]["assetNodes"]}
        assert {"order", "case", "population", "code_key", "linked_own_register", "delivery"} <= nodes.keys()
        assert nodes["delivery"]["isPartitioned"]
        [repository] = ask(address, SENSORS)["data"]["repositoriesOrError"]["nodes"]
        states = {sensor["name"]: sensor["sensorState"]["status"] for sensor in repository["sensors"]}
        sensors = ("inbox_sensor", "due_deliveries_sensor", "unmatched_files_sensor")
        assert states == dict.fromkeys(sensors, "RUNNING")
        run = launch(address, case)["data"]["launchRun"]
        assert run["__typename"] == "LaunchRunSuccess", run
        run_id = run["run"]["runId"]

        def ended() -> bool:
            status = ask(address, STATUS, run=run_id)["data"]["runOrError"]["status"]
            assert status not in ("FAILURE", "CANCELED")
            return bool(status == "SUCCESS")

        _wait(ended)
    assert [event.detail["delivery"] for event in office.desk.case(case).of(EventKind.DELIVERED)] == ["L001"]


@pytest.mark.slow
def test_a_read_only_page_starts_nothing(office: Office) -> None:
    case = office.ready_case()
    with page(office, "--read-only") as address:
        assert ask(address, ASSETS)["data"]["assetNodes"]
        refused = launch(address, case)
        assert refused["data"] is None or refused["data"]["launchRun"]["__typename"] == "UnauthorizedError"
    assert not office.desk.case(case).of(EventKind.DELIVERED)
