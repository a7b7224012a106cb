"""The page in Debian's Chromium: it lives with our headers, and pages of elsewhere get nothing from it."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import Browser, browser
from tests.office import Office

pytestmark = [
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.skipif(not shutil.which("chromedriver"), reason="chromium-driver is not installed; make services does"),
]

SENSORS = """{ repositoriesOrError { ... on RepositoryConnection { nodes {
  sensors { name sensorState { id status } } } } } }"""
ATTACK = """
const answers = [];
const [page, act] = %s;
const image = new Image();
answers.push(await new Promise((tell) => {
  image.onload = () => tell("loaded"); image.onerror = () => tell("refused");
  image.src = page + "/graphql?query=" + encodeURIComponent(act);
}));
const ask = (how) => fetch(page + "/graphql", {method: "POST", credentials: "include", ...how}).then(
  (answer) => answer.type + answer.status, () => "refused");
const body = JSON.stringify({query: act});
answers.push(await ask({body, headers: {"content-type": "application/json"}}));
answers.push(await ask({body, mode: "no-cors", headers: {"content-type": "text/plain"}}));
answers.push(await new Promise((tell) => {
  const socket = new WebSocket(page.replace("http", "ws") + "/graphql", "graphql-ws");
  socket.onopen = () => tell("open"); socket.onerror = () => tell("refused");
}));
const frame = document.createElement("iframe");
frame.src = page + "/runs";
document.body.append(frame);
await new Promise((tell) => { frame.onload = tell; });
try { answers.push(frame.contentDocument ? "seen" : "refused"); } catch { answers.push("refused"); }
return answers;
"""


@contextmanager
def page(office: Office) -> Iterator[tuple[str, str]]:
    """``samkorning up`` on a free port: its address and its token."""
    command = [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), "--json", "up", "--port", "0"]
    with (office.folder / "up.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=dict(os.environ))
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        yield told["address"], Path(told["token_file"]).read_text().strip()
    finally:
        process.terminate()
        process.wait(timeout=300)
        process.stdout.close()


@contextmanager
def elsewhere() -> Iterator[str]:
    """A web page of somebody else, on the same machine."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<body>elsewhere</body>")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_page_lives_with_its_headers_and_gives_others_nothing(office: Office, tmp_path: Path) -> None:
    case = office.ready_case()
    office.deliver(case)
    with page(office) as (address, token), browser(tmp_path / "profile") as chromium:
        chromium.open(address)
        assert chromium.shows("This page opens with the address that `samkorning up` prints.")
        chromium.open(f"{address}/?token={token}")
        assert chromium.url.startswith(address) and token not in chromium.url
        assert chromium.run("return document.cookie") == ""
        chromium.complaints()
        shows_what_it_should(chromium, address, case)
        assert not [told for told in chromium.complaints() if "Security Policy" in told or "Refused" in told]
        gives_others_nothing(chromium, address, stopping_of_the_sensor(chromium)[0])
        chromium.open(address)
        starts_what_it_may(chromium)


def shows_what_it_should(chromium: Browser, address: str, case: str) -> None:
    """Catalogue, an asset with its last delivery, a graph that a worker draws, the runs, and one as it went."""
    chromium.open(f"{address}/assets")
    assert chromium.shows("code_key", "linked_own_register", "delivery_contents")
    chromium.open(f"{address}/assets/delivery_contents?view=events")
    assert chromium.shows(case, "L001", "Metadata")
    chromium.open(f"{address}/assets/delivery?view=lineage")
    assert chromium.shows("Nearest Neighbor", "delivery_contents")
    chromium.open(f"{address}/runs")
    assert chromium.shows("deliver", case, "Success")
    [run] = query(chromium, "{ runsOrError { ... on Runs { results { id } } } }")["data"]["runsOrError"]["results"]
    chromium.open(f"{address}/runs/{run['id']}")
    assert chromium.shows("ASSET_MATERIALIZATION", "STEP_SUCCESS")


def starts_what_it_may(chromium: Browser) -> None:
    """The page's own script may change what is on the list, and is told what is not."""
    act, status = stopping_of_the_sensor(chromium)
    assert status == "RUNNING", "nothing of what was tried elsewhere was carried out"
    assert query(chromium, act)["data"]["stopSensor"]["__typename"] == "StopSensorMutationResult"
    assert stopping_of_the_sensor(chromium)[1] == "STOPPED"
    refused = query(chromium, 'mutation { deleteRun(runId: "x") { __typename } }')
    assert refused["errors"][0]["message"].startswith("`deleteRun` is not done from the page; what has been stays")


def gives_others_nothing(chromium: Browser, address: str, act: str) -> None:
    """A page of the same host at another port, whose requests carry even strict cookies, and one of another host."""
    with elsewhere() as stranger:
        for name in (stranger, stranger.replace("127.0.0.1", "localhost")):
            chromium.open(name)
            assert chromium.run(ATTACK % json.dumps([address, act])) == ["refused"] * 5


def stopping_of_the_sensor(chromium: Browser) -> tuple[str, str]:
    """The mutation that stops a sensor, and how the sensor stands."""
    [repository] = query(chromium, SENSORS)["data"]["repositoriesOrError"]["nodes"]
    state = next(sensor["sensorState"] for sensor in repository["sensors"] if sensor["name"] == "inbox_sensor")
    return f'mutation {{ stopSensor(id: "{state["id"]}") {{ __typename }} }}', state["status"]


def query(chromium: Browser, text: str) -> Any:
    """What the page's own script gets."""
    body = json.dumps(json.dumps({"query": text}))
    headers = "{'content-type': 'application/json'}"
    script = f"return (await fetch('/graphql', {{method: 'POST', headers: {headers}, body: {body}}})).json()"
    return chromium.run(script)
