"""The keystore's small JSON documents: a format marker, hexadecimal fields, and one exception for any wrong byte."""

import json
import re
from pathlib import Path
from typing import Any

from samkorning.encryption.primitives import NotAuthentic, derive, joined, mac, same, unwrap
from samkorning.errors import KeystoreRefused

HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})*")


class Document:
    """One document read from the keystore. Field access refuses what the service would not have written."""

    def __init__(self, path: Path, fields: dict[str, Any]) -> None:
        self.path, self.fields = path, fields

    def text(self, field: str) -> str:
        """A field that is text."""
        value = self.fields.get(field)
        if not isinstance(value, str):
            raise damaged(self.path)
        return value

    def number(self, field: str) -> int:
        """A field that is a whole number."""
        value = self.fields.get(field)
        if not isinstance(value, int):
            raise damaged(self.path)
        return value

    def data(self, field: str) -> bytes:
        """A field that is bytes, written in lower-case hexadecimal."""
        text = self.text(field)
        if not HEXADECIMAL.fullmatch(text):
            raise damaged(self.path)
        return bytes.fromhex(text)


def wrapped_under(document: Document, field: str, wrapping: bytes) -> bytes:
    """Give the secret in a field, if this encryption key wrapped it."""
    try:
        return unwrap(wrapping, document.data(field))
    except NotAuthentic:
        pass
    raise KeystoreRefused(f"{document.path}: does not open; check the passphrase, or restore the keystore")


def written(marker: str, fields: dict[str, str | int]) -> bytes:
    """Give the bytes of a document of this format."""
    return json.dumps({"format": marker, **fields}).encode()


def read(path: Path, marker: str) -> Document:
    """Read a document of this format; KeystoreRefused if it is missing or of another format."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeystoreRefused(f"{path}: is missing; it was destroyed, or the keystore must be restored") from None
    return parsed(path, content, marker)


def parsed(path: Path, content: bytes, marker: str) -> Document:
    """See bytes as a document of this format; every byte must be as the service writes it."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        raise damaged(path) from None
    if not isinstance(fields, dict) or fields.get("format") != marker or json.dumps(fields).encode() != content:
        raise damaged(path)
    return Document(path, {name: value for name, value in fields.items() if name != "format"})


def binding(secret: bytes, *labels: str) -> bytes:
    """Tie a secret to what it is for, so that two wrapped secrets cannot change places."""
    return mac(derive(secret, "binding"), joined(*labels))


def require_binding(document: Document, secret: bytes, *labels: str) -> bytes:
    """Give the secret back if the document says it is for these labels."""
    if not same(document.data("binding"), binding(secret, *labels)):
        raise damaged(document.path)
    return secret


def damaged(path: Path) -> KeystoreRefused:
    """The refusal of a document that the service did not write."""
    return KeystoreRefused(f"{path}: is not what the service wrote there; restore the keystore")
