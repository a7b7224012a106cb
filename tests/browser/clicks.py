"""What docs/page.md tells its readers to click.

What belongs here: reading that page. What must not: a browser.
"""

import re

from tests.factories import PROJECT


def clicks_named(heading: str) -> list[str]:
    """The words in bold that follow the first "click" below a heading."""
    text = (PROJECT / "docs" / "page.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    named = re.search(r"[Cc]lick ((?:\*\*[^*]+\*\*(?:, )?)+)", section)
    assert named, heading
    return re.findall(r"\*\*(.+?)\*\*", named[1])
