#!/usr/bin/env python3
"""Check that a delivery is whole. Kontrollera att en utlämning är hel.

Run ``python3 verify.py`` in the delivery's folder, or give the folder as argument. It recomputes every file's SHA-256,
size and number of rows and compares them with manifest.json; it looks for missing and extra files. The signature is
checked if the Python package ``cryptography`` is installed. Exit code: 0 whole, 1 not whole, 2 no manifest here.

This one file needs only the standard library, since it travels with every delivery and is run where nothing else of
the service is installed. What must not be here: any import of the service, any syntax newer than Python 3.8.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

CHUNK = 1 << 20
UNLISTED = {"manifest.json", "manifest.json.sig", "manifest.json.minisig", "manifest.json.sshsig"}


class RowCounter:
    """Counts data rows of a CSV file piece by piece; a line break inside quotes is part of a value."""

    def __init__(self) -> None:
        self._inside_quotes = False
        self._line_breaks = 0

    def update(self, chunk: bytes) -> None:
        """Count on in the next piece of the file."""
        for number, part in enumerate(chunk.split(b'"')):
            if number:
                self._inside_quotes = not self._inside_quotes
            if not self._inside_quotes:
                self._line_breaks += part.count(b"\n")

    @property
    def rows(self) -> int:
        """Rows so far, without the header."""
        return max(self._line_breaks - 1, 0)


def facts_of(path: Path) -> dict[str, Any]:
    """A file's hash, size and rows, as the manifest tells them."""
    digest, size, counter = hashlib.sha256(), 0, RowCounter()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
            counter.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size, "rows": counter.rows}


def files_in(folder: Path) -> dict[str, Path]:
    """Every file below the folder by its place, with å ä ö written as the manifest writes them."""
    found = (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    return {unicodedata.normalize("NFC", path.relative_to(folder).as_posix()): path for path in found}


def file_problems(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """What of the folder is not as the manifest says."""
    entries = {entry["name"]: entry for entry in manifest["files"] + manifest["documents"]}
    found = files_in(folder)
    problems = ["extra file: " + name for name in sorted(found.keys() - entries.keys() - UNLISTED)]
    problems += ["missing file: " + name for name in sorted(entries.keys() - found.keys())]
    for name in sorted(entries.keys() & found.keys()):
        facts = facts_of(found[name])
        for what in sorted(facts.keys() & entries[name].keys()):
            if facts[what] != entries[name][what]:
                problems.append(name + ": " + what + " is not what the manifest says")
    return problems


def signature_problems(folder: Path) -> list[str] | None:
    """Whether the signature fits the manifest and the signing key here; None if that cannot be checked."""
    try:
        serialization = importlib.import_module("cryptography.hazmat.primitives.serialization")
        exceptions = importlib.import_module("cryptography.exceptions")
    except ImportError:
        return None
    manifest, signature = (folder / "manifest.json").read_bytes(), (folder / "manifest.json.sig").read_bytes()
    try:
        public_key = serialization.load_pem_public_key((folder / "signing_public_key.pem").read_bytes())
        public_key.verify(signature, manifest)
    except (exceptions.InvalidSignature, ValueError):
        return ["manifest.json.sig: the signature does not fit"]
    return []


def signing_key_text(folder: Path) -> str:
    """The public signing key that came with the delivery, as base64 of its 32 bytes."""
    lines = (folder / "signing_public_key.pem").read_text("ascii").split("\n")
    inner = "".join(line for line in lines if line and not line.startswith("-----"))
    return base64.b64encode(base64.b64decode(inner)[-32:]).decode("ascii")


def check(folder: Path) -> int:
    """Print what was found and return the exit code."""
    say = sys.stdout.write
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes().decode("utf-8"))
        problems = file_problems(folder, manifest)
        from_signature = signature_problems(folder)
        signer = signing_key_text(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        say("NOT WHOLE / INTE HEL: the delivery cannot be read (" + type(error).__name__ + ")\n")
        return 1 if (folder / "manifest.json").exists() else 2
    problems += from_signature or []
    for problem in problems:
        say("- " + problem + "\n")
    if from_signature is None:
        say("Signature not checked: it needs the Python package cryptography. README.md tells how openssl checks it.\n")
    else:
        say("Signed with (compare with the published key): " + signer + "\n")
    name = str(manifest.get("case")) + " " + str(manifest.get("delivery"))
    say(("NOT WHOLE / INTE HEL: " if problems else "WHOLE / HEL: ") + name + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(check(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
