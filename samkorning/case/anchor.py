"""The anchor of a case in the vault: how far its events had come, kept beside its stores.

What belongs here: writing and reading it. What must not: stores (``vault``). With it a case register and an audit log
that were both restored from an older backup are known for what they are by a vault that was not.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from samkorning.audit.index import Trail
from samkorning.case.proof import RESTORE_LOG, StoredEvent
from samkorning.durable import make_folder, overwrite
from samkorning.encryption.primitives import derive, joined, mac, same
from samkorning.errors import VaultDamaged

ANCHOR_FORMAT = "samkorning-case-anchor-1"
ANCHOR = "anchor.json"


@dataclass(frozen=True)
class CaseAnchor:
    """The newest event that the vault has seen: its number, its authenticator, and when it was recorded (UTC)."""

    event: int
    mac: str
    at: str


def anchor_file(vault: Path, case: str) -> Path:
    """Where the anchor of a case lies."""
    return vault / case / ANCHOR


def move_anchor(vault: Path, stored: StoredEvent, secret: bytes) -> None:
    """Let the vault know an event that is committed; durable."""
    anchor = CaseAnchor(stored.number, stored.mac, stored.at)
    path = anchor_file(vault, stored.case_number)
    make_folder(path.parent)
    overwrite(path, _content(stored.case_number, anchor, secret))


def read_anchor(vault: Path, case: str, secrets: Sequence[bytes]) -> CaseAnchor | None:
    """How far the vault has seen the case come; None where it keeps no anchor.

    :raises VaultDamaged: when the anchor is not what the service wrote for this case.
    """
    try:
        content = anchor_file(vault, case).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fields = json.loads(content)
        anchor = CaseAnchor(int(fields["event"]), str(fields["event_mac"]), str(fields["at"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        anchor = None
    if anchor is None or not any(same(content, _content(case, anchor, secret)) for secret in secrets):
        raise VaultDamaged(f"case {case}: {ANCHOR} in the vault was changed; stop and restore it from backup")
    return anchor


def require_anchored(case: str, stored: Sequence[StoredEvent], anchor: CaseAnchor | None, trail: Trail) -> None:
    """Refuse events that do not reach as far as the vault has seen the case come, and a log that does not.

    An anchor is moved once the event's confirmation is on disk, and never before.

    :raises VaultDamaged: naming what is older.
    """
    if anchor is None:
        return
    if len(stored) < anchor.event or stored[anchor.event - 1].mac != anchor.mac:
        raise VaultDamaged(
            f"case {case}: the vault knows event {anchor.event} of {anchor.at[:16]}, which case register and audit log "
            "do not have: both are older than the vault; stop and restore the newer ones"
        )
    if trail.confirmed < anchor.event:
        raise VaultDamaged(
            f"case {case}: the vault knows event {anchor.event}, which the audit log does not confirm: "
            f"the log is older than the vault; {RESTORE_LOG}"
        )


def _content(case: str, anchor: CaseAnchor, secret: bytes) -> bytes:
    fields = {"format": ANCHOR_FORMAT, "case": case, "event": anchor.event, "event_mac": anchor.mac, "at": anchor.at}
    message = joined(ANCHOR_FORMAT, case, str(anchor.event), anchor.mac, anchor.at)
    return json.dumps({**fields, "mac": mac(derive(secret, "anchor"), message).hex()}).encode() + b"\n"
