"""The pages of docs for the three readers: what they tell to click stands in the table, and pictures are there."""

import re

import pytest

from tests.browser.clicks import clicks_named
from tests.factories import PROJECT

DOCS = PROJECT / "docs"
READERS = ["for-engineers.md", "for-operators.md", "for-analysts.md"]
BUDGETS = {
    ("for-engineers.md", "Why was a row dropped?"): 3,
    ("for-engineers.md", "What stopped a delivery?"): 3,
    ("for-operators.md", "Why did a look do nothing?"): 2,
    ("for-analysts.md", "Where does a delivered column come from?"): 3,
}


@pytest.mark.parametrize(("page", "heading"), BUDGETS)
def test_what_is_told_to_click_stands_in_the_table_and_within_the_budget(page: str, heading: str) -> None:
    clicks = clicks_named(page, heading)
    assert 0 < len(clicks) <= BUDGETS[page, heading]
    in_bold = ", ".join(f"**{words}**" for words in clicks)
    assert f"| {in_bold} | {len(clicks)} |" in (DOCS / "page.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["page.md", *READERS])
def test_every_picture_is_there_and_shown(page: str) -> None:
    shown = re.findall(r"\(pictures/([a-z-]+\.png)\)", (DOCS / page).read_text("utf-8"))
    assert shown
    for name in shown:
        assert 5_000 < (DOCS / "pictures" / name).stat().st_size < 300_000, name
