"""Number-shaped text in what is stored or said, whoever's it is.

What belongs here: taking it out of messages and names of files. What must not: cells of incoming files (cells), or the
scan of what leaves, which knows the case's own numbers (samkorning.delivery.number_scan).
"""

import re
import unicodedata
from pathlib import Path

from samkorning.errors import NotFound
from samkorning.identity.free_text import REDACTED, without_numbers

_DAY = "(?:19|2[0-2])?[0-9]{2}(?:0[0-9]|1[0-2])(?:0[1-9]|[1-2][0-9]|3[0-1]|[67][0-9]|8[0-9]|9[0-1])"
NUMBER_SHAPED = f"(?:{_DAY}[-+ ]?[0-9]{{4}})"
"""Ten or twelve digits that could be an identity number: month 00-12, day 01-31, or 60-91 for coordination numbers."""

_IN_NAME = re.compile(f"(?<![0-9]){_DAY}[-+ _.]?[0-9]{{3}}[0-9X](?![0-9])", re.IGNORECASE)
_IN_TEXT = re.compile(rf"(?<![0-9A-Za-z.]){NUMBER_SHAPED}(?![0-9A-Za-z]|\.[0-9])")


def redact_numbers(text: str) -> str:
    """The text with everything that has the shape of an identity number replaced."""
    return _IN_TEXT.sub(REDACTED, text)


def redact_file_name(name: str) -> str:
    """The name of a file or folder without a number that somebody named it after; letters may stand close to it."""
    return _IN_NAME.sub(REDACTED, without_numbers(readable_name(name)))


def no_file(path: Path) -> NotFound:
    """That no such file is there; somebody may have typed a number in the place of its name."""
    return NotFound(f"no file {redact_file_name(path.name)} there")


def readable_name(name: str) -> str:
    """The name with ``\ufffd`` for bytes that are no characters, and for line ends and other controls.

    A name can be any bytes, and a database, a log or a page cannot.
    """
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c for c in readable)
