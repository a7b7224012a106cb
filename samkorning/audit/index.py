"""The index of the audit log: what it says of every case up to one record, so that no process reads all of it anew.

What belongs here: its form, writing and reading it. What must not: what records mean (``trails``). It is authenticated,
holds nothing that the log does not say, and is bound to the log's bytes by their hash: one that is missing, changed or
of another log is left aside and made anew.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samkorning.audit.records import START, Head
from samkorning.durable import overwrite
from samkorning.encryption.primitives import derive, mac, same

INDEX_FORMAT = "samkorning-audit-index-1"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Trail:
    """What the log says of a case: the newest confirmed event with its authenticator and when that was, the intents
    of the event after it (each as the head that it made), and a delivery that was begun and neither ended nor given up.
    """

    confirmed: int = 0
    mac: str = ""
    at: str = ""
    delivering: str = ""
    intents: tuple[Head, ...] = ()


@dataclass(frozen=True)
class Place:
    """How far the log was read: where its last known record starts and ends, the head it made, and its secret."""

    start: int
    end: int
    head: Head
    secret: int


@dataclass(frozen=True)
class Index:
    """A place in the log, the SHA-256 of all bytes up to it, and every case's trail there."""

    place: Place
    sha256: str
    trails: Mapping[str, Trail]


NOTHING_YET = Trail()
NOWHERE = Place(0, 0, START, 0)


def write_index(path: Path, index: Index, secret: bytes) -> None:
    """Write an index in place of the last one, durable."""
    body = _canonical(_fields(index))
    overwrite(path, _canonical({"index": body.decode(), "mac": mac(derive(secret, "index"), body).hex()}))


def read_index(path: Path, secrets: Sequence[bytes]) -> Index | None:
    """Give the index, or None for one that is missing or not as the service wrote it."""
    try:
        found = json.loads(path.read_bytes())
        body, authenticator = str(found["index"]).encode(), str(found["mac"]).encode()
        if any(same(authenticator, mac(derive(each, "index"), body).hex().encode()) for each in secrets):
            return _index(json.loads(body))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def prefix_sha256(path: Path, length: int) -> str:
    """Hash the first bytes of a file ('' if it is shorter or gone)."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while length and (chunk := file.read(min(CHUNK, length))):
                digest.update(chunk)
                length -= len(chunk)
    except FileNotFoundError:
        return ""
    return "" if length else digest.hexdigest()


def _fields(index: Index) -> dict[str, Any]:
    place = index.place
    return {
        "format": INDEX_FORMAT,
        "place": [place.start, place.end, place.head.number, place.head.authenticator, place.secret],
        "sha256": index.sha256,
        "trails": {
            case: [trail.confirmed, trail.mac, trail.at, trail.delivering, [[*_pair(head)] for head in trail.intents]]
            for case, trail in index.trails.items()
        },
    }


def _index(fields: Mapping[str, Any]) -> Index:
    start, end, number, authenticator, secret = fields["place"]
    trails = {
        case: Trail(confirmed, event_mac, at, delivering, tuple(Head(*each) for each in intents))
        for case, (confirmed, event_mac, at, delivering, intents) in fields["trails"].items()
    }
    return Index(Place(start, end, Head(number, authenticator), secret), fields["sha256"], trails)


def _pair(head: Head) -> tuple[int, str]:
    return head.number, head.authenticator


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
