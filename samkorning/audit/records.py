"""Records of the audit log: what a line holds, how it is authenticated, what may not be in it.

One JSON document per line, its fields in order of their names, the authenticator (HMAC-SHA256) last. Each carries the
authenticator of the line before.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from samkorning.encryption.primitives import mac, same

AUDIT_FORMAT = "samkorning-audit-1"
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))  # made once: an append takes little but its fsync


@dataclass(frozen=True)
class Head:
    """How far the log had come: keep it outside the host, and no record before it can go unseen."""

    number: int
    authenticator: str


START = Head(0, "")


@dataclass(frozen=True)
class Record:
    """One act. ``number`` counts from 1; ``at`` is in UTC; ``facts`` are counts, hashes and names of files."""

    number: int
    at: datetime
    person: str
    act: str
    case: str | None
    facts: Mapping[str, int | str]


def new_line(
    head: Head, at: datetime, person: str, act: str, case: str | None, facts: Mapping[str, int | str], secret: bytes
) -> tuple[bytes, Head]:
    """Give the line that follows a head, without its end, and the head it makes."""
    body = _canonical(
        {
            "format": AUDIT_FORMAT,
            "number": head.number + 1,
            "at": _in_utc(at),
            "person": person,
            "act": act,
            "case": case,
            "facts": facts,
            "previous": head.authenticator,
        }
    )
    authenticator = mac(secret, body).hex()
    return _sealed(body, authenticator), Head(head.number + 1, authenticator)


def parsed(line: bytes) -> dict[str, Any] | None:
    """Read a line's fields, trusted or not: every byte is then held against its authenticator."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_record = isinstance(fields, dict) and isinstance(fields.get("number"), int) and "previous" in fields
    return fields if is_record and fields.get("format") == AUDIT_FORMAT else None


def secret_of(line: bytes, fields: Mapping[str, Any] | None, secrets: Sequence[bytes]) -> int | None:
    """Tell which of the secrets authenticated the line, counted from 0; None if none did."""
    body = _canonical({name: value for name, value in (fields or {}).items() if name != "mac"})
    for number, secret in enumerate(secrets):
        if same(line, _sealed(body, mac(secret, body).hex())):
            return number
    return None


def head_of(fields: Mapping[str, Any]) -> Head:
    """Give the head that an authentic line makes."""
    return Head(int(fields["number"]), str(fields["mac"]))


def head_before(fields: Mapping[str, Any]) -> Head:
    """Give the head that an authentic line follows."""
    return Head(int(fields["number"]) - 1, str(fields["previous"]))


def record_of(fields: Mapping[str, Any]) -> Record:
    """Give the record of an authentic line."""
    return Record(
        number=int(fields["number"]),
        at=datetime.fromisoformat(fields["at"]),
        person=fields["person"],
        act=fields["act"],
        case=fields["case"],
        facts=MappingProxyType(dict(fields["facts"])),
    )


def _in_utc(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an audit record's time needs its time zone")
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()


def _sealed(body: bytes, authenticator: str) -> bytes:
    """Put the authenticator behind the other fields, without writing them again."""
    return body[:-1] + b',"mac":"' + authenticator.encode() + b'"}'


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return ENCODER.encode(fields).encode()
