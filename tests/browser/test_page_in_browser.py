"""What three readers ask of the page, in a real browser, each within a number of clicks; and that nobody else gets
anything from it. With SAMKORNING_PICTURES=1 the pictures of docs/page.md are made on the way.
"""

import http.server
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assets.shown.tables import UNBROKEN
from samkorning.case import EventKind
from tests.browser.reader import NEEDED, Reader
from tests.browser.served import DELIVERED, NEW, READY, STOPPED, Desk, a_desk

pytestmark = [pytest.mark.slow, pytest.mark.services, NEEDED]

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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    before = dict(os.environ)
    with a_desk(tmp_path_factory.mktemp("browser")) as desk:
        yield desk
    os.environ.clear()
    os.environ.update(before)


def test_an_engineer_finds_why_a_row_was_dropped(desk: Desk) -> None:
    """From the front page in three clicks."""
    engineer = desk.person().at().sees("Start here", "waits_for_a_person")
    engineer.pictured("page-desk")
    engineer.follows("Why was a row dropped?")
    engineer.sees("dropped: unknown person", "rows_linked").within(3)
    engineer.pictured("page-linked", under="rows_in")


def test_an_engineer_reads_what_stopped_a_delivery_and_the_remedy(desk: Desk) -> None:
    """From the front page, which names case and check, in three clicks."""
    engineer = desk.person().at().sees(in_a_table(STOPPED), "linkage_rate stopped the delivery")
    engineer.follows("What stopped a delivery?")
    engineer.sees("Remedy: fewer rows linked than the specification says", "of diabetes 93.8% linked").within(3)
    engineer.pictured("page-check")


def test_an_operator_sees_what_is_due_and_why_a_look_did_nothing(desk: Desk) -> None:
    """The first on the front page, the second in two clicks."""
    operator = desk.person().at().sees("due_this_week", "first action (R26)")
    operator.follows("Why did a look do nothing?")
    operator.sees("looked at the inbox: it is empty; asked for nothing").within(2)
    operator.pictured("page-look")


def test_an_analyst_follows_a_delivered_column_to_its_holder(desk: Desk) -> None:
    """In three clicks, on the page to be read: the holder's file and column stand in the last place of the table."""
    analyst = desk.analyst().at().sees("Start here")
    analyst.follows("Where does a delivered column come from?")
    row = analyst.page.get_by_role("row").filter(has=analyst.page.get_by_text("diabetes.HbA1c", exact=True)).last
    row.wait_for()
    assert "from_quality_register: diabetes.HbA1c" in row.inner_text(), row.inner_text()
    analyst.within(3)
    analyst.pictured("page-columns")


def test_the_page_to_be_read_refuses_every_change(desk: Desk) -> None:
    """There is no way to a launchpad, and a request past the page's own buttons is refused."""
    analyst = desk.analyst().at("/locations/samkorning/jobs/case_assign/playground").sees("Gives a case to an officer")
    assert analyst.page.get_by_text("Launch Run").count() == 0
    answer = query(analyst, "mutation { launchRun(executionParams: {selector: {}}) { __typename } }")
    assert answer["errors"][0]["message"].startswith("this change is not done from the page")


def test_an_act_is_launched_and_the_case_shows_it(desk: Desk) -> None:
    """A preview would say what would happen; then the act is taken, and the front of the case has the next one."""
    officer = desk.person()
    officer.launches("enquiry_review_first", NEW, "note: complete as it is", "acting: Olle")
    officer.pictured("page-act")
    officer.run_to_its_end("An act")
    officer.waits(lambda: desk.office.desk.case(NEW).last(EventKind.REVIEWED_FIRST) is not None)
    officer.at(f"/assets/case?view=partitions&partition={NEW}").sees("next_act", "ledger")
    officer.pictured("page-case", under="state")


def test_an_engineer_launches_a_delivery_and_watches_it_to_its_end(desk: Desk) -> None:
    """From the launchpad of the job in one click; the run says what it made, and the case that nothing more is due."""
    engineer = desk.person()
    engineer.launches("deliver", READY).run_to_its_end("A delivery, watched")
    engineer.sees("linked_own_register", "serial_numbers_in_code_key", "delivery").within(1)
    engineer.pictured("page-run")
    made = desk.office.desk.case(READY).of(EventKind.DELIVERED)
    assert [event.detail["delivery"] for event in made] == ["L001"]
    engineer.at(f"/assets/case?view=partitions&partition={READY}").sees("packages", "L001")
    engineer.at("/assets/case").sees("packages", "L001")
    engineer.pictured("page-case-overview", under="state")
    engineer.at("/asset-groups").sees("intake", "persons", "linkage", "retention")
    engineer.pictured("page-river")


def test_the_page_lives_with_its_headers_and_gives_others_nothing(desk: Desk) -> None:
    page = desk.browser.new_context().new_page()
    stranger = Reader(page, desk.page.address)
    stranger.at("/").sees("This page opens with the address that `samkorning up` prints.")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{desk.page.address}/?token={desk.page.token}", wait_until="commit")
    assert page.url.startswith(desk.page.address) and desk.page.token not in page.url
    assert stranger.script("return document.cookie") == ""
    stranger.at("/assets/delivery?view=lineage").sees("delivery_contents")
    stranger.at("/runs").sees("deliver", DELIVERED)
    assert not [text for text in said if "Security Policy" in text or "Refused" in text]
    gives_others_nothing(stranger, stopping_of_the_sensor(stranger)[0])
    starts_what_it_may(stranger.at())


def in_a_table(case: str) -> str:
    """A case number as it stands there, where it never breaks over two lines."""
    return case.replace("-", UNBROKEN)


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


def starts_what_it_may(person: Reader) -> None:
    """The page's own script may change what is on the list, and is told what is not."""
    act, status = stopping_of_the_sensor(person)
    assert status == "RUNNING", "nothing of what was tried elsewhere was carried out"

    def stopped() -> bool:  # a look that was under way enters how the sensor stood when it began
        assert query(person, act)["data"]["stopSensor"]["__typename"] == "StopSensorMutationResult"
        return stopping_of_the_sensor(person)[1] == "STOPPED"

    person.waits(stopped)
    refused = query(person, 'mutation { deleteRun(runId: "x") { __typename } }')
    assert refused["errors"][0]["message"].startswith("`deleteRun` is not done from the page; what has been stays")


def gives_others_nothing(person: Reader, act: str) -> None:
    """A page of the same host at another port, whose requests carry even strict cookies, and one of another host."""
    with elsewhere() as stranger:
        for name in (stranger, stranger.replace("127.0.0.1", "localhost")):
            person.page.goto(name)
            assert person.script(ATTACK % json.dumps([person.address, act])) == ["refused"] * 5


def stopping_of_the_sensor(person: Reader) -> tuple[str, str]:
    """The mutation that stops a sensor, and how the sensor stands."""
    [repository] = query(person, SENSORS)["data"]["repositoriesOrError"]["nodes"]
    state = next(sensor["sensorState"] for sensor in repository["sensors"] if sensor["name"] == "inbox_sensor")
    return f'mutation {{ stopSensor(id: "{state["id"]}") {{ __typename }} }}', state["status"]


def query(person: Reader, text: str) -> Any:
    """What the page's own script gets."""
    body = json.dumps(json.dumps({"query": text}))
    headers = "{'content-type': 'application/json'}"
    return person.script(
        f"return (await fetch('/graphql', {{method: 'POST', headers: {headers}, body: {body}}})).json()"
    )
