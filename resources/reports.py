"""Reports to senders, put where they can be handed over.

What belongs here: writing the two files of a report. What must not: what it says (samkorning.register_files).
"""

import json
from pathlib import Path
from typing import Any

from samkorning.durable import overwrite
from samkorning.register_files.reports.sender_page import sender_page


def write_report(report: dict[str, Any], folder: Path) -> Path:
    """Writes the JSON object and the page of a report; gives the page's path. The same report again replaces itself."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = "_".join(part for part in (report["source"], report["day"], report["sha256"][:12]) if part)
    overwrite(folder / f"{name}.json", f"{json.dumps(report, ensure_ascii=False, indent=1)}\n".encode())
    page = folder / f"{name}.html"
    overwrite(page, sender_page(report).encode())
    return page
