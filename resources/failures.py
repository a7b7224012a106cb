"""The protected log of unexpected failures: what class, and where in the code. No text of an error is kept.

What belongs here: writing a failure down under a reference. What must not: messages, local variables or source lines of
the data's own text: an error's text can quote a row.
"""

import json
import os
import secrets
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samkorning.durable import overwrite

PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class FailureLog:
    """One file of JSON lines, readable by the service's account alone."""

    path: Path

    def reference(self, error: BaseException, place: str, at: datetime) -> str:
        """How a failure is shown: by its reference here, or by its class alone where this log cannot be written."""
        try:
            return f"reference {self.record(error, place, at)} in {self.path}"
        except OSError:
            return f"{type(error).__name__}; {self.path} cannot be written"

    def record(self, error: BaseException, place: str, at: datetime) -> str:
        """Writes a failure down and gives the reference that leads to it."""
        reference = secrets.token_hex(4)
        entry = {
            "reference": reference,
            "at": at.isoformat(timespec="seconds"),
            "place": place,
            "class": f"{type(error).__module__}.{type(error).__qualname__}",
            "frames": [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ],
        }
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
        with os.fdopen(descriptor, "a") as file:
            file.write(json.dumps(entry) + "\n")
        return reference

    def forget(self, before: datetime) -> int:
        """Removes what was written down before a moment; how many lines."""
        if not self.path.exists():
            return 0
        lines = self.path.read_text().splitlines(keepends=True)
        kept = [line for line in lines if not _is_before(line, before)]
        if len(kept) < len(lines):
            overwrite(self.path, "".join(kept).encode())
        return len(lines) - len(kept)


def _is_before(line: str, moment: datetime) -> bool:
    """A line that cannot be read stays."""
    try:
        return datetime.fromisoformat(json.loads(line)["at"]) < moment
    except (ValueError, KeyError, TypeError):
        return False
