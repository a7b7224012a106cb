"""docs/page.md: what it tells to click stands in its table, within the budget, and its pictures are there."""

import re

import pytest

from tests.browser.clicks import clicks_named
from tests.factories import PROJECT

DOCS = PROJECT / "docs"
BUDGETS = {
    "Why was a row dropped?": 3,
    "What stopped a delivery?": 3,
    "Why did a look do nothing?": 2,
    "Where does a delivered column come from?": 3,
}


@pytest.mark.parametrize("heading", BUDGETS)
def test_what_is_told_to_click_stands_in_the_table_and_within_the_budget(heading: str) -> None:
    clicks = clicks_named(heading)
    assert 0 < len(clicks) <= BUDGETS[heading]
    in_bold = ", ".join(f"**{words}**" for words in clicks)
    assert f"| {in_bold} | {len(clicks)} |" in (DOCS / "page.md").read_text("utf-8")


def test_every_picture_is_there_and_shown_once() -> None:
    shown = re.findall(r"\(pictures/([a-z-]+\.png)\)", (DOCS / "page.md").read_text("utf-8"))
    assert shown and len(set(shown)) == len(shown)
    for name in shown:
        assert 5_000 < (DOCS / "pictures" / name).stat().st_size < 300_000, name
