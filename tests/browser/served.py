"""A home in which there is something to see, and its page, for all stories of the browser.

What belongs here: the cases that stories are about, and serving them twice. What must not: stories.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from assets.front_page import report_desk
from pipelines.instance import dagster_instance
from samkorning.errors import CheckFailed
from tests.browser.reader import Reader, a_browser
from tests.office import Office
from tests.patience import PATIENCE

DELIVERED, STOPPED, NEW, READY = "36759-2021", "2-2026", "3-2026", "4-2026"
LOADED = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
TOO_MUCH = ("      holder: Exempelregistret", "      holder: Exempelregistret\n      linked_share_at_least: 1.0")


@dataclass(frozen=True)
class Served:
    """One page: its address and its token."""

    address: str
    token: str

    def ask(self, asked: dict[str, Any]) -> Any:
        """What the service answers to a query and its variables."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/graphql", json.dumps(asked).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read())

    def has_loaded(self) -> bool:
        """Whether it shows the definitions; a page that is opened before shows none of them until it is opened anew."""
        with suppress(OSError):
            return bool(self.ask({"query": LOADED})["data"]["repositoriesOrError"].get("nodes"))
        return False


@dataclass(frozen=True)
class Desk:
    """The home, the page, the page to be read, and a browser."""

    office: Office
    page: Served
    read: Served
    browser: Browser

    def person(self) -> Reader:
        """Somebody who works on cases, signed in."""
        return Reader.signed_in(self.browser, self.page.address, self.page.token)

    def analyst(self) -> Reader:
        """Somebody who reads."""
        return Reader.signed_in(self.browser, self.read.address, self.read.token)


def fill(office: Office) -> None:
    """Cases: one has delivered and awaits a region's file, one was stopped by a check, one is new, one is ready."""
    office.deliver(office.ready_case(number=DELIVERED))
    office.ready_case(TOO_MUCH, number=STOPPED)
    with suppress(CheckFailed):
        office.deliver(STOPPED)
    office.open_case(number=NEW)
    office.ready_case(number=READY)
    with dagster_instance(office.desk) as instance:
        report_desk(office.desk, instance, 10)


@contextmanager
def serving(office: Office, *options: str) -> Iterator[Served]:
    """``samkorning up`` on a free port, as soon as it shows what there is."""
    command = [
        sys.executable,
        "-m",
        "cli",
        "--home",
        str(office.desk.home.root),
        "--json",
        "up",
        "--port",
        "0",
        *options,
    ]
    with (office.folder / "up.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=dict(os.environ))
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        served = Served(said["address"], Path(said["token_file"]).read_text().strip())
        while not served.has_loaded():
            assert process.poll() is None, (office.folder / "up.log").read_text()
            time.sleep(0.2)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        process.stdout.close()


@contextmanager
def a_desk(folder: Path) -> Iterator[Desk]:
    """All of it, until the end of the block."""
    office = Office(folder)
    fill(office)
    with ExitStack() as stack:
        page = stack.enter_context(serving(office))
        read = stack.enter_context(serving(office, "--read-only"))
        yield Desk(office, page, read, stack.enter_context(a_browser()))
    office.desk.cases.close()
