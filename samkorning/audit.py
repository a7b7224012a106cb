"""The audit log (logg över åtgärder): who did what to which case and when, in one chain that shows any change.

What belongs here: writing a record before the act, and checking the chain. What must not: rows, identity numbers, the
clock, who is asking (all arguments).

One JSON document per line. Each carries the authenticator of the line before and its own (HMAC-SHA256 under the
keystore's ``audit`` secret), so a changed, removed, swapped or inserted record breaks the chain. Lines cut off at the
end leave a chain that holds: only a head kept elsewhere (``head()``, the case register) shows them.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from samkorning.encryption.primitives import derive, mac, same
from samkorning.errors import RuleRefused, VaultDamaged
from samkorning.keystore.durable import file_lock, fsync_folder, make_folder

AUDIT_FORMAT = "samkorning-audit-1"
LINE_END = b"\n"
# Ten or twelve digits, and the last place X of those without a check digit; no part of a hash or run identifier.
IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(?:[0-9]{2})?[0-9]{6}[-+ ]?[0-9]{3}[0-9X](?![0-9A-Za-z-])")
TAIL = 1 << 16


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


@dataclass(frozen=True)
class AuditProblem:
    """What is wrong with the log, and at which line (1-based; 0 for the end)."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}" if self.line else self.problem


class AuditLog:
    """The log at one path, under one secret. Several processes may append: each waits its turn, a line long.

    ``earlier`` are the secrets before the one in force, oldest first: their records stay checkable, but none of them
    may follow a record of a later secret.
    """

    def __init__(self, path: Path, secret: bytes, earlier: Sequence[bytes] = ()) -> None:
        self.path = path
        self._secrets = [derive(each, "audit") for each in (*earlier, secret)]
        self._known: tuple[int, Head] = (0, START)
        self._is_there = False

    def append(self, act: str, person: str, case: str | None, at: datetime, **facts: int | str) -> Head:
        """Write a record, durable before this returns, and give the new head to anchor elsewhere.

        Call it before the act it tells of. RuleRefused if a text in it reads as an identity number.
        """
        _require_no_identity_number(act, person, *(value for value in facts.values() if isinstance(value, str)))
        with self._locked() as descriptor:
            size, head = self._end(descriptor)
            body = _body(head, at, person, act, case, facts)
            authenticator = _authenticator(self._secrets[-1], body)
            line = _canonical({**body, "mac": authenticator}) + LINE_END
            os.pwrite(descriptor, line, size)
            os.fsync(descriptor)
            self._known = (size + len(line), Head(head.number + 1, authenticator))
        return self._known[1]

    def head(self) -> Head:
        """Give how far the log has come; the start if nothing was written yet."""
        if not self.path.exists():
            return START
        with self._locked() as descriptor:
            return self._end(descriptor)[1]

    def records(self) -> list[Record]:
        """Give every record, oldest first; VaultDamaged if the chain is broken."""
        problems = self.verify()
        if problems:
            raise VaultDamaged(f"{self.path}: {problems[0]}; stop and restore the audit log from backup")
        return [_record(fields) for fields in map(_parsed, self._lines()) if fields is not None]

    def verify(self, anchor: Head | None = None) -> list[AuditProblem]:
        """Check every line, and that the log reaches the anchored head; an empty list means that all is there."""
        problems: list[AuditProblem] = []
        heads, newest = [START], 0
        for line, content in enumerate(self._lines(), start=1):
            fields = _parsed(content)
            secret = self._secret_of(content, fields)
            if fields is None or secret is None:
                problems.append(AuditProblem(line, "was changed or is not from this log"))
                continue
            if secret < newest:
                problems.append(AuditProblem(line, "was written under a secret that had been replaced"))
            newest = max(newest, secret)
            if Head(int(fields["number"]) - 1, str(fields["previous"])) != heads[-1]:
                problems.append(
                    AuditProblem(line, "does not follow the record before it: removed, swapped or inserted")
                )
            heads.append(Head(int(fields["number"]), str(fields["mac"])))
        return problems + _missing(heads, anchor)

    def _lines(self) -> list[bytes]:
        """Give the complete lines: one that a crash cut was never acknowledged and goes with the next append."""
        content = self.path.read_bytes() if self.path.exists() else b""
        return content.split(LINE_END)[:-1]

    def _locked(self) -> AbstractContextManager[int]:
        if not self._is_there:
            self._create()
        return file_lock(self.path)

    def _create(self) -> None:
        make_folder(self.path.parent)
        with file_lock(self.path):
            fsync_folder(self.path.parent)
        self._is_there = True

    def _end(self, descriptor: int) -> tuple[int, Head]:
        """Give where the last complete line ends and its head, and cut off what a crash left behind it."""
        size = os.fstat(descriptor).st_size
        if size == self._known[0]:
            return self._known
        content = _tail(descriptor, size)
        complete = size - (len(content) - content.rfind(LINE_END) - 1)
        if complete < size:
            os.ftruncate(descriptor, complete)
        last = content[: content.rfind(LINE_END)].rpartition(LINE_END)[2]
        return complete, self._head_of(last) if complete else START

    def _head_of(self, line: bytes) -> Head:
        fields = _parsed(line)
        if fields is None or self._secret_of(line, fields) is None:
            raise VaultDamaged(f"{self.path}: the last record was changed; stop and restore the audit log from backup")
        return Head(int(fields["number"]), str(fields["mac"]))

    def _secret_of(self, line: bytes, fields: dict[str, Any] | None) -> int | None:
        """Tell which of the secrets authenticated the line, counted from the oldest; None if none did."""
        body = {name: value for name, value in (fields or {}).items() if name != "mac"}
        for number, secret in enumerate(self._secrets):
            if same(line, _canonical({**body, "mac": _authenticator(secret, body)})):
                return number
        return None


