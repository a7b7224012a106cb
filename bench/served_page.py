"""What a person waits for in the page with thousands of cases: the real service, asked what the page itself asks.

``python bench/served_page.py [--cases 2000]`` makes a home as bench/page.py does, with what Dagster remembers of each
case's nodes and checks, and serves it (`samkorning up --read-only`). Debian's Chromium opens three pages and notes what
each asks of the service; then the same is asked again from here, one after another, as often as a row says. The
quickest of ten counts, or of three openings: what is warm. It prints a table and ends with 1 if a limit is broken.

- The query by which the page draws the graph: at most 0.05 s. That of how all its nodes stand is told beside it.
- The front page, and one case under Partitions of `case`: 1 s until a person can read it; and in a second row what its
  questions take the service, without a browser.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import report, seconds, show
from page import DELIVERED, MOST_AT_ONCE, cases_like, prototypes
from playwright.sync_api import Browser, Request

from assets.front_page import report_desk
from pipelines.instance import dagster_instance
from samkorning.vault.hygiene import protect_process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser.reader import CHROMIUM, Reader, a_browser
from tests.browser.served import Served, serving
from tests.office import Office

OPENINGS, TIMES, SETTLED = 3, 10, 1_500
GRAPH, NODES, STANDING = "/asset-groups", "LocationWorkspaceAssetsQuery", "AssetGraphLiveQuery"
FRONT, CASE = "/assets/desk", f"/assets/case?view=partitions&partition={DELIVERED}"
COPIED = {"event_logs": "event", "asset_check_executions": "evaluation_event"}
"""Dagster's tables that have a row for each case and node, and the column in which the case stands once more."""


@dataclass
class Opened:
    """A page as it was opened: how long until it could be read, and what it asked."""

    seconds: float
    asked: list[dict[str, Any]]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=2_000)
    count = options.parse_args().cases
    protect_process()
    if not CHROMIUM.exists():
        print("chromium is not installed; make services does")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), persons=600)
        prototypes(office)
        with dagster_instance(office.desk) as instance:
            numbers = cases_like(office, instance, count)
            remember(office, numbers)
            report_desk(office.desk, instance, MOST_AT_ONCE)
        with serving(office, "--read-only") as served, a_browser() as browser:
            holds = list(measured(served, browser, count))
    return 0 if all(holds) else 1


def measured(served: Served, browser: Browser, count: int) -> Iterator[bool]:
    graph = opened(served, browser, GRAPH, "retention")
    front = opened(served, browser, FRONT, "waits_for_a_person")
    case = opened(served, browser, CASE, "next_act")
    [query] = [each for each in graph.asked if each["operationName"] == NODES]
    taken = quickest(served, query)
    yield report("the graph's query, warm", taken, 0.05, "s", taken <= 0.05)
    [standing] = [each for each in case.asked if each["operationName"] == STANDING]
    every = {"assetKeys": [{"path": path} for path in nodes(served)]}
    show(f"how all nodes stand, {count} cases", quickest(served, {**standing, "variables": every}), "s")
    for name, page in (("the front page", front), (f"one case of {count}", case)):
        yield report(f"{name}, until it can be read", page.seconds, 1, "s", page.seconds <= 1)
        show(f"{name}: {len(page.asked)} questions of it", sum(quickest(served, each) for each in page.asked), "s")


def opened(served: Served, browser: Browser, path: str, words: str) -> Opened:
    """A page: what it asks of a browser that was never there, and the quickest of some openings after that."""
    reader = Reader.signed_in(browser, served.address, served.token)
    asked: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if "/graphql" in request.url and request.post_data:
            asked.append(json.loads(request.post_data))

    reader.page.on("request", note)
    taken = [seconds(lambda: reader.at(path).sees(words))]
    reader.page.wait_for_timeout(SETTLED)
    reader.page.remove_listener("request", note)
    taken += [seconds(lambda: reader.at(path).sees(words)) for _ in range(OPENINGS)]
    reader.page.context.close()
    return Opened(min(taken), asked)


def nodes(served: Served) -> list[list[str]]:
    answer = served.ask({"query": "{ assetNodes { assetKey { path } } }"})
    return [node["assetKey"]["path"] for node in answer["data"]["assetNodes"]]


def quickest(served: Served, asked: dict[str, Any]) -> float:
    assert "errors" not in served.ask(asked)
    return min(seconds(lambda: served.ask(asked)) for _ in range(TIMES))


def remember(office: Office, numbers: list[str]) -> None:
    """What Dagster keeps of the delivered case, once more for every other one."""
    others = [(number, f'"{number}"') for number in numbers if number != DELIVERED]
    [index] = office.desk.home.dagster.rglob("index.db")
    with sqlite3.connect(index) as database:
        for table, text in COPIED.items():
            every = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            columns = ", ".join(sorted(every - {"id", "partition", text}))
            again = f"replace({text}, '\"{DELIVERED}\"', ?)"
            database.execute(
                f"CREATE TEMP TABLE like_{table} AS SELECT * FROM {table} WHERE partition = ?", (DELIVERED,)
            )
            copied = f"SELECT ?, {again}, {columns} FROM like_{table}"
            database.executemany(f"INSERT INTO {table} (partition, {text}, {columns}) {copied}", others)


if __name__ == "__main__":
    sys.exit(main())
