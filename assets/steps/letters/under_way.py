"""What is known of a letter while it is handed to a mail server: written beside its files, until its event is recorded.

What belongs here: the note and its two states. What must not: what is done about it (sending).
"""

import json
from pathlib import Path
from typing import Any

from samkorning.durable import overwrite

NOTE = "under_way.json"
ASKED, TAKEN = "handed to the mail server", "taken by the mail server"


def note(folder: Path, state: str, at: str, message: str, sending: dict[str, Any]) -> None:
    """Writes down how far a letter has come, to survive a crash."""
    said = {"state": state, "at": at, "message": message, "sending": sending}
    overwrite(folder / NOTE, json.dumps(said, ensure_ascii=False, indent=1).encode())


def noted(folder: Path) -> dict[str, Any] | None:
    """What an interrupted sending left; nothing where none was."""
    path = folder / NOTE
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found


def forget(folder: Path) -> None:
    """Nothing is under way: the letter was certainly not taken, or its event is recorded."""
    (folder / NOTE).unlink(missing_ok=True)
