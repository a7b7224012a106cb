"""A person before the page, in Debian's Chromium: what they click, how often, and what they then see.

What belongs here: the browser, clicks that are counted, pictures. What must not: expectations of a story, or a server.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

from tests.browser.clicks import clicks_named
from tests.factories import PROJECT
from tests.patience import PATIENCE

CHROMIUM = Path("/usr/bin/chromium")
NEEDED = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed; make services does")
MOST, PAUSE, POLL = int(PATIENCE * 1_000), 10_000, 250
FRONT = "/assets/desk"
PICTURES = PROJECT / "docs" / "pictures"
WIDE, HIGH = 1500, 1000


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a screen, until the end of the block."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _typed_anew(field: Locator, words: str) -> None:
    """Puts words into a field in place of what stands there, as a person does who sees no answer."""
    field.click()
    field.fill("")
    field.fill(words)


@dataclass
class Reader:
    """One person with a session of their own, and how often they have clicked since the front page."""

    page: Page
    address: str
    clicks: int = 0

    @classmethod
    def signed_in(cls, browser: Browser, address: str, token: str) -> "Reader":
        """Who has opened the address that `samkorning up` prints. The windows of who came before are closed: pages that
        nobody looks at ask on and on.
        """
        for left in browser.contexts:
            left.close()
        page = browser.new_context(viewport={"width": WIDE, "height": HIGH}).new_page()
        page.set_default_timeout(MOST)
        page.goto(f"{address}/?token={token}", wait_until="commit")
        return cls(page, address)

    def at(self, path: str = FRONT) -> "Reader":
        """Before a page that was opened by its address; from here the clicks are counted."""
        self.page.goto(self.address + path, wait_until="commit")
        self.clicks = 0
        return self

    def clicks_on(self, words: str) -> "Reader":
        """One click on what says just these words."""
        self.page.get_by_text(words, exact=True).locator("visible=true").first.click()
        self.clicks += 1
        return self

    def follows(self, heading: str) -> "Reader":
        """Clicks what docs/page.md tells a reader to, in its order."""
        for words in clicks_named(heading):
            self.clicks_on(words)
        return self

    def launches(self, job: str, case: str, *lines: str) -> "Reader":
        """Opens the launchpad of a job, names the case and types what the form asks beside its defaults."""
        self.at(f"/locations/samkorning/jobs/{job}/playground").sees("Launch Run")
        field, found = self.page.get_by_placeholder("Partition"), self.page.get_by_role("menuitem", name=case).first
        self.waits(lambda: _typed_anew(field, case) or found.is_visible())  # the list comes after what was typed first
        found.click()
        if lines:
            self.page.locator(".cm-content, .CodeMirror").first.click()
            self.page.keyboard.press("Control+End")
            self.page.keyboard.type("      " + "\n".join(lines))  # the form indents what follows by itself
        return self

    def sees(self, *words: str) -> "Reader":
        """Whether all these words are in the page, sooner or later."""
        for word in words:
            expect(self.page.get_by_text(word).locator("visible=true").first).to_be_visible(timeout=MOST)
        return self

    def run_to_its_end(self, heading: str) -> "Reader":
        """Launches what stands in the launchpad, as docs/page.md says, and watches it."""
        self.sees("No errors")  # until then the button does nothing
        self.follows(heading)
        self._until_launched()
        ended = self.page.get_by_text("Success", exact=True).first  # its steps say STEP_SUCCESS sooner
        expect(ended).to_be_visible(timeout=MOST)
        return self

    def _until_launched(self) -> None:
        """Clicks once more where the button is still there: it does nothing while the form is looked at. What lies over
        the page after a launch that came to nothing is put away first.
        """
        button = self.page.get_by_text("Launch Run", exact=True).locator("visible=true").first
        for _ in range(MOST // PAUSE):
            with suppress(TimeoutError):
                return self.page.wait_for_url("**/runs/*", wait_until="commit", timeout=PAUSE)
            with suppress(TimeoutError):
                self.page.keyboard.press("Escape")
                if button.is_visible():
                    button.click(timeout=PAUSE)
        raise AssertionError("nothing is launched")

    def waits(self, holds: Callable[[], bool]) -> "Reader":
        """Until something holds outside the page; the case register may be a moment behind what the page says."""
        for _ in range(MOST // POLL):
            if holds():
                return self
            self.page.wait_for_timeout(POLL)
        raise AssertionError("it does not come to hold")

    def script(self, body: str) -> Any:
        """What a script in the page gives."""
        return self.page.evaluate(f"async () => {{ {body} }}")

    def within(self, budget: int) -> "Reader":
        """No more clicks than the story allows."""
        assert self.clicks <= budget, f"{self.clicks} clicks, and the story allows {budget}"
        return self

    def pictured(self, name: str, under: str | None = None) -> None:
        """With SAMKORNING_PICTURES=1 a picture for docs/, to be looked at before it is kept.

        :param under: words that are brought to the top of the picture.
        """
        if not os.environ.get("SAMKORNING_PICTURES"):
            return
        if under is not None:
            self.page.get_by_text(under, exact=True).first.evaluate("it => it.scrollIntoView({block: 'start'})")
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=PICTURES / f"{name}.png")
