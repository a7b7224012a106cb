"""Quarantine (karantän): files that came before the decision was approved, encrypted in the vault (R10).

What belongs here: holding a file's bytes and giving them back. What must not: taking it in (intake).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assets.steps.intake.held_bytes import HeldBytes, drop_bytes, put_bytes
from assets.steps.intake.reading_in import Incoming
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.states import state_after, state_of
from samkorning.keystore import RetentionClass
from samkorning.vault import Store


def hold(desk: Desk, case: Case, incoming: Incoming, more: Mapping[str, Any] | None = None) -> None:
    """Holds a file's bytes under the case's own encryption key, and enters it in the case register. Once is enough.

    :raises RuleRefused: when the case no longer takes files at all.
    """
    if is_held(desk, case, incoming):
        return
    path = incoming.content
    assert isinstance(path, Path), "what comes to be held lies in a folder"  # noqa: S101
    state_after(state_of(case.events), EventKind.FILE_QUARANTINED)
    now = desk.clock.now()
    desk.audit.append("quarantine", incoming.person, case.number, now, source=incoming.source, sha256=incoming.sha256)
    put_bytes(_store(desk, case.number, incoming.source, incoming.sha256), path)
    detail = {
        "source": incoming.source,
        "file": incoming.name,
        "sha256": incoming.sha256,
        "bytes": path.stat().st_size,
        "reason": incoming.reason,
        **(more or {}),
    }
    desk.cases.record(case, EventKind.FILE_QUARANTINED, now, incoming.person, detail)


def is_held(desk: Desk, case: Case, incoming: Incoming) -> bool:
    """Whether just this file of the source waits already, and the vault holds it."""
    is_known = any(_is(event.detail["sha256"], event.detail["source"], incoming) for event in case.held_files())
    name = _name(incoming.source, incoming.sha256)
    return is_known and desk.vault.has_store(case.number, RetentionClass.MATERIAL, name)


def held_content(desk: Desk, case: str, source: str, sha256: str) -> HeldBytes:
    """A held file, to be read."""
    return HeldBytes(_store(desk, case, source, sha256))


def drop(desk: Desk, case: str, incoming: Incoming) -> None:
    """Lets nothing of a held file open again."""
    drop_bytes(_store(desk, case, incoming.source, incoming.sha256))


def _store(desk: Desk, case: str, source: str, sha256: str) -> Store:
    return desk.store(case, RetentionClass.MATERIAL, _name(source, sha256))


def _name(source: str, sha256: str) -> str:
    return f"held.{source}.{sha256[:16]}"


def _is(sha256: str, source: str, incoming: Incoming) -> bool:
    return (sha256, source) == (incoming.sha256, incoming.source)
