"""Opening a sealed delivery into a folder, verified before anything lies under the folder's name.

What belongs here: unpacking safely. What must not: the rules of what is whole (verification).
"""

import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from samkorning.delivery.package.inventory import Inventory, inventory_of_folder
from samkorning.delivery.package.manifest import MANIFEST, PUBLIC_KEY, AnyManifest, read_manifest
from samkorning.delivery.package.names import receipt_beside
from samkorning.delivery.package.receipt import read_receipt
from samkorning.delivery.package.unsealing import unsealed_archive
from samkorning.delivery.package.verification import inventory_problems, receipt_problems
from samkorning.durable import fsync_folder, partial
from samkorning.encryption import signing
from samkorning.errors import PackageRefused


@dataclass(frozen=True)
class OpenedPackage:
    """An opened delivery: its folder, what it holds, and the public signing key (base64) it was verified with."""

    folder: Path
    manifest: AnyManifest
    signed_with: str


def open_package(sealed: Path, secret: str, to: Path, public_key: str | None = None) -> OpenedPackage:
    """Unseal and unpack ``sealed`` so that ``to`` becomes the delivery's folder, once all of it has been verified.

    ``secret`` is the age identity, or the passphrase of a 7z archive.
    With ``public_key`` (base64) receipt and manifest must be signed with it. Without, the key that came inside is used:
    that shows the package is whole, and ``signed_with`` is for a person to compare with the published key. Raises
    PackageRefused if ``to`` holds anything, the identity does not open it, or anything is not as signed; then ``to`` is
    as it was. Plain data lie on disk from here on, in a folder that only its owner may read.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise PackageRefused(f"{to}: is there already and not empty; name another folder")
    unpacked = partial(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        unpacked.mkdir(mode=0o700)
        _unpack(sealed, secret, unpacked)
        folder = _one_folder(sealed, unpacked)
        opened = _verified(sealed, folder, public_key)
        folder.chmod(0o700)
        folder.rename(to)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    fsync_folder(to.parent)
    return OpenedPackage(to, *opened)


def _unpack(sealed: Path, secret: str, into: Path) -> None:
    with unsealed_archive(sealed, secret) as archive:
        try:
            archive.extractall(into, filter="data")
        except tarfile.FilterError:
            raise PackageRefused(f"{sealed.name}: the archive reaches outside its folder") from None


def _one_folder(sealed: Path, unpacked: Path) -> Path:
    found = list(unpacked.iterdir())
    if len(found) != 1 or found[0].is_symlink() or not found[0].is_dir():
        raise PackageRefused(f"{sealed.name}: does not hold one folder")
    return found[0]


def _verified(sealed: Path, folder: Path, public_key: str | None) -> tuple[AnyManifest, str]:
    inventory = inventory_of_folder(folder)
    signed_with = public_key or _enclosed_key(inventory)
    problems = [*_receipt_faults(sealed, signed_with), *inventory_problems(inventory, signed_with)]
    if problems:
        raise PackageRefused("; ".join(problems))
    manifest = read_manifest(inventory.kept[MANIFEST])
    if manifest.folder != folder.name:
        raise PackageRefused(f"{sealed.name}: its folder is not named as its manifest says ({manifest.folder})")
    return manifest, signed_with


def _receipt_faults(sealed: Path, public_key: str) -> list[str]:
    """A receipt counts if it is there; a recipient may have been handed the sealed file alone."""
    path = receipt_beside(sealed)
    if not path.is_file():
        return []
    return receipt_problems(sealed, read_receipt(path.read_bytes(), path.name, public_key))


def _enclosed_key(inventory: Inventory) -> str:
    if PUBLIC_KEY not in inventory.kept:
        raise PackageRefused(f"missing file: {PUBLIC_KEY}")
    return signing.public_key_from_pem(inventory.kept[PUBLIC_KEY])
