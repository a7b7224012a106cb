"""The Dagster page and daemon, started for real: the case is there, and a run started from the page delivers."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli import serving
from cli.session import Session
from samkorning.case import EventKind
from tests.office import Office
from tests.patience import PATIENCE

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
RIGHTS = "{ permissions { permission value } }"
SENSORS = """{ repositoriesOrError { ... on RepositoryConnection { nodes {
  name location { name } sensors { name sensorState { status } } schedules { name } } } } }"""


@dataclass(frozen=True)
class Served:
    """A page that is served: where, and the file with its token."""

    address: str
    token_file: Path
    process: subprocess.Popen[bytes]

    @property
    def token(self) -> str:
        return self.token_file.read_text().strip()

    def open(self, path: str, body: Any = None, **headers: str) -> Any:
        """What a command gets that brings the token, unless the headers say otherwise."""
        brought = {"Authorization": f"Bearer {self.token}", **headers}
        data = None if body is None else json.dumps(body).encode()
        sent = {name: value for name, value in brought.items() if value}
        request = urllib.request.Request(f"{self.address}{path}", data, {"Content-Type": "application/json", **sent})
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.read().decode()

    def refuses(self, path: str, body: Any = None, **headers: str) -> str:
        """The sentence of a refusal."""
        with pytest.raises(urllib.error.HTTPError) as refused:
            self.open(path, body, **headers)
        with refused.value:
            assert refused.value.code in (403, 405)
            return refused.value.read().decode()


def up(office: Office, *options: str) -> list[str]:
    return [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), "--json", "up", *options]


@contextmanager
def page(office: Office, *options: str) -> Iterator[Served]:
    """``samkorning up`` on a free port, as soon as it answers; its programs' own sockets lie in the office's folder."""
    sockets = office.folder / "sockets"
    sockets.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(sockets)}
    command = up(office, "--port", "0", *options)
    with (office.folder / "up.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, start_new_session=True)
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        served = Served(said["address"], Path(said["token_file"]), process)
        _wait(lambda: _answers(served))
        yield served
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) in (0, -signal.SIGKILL)
        process.stdout.close()


def _answers(served: Served) -> bool:
    try:
        return "dagster_version" in served.open("/server_info")
    except OSError:
        return False


def _wait(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "the page did not come to it in time"
        time.sleep(0.5)


def ask(served: Served, query: str, **variables: Any) -> Any:
    return json.loads(served.open("/graphql", {"query": query, "variables": variables}))


def launch(served: Served, case: str) -> Any:
    return ask(served, LAUNCH, **to_launch(served, case))


def to_launch(served: Served, case: str) -> dict[str, Any]:
    [repository] = ask(served, SENSORS)["data"]["repositoriesOrError"]["nodes"]
    selector = {
        "repositoryName": repository["name"],
        "repositoryLocationName": repository["location"]["name"],
        "pipelineName": "deliver",
    }
    tags = [{"key": "dagster/partition", "value": case}]
    return {"params": {"selector": selector, "mode": "default", "executionMetadata": {"tags": tags}}}


@pytest.mark.slow
def test_a_delivery_is_started_from_the_page(office: Office) -> None:
    case = office.ready_case()
    with page(office) as served:
        nodes = {node["assetKey"]["path"][-1]: node for node in ask(served, ASSETS)["data"]["assetNodes"]}
        assert {"order", "case", "population", "code_key", "linked_own_register", "delivery"} <= nodes.keys()
        assert nodes["delivery"]["isPartitioned"]
        [repository] = ask(served, SENSORS)["data"]["repositoriesOrError"]["nodes"]
        states = {sensor["name"]: sensor["sensorState"]["status"] for sensor in repository["sensors"]}
        assert {"inbox_sensor", "due_deliveries_sensor", "unmatched_files_sensor"} <= states.keys()
        assert set(states.values()) == {"RUNNING"}
        refuses_strangers(served, {"query": LAUNCH, "variables": to_launch(served, case)})
        sockets = [path for path in (office.folder / "sockets").iterdir() if path.is_socket()]
        assert sockets and all(not path.stat().st_mode & 0o077 for path in sockets), "the code servers' own way in"
        run = launch(served, case)["data"]["launchRun"]
        assert run["__typename"] == "LaunchRunSuccess", run
        run_id = run["run"]["runId"]

        def ended() -> bool:
            status = ask(served, STATUS, run=run_id)["data"]["runOrError"]["status"]
            assert status not in ("FAILURE", "CANCELED")
            return bool(status == "SUCCESS")

        _wait(ended)
    assert [event.detail["delivery"] for event in office.desk.case(case).of(EventKind.DELIVERED)] == ["L001"]


def refuses_strangers(served: Served, body: Any) -> None:
    """Over the wire as in the application itself (test_page_access.py): nothing of this starts the run."""
    assert "a command with its token" in served.refuses("/graphql", body, Authorization="")
    assert "This page opens with" in served.refuses("/graphql", body, Authorization="Bearer x")
    assert "does not answer to this name" in served.refuses("/graphql", body, Host="evil.example")
    assert "only the page itself" in served.refuses("/graphql", body, Origin="http://evil.example")
    assert "by POST" in served.refuses("/graphql?" + urllib.parse.urlencode({"query": body["query"]}))
    assert not ask(served, "{ runsOrError { ... on Runs { results { id } } } }")["data"]["runsOrError"]["results"]


@pytest.mark.slow
def test_a_read_only_page_starts_nothing_and_its_token_goes_with_it(office: Office) -> None:
    """Its port and its token are its own: a second page does not take them, and one that was killed leaves none."""
    case = office.ready_case()
    with page(office, "--read-only") as served:
        assert ask(served, ASSETS)["data"]["assetNodes"]
        refused = served.refuses("/graphql", {"query": LAUNCH, "variables": to_launch(served, case)})
        assert "this change is not done from the page; the page shows" in refused
        assert not any(right["value"] for right in ask(served, RIGHTS)["data"]["permissions"]), (
            "Dagster's own refusal too"
        )
        old, port = served.token, served.address.rpartition(":")[2]
        taken = subprocess.run(up(office, "--port", port), capture_output=True, timeout=PATIENCE)
        assert taken.returncode == 1
        assert json.loads(taken.stdout)["problem"] == f"port {port} is taken or not allowed; name another with --port"
        assert served.token == old
        os.killpg(served.process.pid, signal.SIGKILL)
        served.process.wait(timeout=PATIENCE)
    assert served.token_file.exists()
    with page(office, "--read-only", "--port", port) as again:
        assert again.token_file == served.token_file
        assert "This page opens with" in again.refuses("/", Authorization=f"Bearer {old}")
    assert not again.token_file.exists()
    assert not office.desk.case(case).of(EventKind.DELIVERED)


def test_each_page_has_a_token_of_its_own(office: Office) -> None:
    files = [office.desk.home.page_token(port) for port in (3000, 3001)]
    with serving._token_file(files[0]) as first:
        with serving._token_file(files[1]) as second:
            assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
            assert len(first.read_text().strip()) == 32
            assert first.read_text() != second.read_text()
        assert [file.exists() for file in files] == [True, False]
    assert not first.exists()


def test_the_printed_address_has_the_token_on_a_screen_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMKORNING_HOME", str(office.desk.home.root))
    monkeypatch.setattr(serving, "session", Session())
    file = office.desk.home.page_token(3000)
    said = {}
    for screen in (True, False):
        monkeypatch.setattr(sys.stdout, "isatty", lambda screen=screen: screen)
        with serving._token_file(file):
            token = file.read_text().strip()
            serving._print_address("http://127.0.0.1:3000", file)
        said[screen] = capsys.readouterr().out
        assert (f"http://127.0.0.1:3000/?token={token} " in said[screen]) is screen
        assert (token in said[screen]) is screen
    assert str(file) in said[False]
