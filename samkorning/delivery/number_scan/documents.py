"""Documents as lines of text: what people and programs write that is no table.

What belongs here: getting at the text of a document, and numbers that a line end cuts in two. What must not: tables
(samkorning.register_files), or looking for numbers.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath

MARKUP = (".html", ".htm", ".xml", ".svg", ".xhtml")
ESCAPING = (".json", ".jsonld", ".ttl", ".r")
"""What writes some characters of a text by their code points, or as backslash and letter."""
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([nrt]))")
_TAG = re.compile(r"<[^>]*>")
_CELLS = "si|c|row|p|li|td|th|tr|div|h[1-6]|title|comment"  # elements that end what a reader sees as one text
_END_OF_CELL = re.compile(rf"</(?:\w+:)?(?:{_CELLS})>|<(?:\w+:)?(?:br|tab)\b[^>]*>")
_OFFICE_CHARACTER = re.compile("_x([0-9A-F]{4})_")  # how workbooks write what XML cannot
_TAIL, _HEAD = re.compile(r"[^A-Za-z]{1,24}$"), re.compile(r"^[^A-Za-z]{1,24}")
_FEWEST, _WHOLE = 9, 10  # digits: fewer together are no number, as many on one line are seen there
_MOST_BYTES = 500_000_000
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def texts_of(name: str, content: bytes) -> dict[str, str] | None:
    """The texts of a document by the name of the part they stand in, ``""`` for a document in one part.

    Office documents are taken apart with hidden sheets, comments and properties. None where it is no text.
    """
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _parts(content)
    if _NO_TEXT.search(content[:100_000]) and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    text = decoded(content)
    ending = PurePath(name).suffix.lower()
    if ending in ESCAPING:
        text = f"{text}\n{_ESCAPED.sub(_unescaped, text)}"
    return {"": without_tags(text) if ending in MARKUP else text}


def decoded(content: bytes) -> str:
    """Bytes as text: by byte order mark, as UTF-8, or letter by letter."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _unescaped(found: re.Match[str]) -> str:
    """The character that an escape stands for; half of a pair is none."""
    if found[3]:
        return {"n": "\n", "r": "\r", "t": "\t"}[found[3]]
    point = int(found[1] or found[2], 16)
    return chr(point) if point < 0xD800 or 0xE000 <= point <= 0x10FFFF else " "


def without_tags(text: str) -> str:
    """Markup with its texts joined as a reader sees them, behind what stands in the tags themselves."""
    read = html.unescape(_TAG.sub("", _END_OF_CELL.sub("\n", text)))
    read = _OFFICE_CHARACTER.sub(lambda found: chr(int(found[1], 16)), read)
    return f"{read}\n{' '.join(_TAG.findall(text))}"


def over_line_ends(lines: list[str]) -> Iterator[str]:
    """For every line, the digits at its end with those that the next one begins with, or nothing."""
    for first, second in pairwise([*lines, ""]):
        tail, head = _TAIL.search(first), _HEAD.search(second)
        cut = f"{tail[0]}\n{head[0]}" if tail and head else ""
        parts = [sum(map(str.isdigit, part)) for part in cut.split("\n")]
        yield cut if sum(parts) >= _FEWEST and max(parts) < _WHOLE else ""


def _parts(content: bytes) -> dict[str, str] | None:
    """The texts inside an office document, or another archive of texts; None where a part is none, or is too large."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if sum(member.file_size for member in members) > _MOST_BYTES:
            return None
        texts: dict[str, str] = {}
        for member in members:
            inner = archive.read(member)
            found = texts_of(member.filename, inner) if not zipfile.is_zipfile(io.BytesIO(inner)) else None
            if found is None:
                return None
            texts[member.filename] = found[""]
    return texts
