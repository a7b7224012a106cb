"""Whether a delivery is what the service signed: sealed, or opened; any flipped byte gives a named problem.

What belongs here: comparing what is there with receipt, manifest and signature. What must not: opening onto disk
(opening). Problems name files and rules, never values.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from samkorning.delivery.machine_readable.ro_crate_steps import RO_CRATE, UNREADABLE, steps_of
from samkorning.delivery.package.inventory import FileFacts, Inventory, inventory_of_archive, inventory_of_folder
from samkorning.delivery.package.manifest import (
    MANIFEST,
    MINISIGN_SIGNATURE,
    SIGNATURE,
    SSH_SIGNATURE,
    AnyManifest,
    DocumentEntry,
    EarlierDataFileEntry,
    read_manifest,
    signature_comment,
)
from samkorning.delivery.package.names import (
    AGE_ENDING,
    SEALED_ENDINGS,
    is_sealed_name,
    receipt_beside,
    sealed_files,
    stem_of,
)
from samkorning.delivery.package.receipt import Receipt, read_receipt
from samkorning.delivery.package.unsealing import unsealed_archive
from samkorning.delivery.steps import step_problems
from samkorning.encryption import age, signature_forms, signing
from samkorning.errors import PackageRefused

_NO_FIT = f"{{}}: the signature does not fit {MANIFEST} and the signing key"


@dataclass(frozen=True)
class Verification:
    """The answer: ``ok`` if nothing is wrong, else each problem by the file it lies in."""

    problems: tuple[str, ...]
    manifest: AnyManifest | None = None
    """What the delivery says of itself, where its inside was looked at and nothing is wrong."""

    @property
    def ok(self) -> bool:
        """Whether the delivery is whole and signed with the key that was given."""
        return not self.problems


def verify_package(path: Path, public_key: str, secret: str | None = None) -> Verification:
    """Verify a sealed file, the folder that holds one, or an opened folder, against a public signing key (base64).

    Sealed: the receipt's signature, and hash, size and name of the sealed file; with the recipient's age identity or
    passphrase also the inside, without writing to disk. Opened: the manifest's signature, every file's hash, size and
    rows, missing and extra files, and the signature of each step that led to the delivery. Raises PackageRefused only
    if ``public_key`` itself is none.
    """
    signing.public_key_pem(public_key)
    try:
        if (path / MANIFEST).is_file():
            inventory = inventory_of_folder(path)
            return _of_inside(inventory, inventory_problems(inventory, public_key))
        return _verify_sealed(_sealed_file(path), public_key, secret)
    except PackageRefused as refusal:
        return Verification((str(refusal),))
    except OSError as error:
        return Verification((f"{path.name}: cannot be read ({type(error).__name__})",))


def receipt_problems(sealed: Path, receipt: Receipt) -> list[str]:
    """What of a sealed file is not as its receipt says."""
    with sealed.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    problems = []
    if sealed.name != receipt.file or stem_of(sealed) != f"{receipt.case}_{receipt.delivery}":
        problems.append(f"{sealed.name}: the receipt is for {receipt.file}")
    if sealed.stat().st_size != receipt.bytes:
        problems.append(f"{sealed.name}: size is not what the receipt says")
    if sha256 != receipt.sha256:
        problems.append(f"{sealed.name}: sha256 is not what the receipt says")
    return problems


def inventory_problems(inventory: Inventory, public_key: str) -> list[str]:
    """What of a package's inside is not as its signed manifest says."""
    missing = [f"missing file: {name}" for name in (MANIFEST, SIGNATURE) if name not in inventory.kept]
    if missing:
        return [*inventory.problems, *missing]
    if not signing.verify(public_key, inventory.kept[MANIFEST], inventory.kept[SIGNATURE]):
        return [*inventory.problems, _NO_FIT.format(SIGNATURE)]
    manifest = read_manifest(inventory.kept[MANIFEST])
    return [
        *inventory.problems,
        *_form_problems(inventory, manifest, public_key),
        *_file_problems(inventory, manifest),
        *_step_problems(inventory, manifest, public_key),
    ]


