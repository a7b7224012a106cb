"""The audit log: appending before the act, and checking the chain."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samkorning.audit.locked_file import LockedFile
from samkorning.audit.records import (
    START,
    Head,
    Record,
    head_before,
    head_of,
    new_line,
    parsed,
    record_of,
    secret_of,
)
from samkorning.audit.trails import Trails
from samkorning.encryption.primitives import derive
from samkorning.errors import VaultDamaged
from samkorning.identity.free_text import require_no_number, require_no_numbers_within
from samkorning.machine.clock_order import in_order, require_not_behind
from samkorning.machine.lock_waiting import FOR_A_WHILE, Waiting

LINE_END = b"\n"
TAIL = 1 << 16


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
    may follow a record of a later secret. ``may_go_back`` is asked when a record is dated before the newest one.
    ``waiting`` is for how long its turn is waited for.
    """

    def __init__(
        self,
        path: Path,
        secret: bytes,
        earlier: Sequence[bytes] = (),
        may_go_back: Callable[[], bool] = lambda: True,
        waiting: Waiting = FOR_A_WHILE,
    ) -> None:
        self.path = path
        self._may_go_back = may_go_back
        self._secrets = [derive(each, "audit") for each in (*earlier, secret)]
        self._known = (-1, 0, START)  # inode, size and head as this process left the file
        self._newest: tuple[int, datetime | None] = (0, None)  # up to where, and the time of the record that ends there
        self._file = LockedFile(path, waiting)
        self.trails = Trails(path, self._secrets)

    def append(self, act: str, person: str, case: str | None, at: datetime, **facts: int | str) -> Head:
        """Write a record, durable before this returns, and give the new head to anchor elsewhere.

        Call it before the act it records. RuleRefused if a text in it reads as an identity number; ClockWentBack if
        the newest record is later, where that may not be.
        """
        return self._append(act, person, case, self._dated(at), **facts)

    def accept_clock(self, person: str, at: datetime) -> Head:
        """Write a person's word that the clock is right now and was wrong before: what follows is held against this."""
        newest = self.newest()
        behind = 0 if newest is None else max(0, round((newest - at).total_seconds()))
        return self._append("accept clock", person, None, at, seconds_back=behind)

    def newest(self) -> datetime | None:
        """Give the time of the newest record, in UTC; nothing if nothing was written yet."""
        if not self.path.exists():
            return None
        with self._file as descriptor:
            complete = self._end(descriptor)[0]
            if self._newest[0] != complete:
                content = _tail(descriptor, complete)
                fields = parsed(content.removesuffix(LINE_END).rpartition(LINE_END)[2])
                self._newest = complete, None if fields is None else record_of(fields).at
        return self._newest[1]

    def _dated(self, at: datetime) -> datetime:
        newest = self.newest()
        if newest is None or at.tzinfo is None:
            return at
        ordered = in_order(at, newest)
        if ordered < newest and not self._may_go_back():
            require_not_behind(at, newest)
        return ordered

    def _append(self, act: str, person: str, case: str | None, at: datetime, **facts: int | str) -> Head:
        require_no_number("a text for the audit log", act, person)
        require_no_numbers_within(facts)
        with self._file as descriptor:
            size, head = self._end(descriptor)
            line, head = new_line(head, at, person, act, case, facts, self._secrets[-1])
            os.pwrite(descriptor, line + LINE_END, size)
            os.fsync(descriptor)
            self._known = os.fstat(descriptor).st_ino, size + len(line) + 1, head
        return head

    def keep_index(self) -> None:
        """Write the index of the trails anew where it is far behind."""
        with self._file:
            self.trails.keep()

    def require_whole(self) -> None:
        """Refuse a log of which any byte is not as it was written; VaultDamaged names the first line."""
        if not self.trails.is_as_indexed():
            self._refuse(self.verify())
        self.trails.all()

    def head(self) -> Head:
        """Give how far the log has come; the start if nothing was written yet."""
        if not self.path.exists():
            return START
        with self._file as descriptor:
            return self._end(descriptor)[1]

    def records(self) -> list[Record]:
        """Give every record, oldest first; VaultDamaged if the chain is broken."""
        self._refuse(self.verify())
        return [record_of(fields) for fields in map(parsed, self._lines()) if fields is not None]

    def verify(self, *anchors: Head | None) -> list[AuditProblem]:
        """Check every line, and that the log has every anchored head; an empty list means that all is there."""
        problems: list[AuditProblem] = []
        heads, newest = [START], 0
        for line, content in enumerate(self._lines(), start=1):
            fields = parsed(content)
            secret = secret_of(content, fields, self._secrets)
            if fields is None or secret is None:
                problems.append(AuditProblem(line, "was changed or is not from this log"))
                continue
            if secret < newest:
                problems.append(AuditProblem(line, "was written under a secret that had been replaced"))
            newest = max(newest, secret)
            if head_before(fields) != heads[-1]:
                problems.append(
                    AuditProblem(line, "does not follow the record before it: removed, swapped or inserted")
                )
            heads.append(head_of(fields))
        return problems + _missing(heads, [anchor for anchor in anchors if anchor is not None])

    def _refuse(self, problems: Sequence[AuditProblem]) -> None:
        if problems:
            raise VaultDamaged(f"{self.path}: {problems[0]}; stop and restore the audit log from backup")

    def _lines(self) -> list[bytes]:
        """Give the complete lines: one that a crash cut was never acknowledged and goes with the next append."""
        content = self.path.read_bytes() if self.path.exists() else b""
        return content.split(LINE_END)[:-1]

    def _end(self, descriptor: int) -> tuple[int, Head]:
        """Give where the last complete line ends and its head, and cut off what a crash left behind it."""
        found, known = os.fstat(descriptor), self._known
        size = found.st_size
        if (found.st_ino, size) == known[:2]:
            return known[1:]
        content = _tail(descriptor, size)
        complete = size - (len(content) - content.rfind(LINE_END) - 1)
        if complete < size:
            os.ftruncate(descriptor, complete)
        last = content[: content.rfind(LINE_END)].rpartition(LINE_END)[2]
        return complete, self._head_of(last) if complete else START

    def _head_of(self, line: bytes) -> Head:
        fields = parsed(line)
        if fields is None or secret_of(line, fields, self._secrets) is None:
            raise VaultDamaged(f"{self.path}: the last record was changed; stop and restore the audit log from backup")
        return head_of(fields)


def _tail(descriptor: int, size: int) -> bytes:
    """Read the end of the log: its last complete line and what may lie behind it."""
    length = TAIL
    while length < size:
        content = os.pread(descriptor, length, size - length)
        if content.count(LINE_END) > 1:
            return content
        length *= 16
    return os.pread(descriptor, size, 0)


def _missing(heads: list[Head], anchors: list[Head]) -> list[AuditProblem]:
    """Which anchored heads the log does not have; what was cut off its end is reported once."""
    known, end = {*heads}, heads[-1].number
    gone = [anchor for anchor in anchors if anchor not in known]
    furthest = max((anchor.number for anchor in gone), default=0)
    replaced = [AuditProblem(each.number, "is not the record that was anchored") for each in gone if each.number <= end]
    if furthest <= end:
        return replaced
    missing = f"{furthest - end} records are missing at the end, up to the anchored number {furthest}"
    return [*replaced, AuditProblem(0, missing)]
