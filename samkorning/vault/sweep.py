"""What no manifest needs any more: orphans of crashes and superseded files. Removed only while the case is held.

Without the lock a file that another process is writing would look like an orphan.
"""

from collections.abc import Sequence
from pathlib import Path

from samkorning.durable import fsync_folder
from samkorning.vault.encrypted_files import ENCRYPTED_FILE
from samkorning.vault.manifest import MANIFEST_FILE, Manifest


def sweep_store(folder: Path, chain: Sequence[Manifest]) -> None:
    """Remove the data files that the chain does not keep, half-linked manifests, and folders of roots that are gone."""
    kept = {stored.file for manifest in chain[chain[-1].oldest_kept :] for stored in manifest.files}
    _remove([path for path in folder.iterdir() if _is_swept(path) and path.name not in kept])
    for other in folder.parent.iterdir():
        if other.is_dir() and other != folder:
            remove_root_folder(other)


def remove_root_folder(folder: Path) -> None:
    """Remove all that the vault wrote into one root's folder, and the folder if nothing else is left."""
    _remove([path for path in folder.iterdir() if _is_swept(path) or MANIFEST_FILE.fullmatch(path.name)])
    if not any(folder.iterdir()):
        folder.rmdir()
        fsync_folder(folder.parent)


def remove_store(store_folder: Path) -> None:
    """Remove all that the vault wrote of a store whose encryption key is destroyed."""
    for folder in store_folder.iterdir():
        if folder.is_dir():
            remove_root_folder(folder)
    if not any(store_folder.iterdir()):
        store_folder.rmdir()
        fsync_folder(store_folder.parent)


def _is_swept(path: Path) -> bool:
    """Data files and half-linked manifests; never a manifest itself, nor what somebody else put there."""
    is_half_linked = path.name.startswith(".") and path.name.endswith(".new")
    return is_half_linked or bool(ENCRYPTED_FILE.fullmatch(path.name))


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
    if paths:
        fsync_folder(paths[0].parent)
