"""What the audit log says of every case: how far its events are confirmed, and what was about to happen since.

What belongs here: reading it off the records, cheaply. What must not: the events themselves (the case register), or a
check of the whole log (``log``). An event leaves two records: the intent before it (``event`` among its facts), and
once it is committed its confirmation (act ``recorded``), which holds the event's authenticator.

The log is read once; from then on only what has come since. A new process starts from an index beside the log.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from samkorning.audit.index import NOTHING_YET, NOWHERE, Index, Place, Trail, prefix_sha256, read_index, write_index
from samkorning.audit.records import head_before, head_of, parsed, secret_of
from samkorning.errors import VaultDamaged

RECORDED, DELIVER, BROKE_OFF = "recorded", "deliver", "delivery broke off"
DELIVERED = "delivered"
FAR = 1_000
"""So many records after the index a new one is written."""


def trail_after(trail: Trail, fields: Mapping[str, Any]) -> Trail:
    """A case's trail once a further record of it is read."""
    act, facts = fields["act"], fields["facts"]
    if act == RECORDED:
        if facts["event"] <= trail.confirmed:  # two writers may confirm the same event, the slower one late
            return trail
        delivering = "" if facts["kind"] == DELIVERED else trail.delivering
        return Trail(facts["event"], facts["mac"], str(fields["at"]), delivering)
    if act in (DELIVER, BROKE_OFF):
        return replace(trail, delivering=str(facts.get("delivery", "")) if act == DELIVER else "")
    if facts.get("event") == trail.confirmed + 1:
        return replace(trail, intents=(*trail.intents, head_of(fields)))
    return trail


class Trails:
    """The trails of one log. Reading takes no lock: a line that is not ended yet is read the next time."""

    def __init__(self, log: Path, secrets: Sequence[bytes]) -> None:
        self.log = log
        self._secrets = secrets
        self._index = log.with_name(f"{log.name}.index")
        self._mutex = threading.RLock()
        self._seen = (-1, 0, 0)
        self._place, self._trails, self._indexed = NOWHERE, dict[str, Trail](), 0

    def of(self, case: str) -> Trail:
        """What the log says of one case now; VaultDamaged if its end is not authentic."""
        with self._mutex:
            self._catch_up()
            return self._trails.get(case, NOTHING_YET)

    def all(self) -> dict[str, Trail]:
        """The trails of all cases that the log knows."""
        with self._mutex:
            self._catch_up()
            return dict(self._trails)

    def is_as_indexed(self) -> bool:
        """Tell whether every byte up to the index is as it was when the index was written; False without one."""
        index = read_index(self._index, self._secrets)
        return index is not None and prefix_sha256(self.log, index.place.end) == index.sha256

    def keep(self) -> None:
        """Write a new index where the last one is far behind. Only while the log is held: all of it is on disk then."""
        with self._mutex:
            self._catch_up()
            if self._place.head.number - self._indexed >= FAR:
                sha256 = prefix_sha256(self.log, self._place.end)
                write_index(self._index, Index(self._place, sha256, self._trails), self._secrets[-1])
                self._indexed = self._place.head.number

    def _catch_up(self) -> None:
        try:
            found = self.log.stat()
        except FileNotFoundError:
            self._start(None)
            self._seen = (-1, 0, 0)
            return
        seen = (found.st_ino, found.st_size, found.st_mtime_ns)
        if seen == self._seen:
            return
        with self.log.open("rb") as file:
            if self._seen[0] != found.st_ino or not self._fits(file, self._place):
                index = read_index(self._index, self._secrets)
                self._start(index if index and self._fits(file, index.place) else None)
            for start, line in _complete_lines(file, self._place.end):
                self._follow(start, line)
        self._seen = seen

    def _start(self, index: Index | None) -> None:
        """Begin at an index, or at the log's first record."""
        self._place = index.place if index else NOWHERE
        self._trails = dict(index.trails) if index else {}
        self._indexed = self._place.head.number

    def _fits(self, file: BinaryIO, place: Place) -> bool:
        """Tell whether the record that was the last one still lies where it lay."""
        if place == NOWHERE:
            return True
        file.seek(place.start)
        line = file.read(place.end - place.start).removesuffix(b"\n")
        fields = parsed(line)
        is_authentic = secret_of(line, fields, self._secrets) is not None
        return fields is not None and is_authentic and head_of(fields) == place.head

    def _follow(self, start: int, line: bytes) -> None:
        fields = parsed(line)
        secret = secret_of(line, fields, self._secrets)
        if fields is None or secret is None or secret < self._place.secret or head_before(fields) != self._place.head:
            raise VaultDamaged(
                f"{self.log}: record {self._place.head.number + 1} was changed, removed or inserted; "
                "stop and restore the audit log from backup"
            )
        self._place = Place(start, start + len(line) + 1, head_of(fields), secret)
        if fields["case"] is not None:
            case = str(fields["case"])
            self._trails[case] = trail_after(self._trails.get(case, NOTHING_YET), fields)


def _complete_lines(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """The lines from a place on, each with where it starts; one that is not ended yet is left."""
    file.seek(start)
    for line in file:
        if not line.endswith(b"\n"):
            return
        yield start, line[:-1]
        start += len(line)
