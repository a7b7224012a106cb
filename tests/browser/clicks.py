"""What the pages for readers in docs/ tell them to click.

What belongs here: reading those pages. What must not: a browser.
"""

import re

from tests.factories import PROJECT


def clicks_named(page: str, heading: str) -> list[str]:
    """The words in bold that follow the first "click" below a heading."""
    text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    named = re.search(r"[Cc]lick ((?:\*\*[^*]+\*\*(?:, )?)+)", section)
    assert named, heading
    return re.findall(r"\*\*(.+?)\*\*", named[1])
