"""Checksums that a sender puts beside a file, as the usual programs write them.

What belongs here: which digest a companion holds for a file, and whether the file's bytes give it. What must not: what
becomes of the file then (wholeness). A checksum shows that all of a file has come; it does not prove who sent it.
"""

import hashlib
import re
from pathlib import Path

ALGORITHMS = {".sha256": "sha256", ".sha512": "sha512", ".md5": "md5"}
"""The ending of a companion's name, behind the whole name of the file, and what its digest is made with."""
MOST_BYTES = 64 * 1024
_DIGITS = {"sha256": 64, "sha512": 128, "md5": 32}


def fits_checksum(path: Path, companion: Path) -> bool:
    """Whether the bytes of a file give the digest that its companion holds for it; false where it holds none."""
    algorithm = ALGORITHMS[companion.suffix]
    stated = stated_digest(companion, path.name)
    return stated is not None and stated == _digest(path, algorithm)


def stated_digest(companion: Path, name: str) -> str | None:
    """The digest in hex that a companion holds for the file of that name; nothing where none or several could be meant.

    ``DIGEST``, ``DIGEST  NAME``, ``DIGEST *NAME`` and ``SHA256 (NAME) = DIGEST``, one a line; a name may have a folder
    before it. A single digest counts whatever name stands by it, because the companion's own name says whose it is.
    """
    digest = re.compile(rf"\b[0-9a-f]{{{_DIGITS[ALGORITHMS[companion.suffix]]}}}\b")
    found = [(match.group(), line) for line in _lines(companion) for match in digest.finditer(line.lower())]
    named = {each for each, line in found if _names(line, name)}
    stated = named or {each for each, _ in found}
    return stated.pop() if len(stated) == 1 else None


def _names(line: str, name: str) -> bool:
    """Whether a line speaks of the file, with or without a folder before its name."""
    return re.search(rf"(?:^|[\s*(/\\]){re.escape(name)}(?:$|\)|\s)", line, re.IGNORECASE) is not None


def _lines(companion: Path) -> list[str]:
    """The lines of a companion; Windows writes them in UTF-16."""
    with companion.open("rb") as stream:
        content = stream.read(MOST_BYTES)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if wide else "utf-8-sig", "replace").splitlines()


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
