"""Sealing a package: rendered files through tar and age, or locked in 7z, onto disk without plain data on the way.

What belongs here: the order of writing (temporary name, fsync, rename, fsync of the folder) and the receipt. What must
not: what a package holds (contents), or the ledger row that commits the delivery (the caller's).

The receipt is renamed last: a sealed file without its receipt is unfinished, one with a receipt is never overwritten.
"""

import hashlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from samkorning.delivery.checks import check_description
from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.package.archive import ChunkReader, tar_chunks
from samkorning.delivery.package.contents import PackageContents, package_contents
from samkorning.delivery.package.hashing import PassingHash
from samkorning.delivery.package.manifest import Manifest
from samkorning.delivery.package.names import AGE_ENDING, SEVEN_ZIP_ENDING, names_of, receipt_beside
from samkorning.delivery.package.receipt import Receipt, write_receipt
from samkorning.delivery.package.seven_zip import write_seven_zip
from samkorning.delivery.package.signed_json import render
from samkorning.delivery.report.beside import Report, made_beside
from samkorning.delivery.report.forms import PDF, report_names
from samkorning.delivery.report.making import report_drafts
from samkorning.durable import (
    flush_to_disk,
    fsync_folder,
    partial,
    partials_removed,
    write_through,
)
from samkorning.encryption import age
from samkorning.errors import PackageRefused
from samkorning.machine.progress import UNWATCHED, Progress, Work

MUCH = 256 * 1024 * 1024
"""Bytes of data files that take longer to seal than a process takes to start."""


@dataclass(frozen=True)
class SealedPackage:
    """A sealed delivery on disk with its receipt, and what is inside."""

    path: Path
    receipt_path: Path
    receipt: Receipt
    manifest: Manifest


def seal_package(
    description: DeliveryDescription,
    folder: Path,
    recipient: str,
    signing_seed: bytes,
    passphrase: str | None = None,
    progress: Progress = UNWATCHED,
) -> SealedPackage:
    """Write ``<case>_<number>.tar.age`` and its receipt into ``folder`` for the age key ``recipient``.

    With a passphrase it is ``<case>_<number>.7z``, locked with that, and ``recipient`` says whom it is for. No file is
    ever held whole; ``progress`` is shown the bytes of data files on their way. Raises CheckFailed if the description
    does not hold, PackageRefused if the delivery is there already or the recipient's key is none, GuardedFailure if a
    file's bytes cannot be read or are others. After any of these nothing of it is left in the folder.
    """
    check_description(description)
    if passphrase is None:
        age.check_recipient(recipient)
    sealed = folder / f"{description.folder}{AGE_ENDING if passphrase is None else SEVEN_ZIP_ENDING}"
    receipt_path = receipt_beside(sealed)
    if receipt_path.exists():
        raise PackageRefused(f"{receipt_path.name}: this delivery is sealed already; a delivery is never overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    watched = progress.of(Work.SEALING, _data_bytes(description))
    with watched as advance, _report(description) as report, partials_removed(sealed, receipt_path):
        contents = package_contents(description, signing_seed, report, advance)
        if passphrase is None:
            size, sha256 = _write_sealed(contents, partial(sealed), recipient)
        else:
            size, sha256 = _write_locked(contents, partial(sealed), passphrase)
        receipt = _receipt(contents, sealed.name, size, sha256, recipient)
        write_through(partial(receipt_path), write_receipt(receipt, signing_seed))
        for path in (sealed, receipt_path):
            partial(path).rename(path)
    fsync_folder(folder)
    fsync_folder(folder.parent)
    return SealedPackage(sealed, receipt_path, receipt, contents.manifest)


def _report(description: DeliveryDescription) -> AbstractContextManager[Report | None]:
    """The report printed beside the sealing of much; another process is not worth its start where there is little."""
    is_much = _data_bytes(description) >= MUCH
    is_printed = any(name.endswith(PDF) for name in report_names(description))
    return made_beside(lambda: report_drafts(description)) if is_much and is_printed else nullcontext()


def _data_bytes(description: DeliveryDescription) -> int:
    return sum(form.bytes for file in description.files for form in file.rendered.forms)


def discard_package(folder: Path, case: str, number: str) -> list[str]:
    """Remove a sealed delivery that the ledger does not have (a crash before its row); the names removed.

    The receipt goes first, so that a second crash leaves an unfinished delivery and not a receipt for nothing.
    """
    found = [folder / name for name in names_of(case, number)]
    removed = [path.name for path in found if path.exists()]
    for path in found:
        path.unlink(missing_ok=True)
    if removed:
        fsync_folder(folder)
    return removed


def _write_sealed(contents: PackageContents, path: Path, recipient: str) -> tuple[int, str]:
    with path.open("wb") as file, PassingHash() as digest:
        writer = HashingWriter(file, digest)
        plain = ChunkReader(tar_chunks(contents.folder, contents.members))
        age.seal(plain, writer, [recipient])
        flush_to_disk(file)
        return writer.size, digest.hexdigest()


def _write_locked(contents: PackageContents, path: Path, passphrase: str) -> tuple[int, str]:
    """The archive's first bytes are written last: its hash is taken of the whole file."""
    with path.open("wb+") as file:
        write_seven_zip(file, contents.folder, contents.members, passphrase)
        flush_to_disk(file)
        file.seek(0)
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _receipt(contents: PackageContents, file: str, size: int, sha256: str, recipient: str) -> Receipt:
    manifest = contents.manifest
    return Receipt(
        case=manifest.case,
        delivery=manifest.delivery,
        date=manifest.date,
        file=file,
        sha256=sha256,
        bytes=size,
        manifest_sha256=hashlib.sha256(render(manifest)).hexdigest(),
        recipient=recipient,
    )


class HashingWriter:
    """Writes on, hands over what passes to be hashed, and counts it."""

    def __init__(self, file: BinaryIO, digest: PassingHash) -> None:
        self._file, self._digest = file, digest
        self.size = 0

    def write(self, chunk: bytes) -> int:
        """Write the whole chunk."""
        self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)
        return len(chunk)
