"""The documents of a case as files: kept encrypted in the vault, archived, and given back unchanged.

What belongs here: the bytes. What must not: which document a file is (samkorning.case.attaching).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets.steps.free_text import require_nobody_named
from assets.steps.intake.held_bytes import HeldBytes, put_bytes
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.attaching import Document, attach, documents
from samkorning.errors import NotFound, RuleRefused, VaultDamaged
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.keystore import RetentionClass
from samkorning.order.attachments import AttachmentKind

LARGEST = 200 * 2**20
PREFIX = "document."


@dataclass(frozen=True)
class Attached:
    """What became of a file: its name and hash, and whether the case had it already."""

    file: str
    sha256: str
    was_there: bool


def attach_file(
    desk: Desk, case: Case, path: Path, person: str, kind: AttachmentKind | None = None, dated: date | None = None
) -> Attached:
    """Takes a document to a case: its bytes into the vault first, then the event. Once is enough.

    :raises NotFound: when there is no such file.
    :raises RuleRefused: as ``attach``; when it is larger than any document.
    """
    if not path.is_file():
        raise no_file(path)
    size, name = path.stat().st_size, redact_file_name(path.name)
    if size > LARGEST:
        raise RuleRefused("R03", f"the document is larger than {LARGEST // 2**20} MiB", "send it in parts")
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    taken = attach(case, name, sha256, size, kind, dated)
    if taken is not None:
        require_nobody_named(desk, case, person, taken.detail)
        with desk.vault.lock(case.number):
            now = desk.clock.now()
            desk.audit.append("attach document", person, case.number, now, sha256=sha256)
            put_bytes(desk.store(case.number, RetentionClass.ARCHIVE, _store_name(sha256)), path)
            desk.cases.record(case, taken.kind, now, person, taken.detail)
    return Attached(name, sha256, taken is None)


def document_of(case: Case, file: str) -> Document:
    """The attached document of that file name.

    :raises NotFound: when none was attached under it.
    """
    there = [each for each in documents(case) if each.event and each.event.detail["file"].casefold() == file.casefold()]
    if not there:
        raise NotFound(f"case {case.number} has no document of that file name; `samkorning case documents` lists them")
    return there[-1]


def write_document(desk: Desk, case: Case, document: Document, person: str, to: Path) -> None:
    """Gives a document back as it came; a file that is there is not overwritten.

    :raises VaultDamaged: when its bytes are not those that were attached.
    """
    assert document.event is not None  # noqa: S101 - document_of gives attached ones
    sha256 = str(document.event.detail["sha256"])
    store = desk.vault.open_store(case.number, RetentionClass.ARCHIVE, _store_name(sha256))
    desk.audit.append("read document", person, case.number, desk.clock.now(), sha256=sha256)
    with HeldBytes(store).reopen() as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise VaultDamaged(f"case {case.number}: a document is not as it was attached; restore the vault from backup")
    with to.open("xb") as file:
        file.write(content)


def _store_name(sha256: str) -> str:
    return PREFIX + sha256[:16]
