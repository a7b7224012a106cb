"""Inbox files that belong to no case or to no source of it: held encrypted with reason and clock, until a person acts.

What belongs here: holding, listing and matching them. What must not: taking in what is matched (intake).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl

from assets.steps.free_text import require_nobody_named
from assets.steps.intake.held_bytes import HeldBytes, drop_bytes, put_bytes
from assets.steps.intake.reading_in import Incoming
from assets.steps.intake.receiving import Received, file_sha256, receive_content
from resources.desk import Desk
from resources.inbox import WaitingFile
from samkorning.case.clocks import IN_QUARANTINE
from samkorning.case.population import another_has_its_reason
from samkorning.case.second_files import another_needs_a_reason
from samkorning.errors import FileRefused, NotFound
from samkorning.identity.redaction import redact_file_name
from samkorning.keystore import RetentionClass
from samkorning.vault import Store

NOBODYS = "unmatched-files"  # takes the place of a case number
LIST = "list"
SCHEMA = {"held": pl.String, "sha256": pl.String, "file": pl.String, "case": pl.String, "source": pl.String,
          "reason": pl.String, "since": pl.String}  # fmt: skip


@dataclass(frozen=True)
class UnmatchedFile:
    """A file nobody awaits: the name it is held under, what it was sent as and to, why it waits, and since when."""

    held: str
    sha256: str
    file: str
    case: str
    source: str
    reason: str
    since: str

    @property
    def due(self) -> date:
        """By when somebody decides on it."""
        return date.fromisoformat(self.since) + IN_QUARANTINE


def hold_unmatched(desk: Desk, file: WaitingFile, reason: str, person: str) -> None:
    """Holds a file's bytes and notes why. The same file for the same place is held once."""
    sha256, now = file_sha256(file.path), desk.clock.now()
    entry = UnmatchedFile(
        sha256[:16],
        sha256,
        redact_file_name(file.path.name),
        *file.place_without_numbers,
        reason,
        desk.clock.today().isoformat(),
    )
    with desk.vault.lock(NOBODYS):
        if any(known.sha256 == sha256 for known in unmatched_files(desk)):
            return
        desk.audit.append("quarantine", person, None, now, sha256=sha256, reason=reason)
        put_bytes(_store(desk, entry.held), file.path)
        _write(desk, [*unmatched_files(desk), entry])


def unmatched_files(desk: Desk) -> list[UnmatchedFile]:
    """The files that wait, oldest first."""
    if not desk.vault.has_store(NOBODYS, RetentionClass.MATERIAL, LIST):
        return []
    rows = _store(desk, LIST).scan().collect() if _store(desk, LIST).latest() else pl.DataFrame(schema=SCHEMA)
    return [UnmatchedFile(**row) for row in rows.iter_rows(named=True)]


def match(desk: Desk, held: str, case: str, source: str, person: str, reason: str = "") -> Received:
    """Takes a held file into the case and source that a person says it belongs to.

    ``reason`` says why it takes the place of another, where that needs one (R13, R19); without it the file is held on.

    :raises NotFound: when no file is held under that name, or the case has no such source.
    :raises RuleRefused: before the decision of that case is approved (R10).
    :raises FileRefused: when it cannot be taken in; it is in the ledger and out of quarantine then.
    """
    entry = next((known for known in unmatched_files(desk) if known.held == held), None)
    if entry is None:
        raise NotFound(f"no file {held} is held; `samkorning file held` lists them")
    found = desk.case(case)
    require_nobody_named(desk, found, person, {"reason": reason})
    another_has_its_reason(found, source, entry.file, entry.sha256, reason)
    another_needs_a_reason(found, source, entry.file, entry.sha256, reason)
    incoming = Incoming(source, entry.file, entry.sha256, HeldBytes(_store(desk, held)), person, reason)
    return _and_forget(desk, entry, lambda: receive_content(desk, desk.case(case), incoming))


def _and_forget(desk: Desk, entry: UnmatchedFile, take: Callable[[], Received]) -> Received:
    """Takes a file in and lets nothing of it be held any longer, also when it was refused."""
    refusal: FileRefused | None = None
    try:
        taken = take()
    except FileRefused as refused:
        refusal = refused
    with desk.vault.lock(NOBODYS):
        _write(desk, [known for known in unmatched_files(desk) if known != entry])
        drop_bytes(_store(desk, entry.held))
    if refusal is not None:
        raise refusal
    return taken


def _write(desk: Desk, entries: list[UnmatchedFile]) -> None:
    _store(desk, LIST).replace_for_good(pl.DataFrame([asdict(entry) for entry in entries], schema=SCHEMA))


def _store(desk: Desk, name: str) -> Store:
    return desk.store(NOBODYS, RetentionClass.MATERIAL, name)