def _form_problems(inventory: Inventory, manifest: AnyManifest, public_key: str) -> list[str]:
    """What of the signatures for other tools does not fit; a package without one of its own has lost it."""
    signed, comment = inventory.kept[MANIFEST], signature_comment(manifest.case, manifest.delivery)
    forms = {
        MINISIGN_SIGNATURE: lambda text: signature_forms.minisign_fits(public_key, signed, comment, text),
        SSH_SIGNATURE: lambda text: signature_forms.ssh_fits(public_key, signed, text),
    }
    problems = [f"missing file: {name}" for name in manifest.signatures if name not in inventory.kept]
    wrong = (name for name in manifest.signatures if name in inventory.kept and name in forms)
    return problems + [_NO_FIT.format(name) for name in wrong if not forms[name](inventory.kept[name])]


def _step_problems(inventory: Inventory, manifest: AnyManifest, public_key: str) -> list[str]:
    """What of the steps that led to the delivery is not as it was signed, each by itself; older packages have none."""
    crate = inventory.kept.get(RO_CRATE)
    if crate is None:
        return []
    try:
        problems = step_problems(steps_of(crate), manifest.case, manifest.delivery, public_key)
    except UNREADABLE:
        problems = ["the steps that led to the delivery cannot be read"]
    return [f"{RO_CRATE}: {problem}" for problem in problems]


def _file_problems(inventory: Inventory, manifest: AnyManifest) -> list[str]:
    listed, found = manifest.entries, inventory.files
    problems = [
        f"extra file: {name}" for name in sorted(found.keys() - listed.keys() - {MANIFEST, *manifest.signatures})
    ]
    problems += [f"missing file: {name}" for name in sorted(listed.keys() - found.keys())]
    for name in sorted(listed.keys() & found.keys()):
        problems += [
            f"{name}: {what} is not what the manifest says" for what in _differences(listed[name], found[name])
        ]
    return problems


def _differences(listed: EarlierDataFileEntry | DocumentEntry, found: FileFacts) -> list[str]:
    different = [what for what in ("sha256", "bytes") if getattr(listed, what) != getattr(found, what)]
    if isinstance(listed, EarlierDataFileEntry) and listed.is_lines and listed.rows != found.rows:
        different.append("rows")
    return different


def _verify_sealed(sealed: Path, public_key: str, secret: str | None) -> Verification:
    receipt_path = receipt_beside(sealed)
    if not receipt_path.is_file():
        return Verification((f"missing file: {receipt_path.name}",))
    receipt = read_receipt(receipt_path.read_bytes(), receipt_path.name, public_key)
    problems = receipt_problems(sealed, receipt)
    if secret is None or problems:
        return Verification(tuple(problems))
    return _verify_inside(sealed, receipt, public_key, secret)


def _verify_inside(sealed: Path, receipt: Receipt, public_key: str, secret: str) -> Verification:
    if sealed.name.endswith(AGE_ENDING) and age.recipient_of(secret) != receipt.recipient:
        return Verification((f"{sealed.name}: sealed for another recipient than this identity",))
    with unsealed_archive(sealed, secret) as archive:
        inventory = inventory_of_archive(archive, f"{receipt.case}_{receipt.delivery}")
    problems = inventory_problems(inventory, public_key)
    if not problems and hashlib.sha256(inventory.kept[MANIFEST]).hexdigest() != receipt.manifest_sha256:
        problems.append(f"{MANIFEST}: is not the one the receipt names")
    return _of_inside(inventory, problems)


def _of_inside(inventory: Inventory, problems: list[str]) -> Verification:
    return Verification(tuple(problems), None if problems else read_manifest(inventory.kept[MANIFEST]))


def _sealed_file(path: Path) -> Path:
    if path.is_file():
        if not is_sealed_name(path.name):
            raise PackageRefused(
                f"{path.name}: is no sealed delivery ({', '.join(f'*{each}' for each in SEALED_ENDINGS)})"
            )
        return path
    found = sealed_files(path) if path.is_dir() else []
    if len(found) != 1:
        raise PackageRefused(f"{path.name}: is neither a sealed delivery, a folder that holds one, nor an opened one")
    return found[0]
