"""A real browser, driven over the protocol that Debian's chromium-driver speaks.

What belongs here: opening addresses and reading what a person would see. What must not: expectations.
"""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 300.0
QUIET = ("background-networking", "component-update", "gpu", "quic", "sync")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--window-size=1400,1000",
    *(f"--disable-{it}" for it in QUIET),
]


@dataclass(frozen=True)
class Browser:
    """One session of Chromium with a profile of its own."""

    address: str

    def open(self, page: str) -> None:
        self._ask("/url", {"url": page})

    @property
    def url(self) -> str:
        return str(self._ask("/url"))

    def run(self, script: str) -> Any:
        """What a script in the page gives; a promise is awaited."""
        body = f"const tell = arguments[0]; (async () => {{ {script} }})().then(tell, (error) => tell(String(error)))"
        return self._ask("/execute/async", {"script": body, "args": []})

    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def shows(self, *words: str) -> bool:
        """Whether a person sees all these words in the end."""
        end = time.monotonic() + PATIENCE
        while not all(word in (seen := self.text()) for word in words):
            if time.monotonic() > end:
                raise AssertionError(f"{words} are not all in: {seen[:2000]}")
            time.sleep(0.3)
        return True

    def cookies(self) -> list[dict[str, Any]]:
        return list(self._ask("/cookie"))

    def complaints(self) -> list[str]:
        """What the browser wrote to its console since the last time."""
        return [str(entry["message"]) for entry in self._ask("/se/log", {"type": "browser"})]

    def _ask(self, command: str, body: dict[str, Any] | None = None) -> Any:
        return ask(self.address + command, body)


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Chromium, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen(["chromedriver", f"--port={port}", "--silent"])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: ask(f"{address}/status")["ready"])
        chrome = {"args": [*OPTIONS, f"--user-data-dir={profile}"], "binary": "/usr/bin/chromium"}
        wanted = {"goog:chromeOptions": chrome, "goog:loggingPrefs": {"browser": "ALL"}}
        made = ask(f"{address}/session", {"capabilities": {"alwaysMatch": wanted}})
        session = f"{address}/session/{made['sessionId']}"
        ask(f"{session}/timeouts", {"script": 300_000})
        try:
            yield Browser(session)
        finally:
            urllib.request.urlopen(urllib.request.Request(session, method="DELETE"), timeout=PATIENCE).close()
    finally:
        driver.terminate()
        driver.wait(timeout=PATIENCE)


def ask(address: str, body: dict[str, Any] | None = None) -> Any:
    """One command to the driver, which is a web server."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data), timeout=PATIENCE) as response:
        return json.loads(response.read())["value"]


def _wait(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < end, "the browser's driver did not come up"
        time.sleep(0.1)