def _authenticator(secret: bytes, body: Mapping[str, Any]) -> str:
    return mac(secret, _canonical(body)).hex()


def _tail(descriptor: int, size: int) -> bytes:
    """Read the end of the log: its last complete line and what may lie behind it."""
    length = TAIL
    while length < size:
        content = os.pread(descriptor, length, size - length)
        if content.count(LINE_END) > 1:
            return content
        length *= 16
    return os.pread(descriptor, size, 0)


def _body(
    head: Head, at: datetime, person: str, act: str, case: str | None, facts: Mapping[str, int | str]
) -> dict[str, Any]:
    if at.tzinfo is None:
        raise ValueError("an audit record's time needs its time zone")
    return {
        "format": AUDIT_FORMAT,
        "number": head.number + 1,
        "at": at.astimezone(UTC).isoformat(),
        "person": person,
        "act": act,
        "case": case,
        "facts": dict(facts),
        "previous": head.authenticator,
    }


def _record(fields: Mapping[str, Any]) -> Record:
    return Record(
        number=int(fields["number"]),
        at=datetime.fromisoformat(fields["at"]),
        person=fields["person"],
        act=fields["act"],
        case=fields["case"],
        facts=MappingProxyType(dict(fields["facts"])),
    )


def _parsed(line: bytes) -> dict[str, Any] | None:
    """Read a line's fields, trusted or not: every byte is then held against its authenticator."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_record = isinstance(fields, dict) and isinstance(fields.get("number"), int) and "previous" in fields
    return fields if is_record and fields.get("format") == AUDIT_FORMAT else None


def _missing(heads: list[Head], anchor: Head | None) -> list[AuditProblem]:
    if anchor is None or anchor in heads:
        return []
    if anchor.number > heads[-1].number:
        missing = anchor.number - heads[-1].number
        return [AuditProblem(0, f"{missing} records are missing at the end, up to the anchored number {anchor.number}")]
    return [AuditProblem(anchor.number, "is not the record that was anchored")]


def _require_no_identity_number(*texts: str) -> None:
    if any(IDENTITY_NUMBER.search(text) for text in texts):
        raise RuleRefused("audit", "a text for the audit log reads as an identity number", "write it without")


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
