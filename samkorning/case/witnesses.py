"""What the events of all cases are held against: secrets from the keystore, the audit log, an anchor in the vault.

What belongs here: bringing the three together around one event. What must not: the database (register). Each is asked
for when it is first needed, so that a new home is not set up by looking at it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from samkorning.audit import AuditLog, Trail
from samkorning.audit.index import NOTHING_YET
from samkorning.audit.trails import RECORDED
from samkorning.case.anchor import CaseAnchor, move_anchor, read_anchor, require_anchored
from samkorning.case.events import Event
from samkorning.case.proof import StoredEvent, proven_events, require_counted


@dataclass(frozen=True)
class Seen:
    """How far log and vault had seen a case come. It is read before the events are: others may add some meanwhile."""

    trail: Trail
    anchor: CaseAnchor | None


@dataclass(frozen=True)
class Witnesses:
    """The witnesses of one case register. ``secrets`` are those of the events, oldest first."""

    secrets: Callable[[], Sequence[bytes]]
    audit: Callable[[], AuditLog]
    log: Path
    vault: Path

    def seen(self, case: str) -> Seen:
        """How far log and vault have seen a case come.

        :raises VaultDamaged: when either is not what was written.
        """
        trail = self._trail(case)
        known = trail.confirmed or (self.vault / case).exists()
        return Seen(trail, read_anchor(self.vault, case, self.secrets()) if known else None)

    def trails(self) -> dict[str, Trail]:
        """What the audit log says of all cases that have an event in it."""
        found = self.audit().trails.all() if self.log.exists() else {}
        return {case: trail for case, trail in found.items() if trail.confirmed}

    def proven(self, case: str, stored: Sequence[StoredEvent], seen: Seen) -> tuple[Event, ...]:
        """The events of a case, once chain, log and vault agree on them.

        :raises VaultDamaged: naming the event, or the part that is older than the others.
        """
        events = proven_events(case, stored, self.secrets())
        trail = self._trail(case)
        require_counted(case, stored, seen.trail, trail)
        require_anchored(case, stored, seen.anchor, trail)
        return events

    def confirm(self, stored: StoredEvent) -> None:
        """Tell log and vault of an event that is committed: now, or long after where a crash came between."""
        at, newest = datetime.fromisoformat(stored.at).replace(tzinfo=UTC), self.audit().newest()
        at = at if newest is None else max(at, newest)
        facts: dict[str, int | str] = {"event": stored.number, "kind": stored.kind, "mac": stored.mac}
        self.audit().append(RECORDED, stored.person, stored.case_number, at, **facts)
        self.audit().keep_index()
        move_anchor(self.vault, stored, self.secrets()[-1])

    def _trail(self, case: str) -> Trail:
        return self.audit().trails.of(case) if self.log.exists() else NOTHING_YET
