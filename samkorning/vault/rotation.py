"""Encrypting a store anew under another root: same generations, rows and facts; new files, new chain.

The new files grow beside the old ones in the new root's folder and mean nothing until the keystore names the new root.
"""

from dataclasses import replace
from pathlib import Path

from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root
from samkorning.vault.encrypted_files import (
    new_name,
    require_unchanged,
    scan_encrypted,
    secrets_of,
    write_encrypted,
)
from samkorning.vault.manifest import Manifest, StoredFile, commit, start_chain


def carry_over(
    store_folder: Path, address: StoreAddress, old: Root, chain: list[Manifest], new: Root, kept_from: int
) -> list[Manifest]:
    """Chain all generations anew under the new root and give the new chain.

    Those from ``kept_from`` on are encrypted anew; the earlier ones keep their record and have no file any more.
    """
    anew = [start_chain(store_folder, address, new)]
    for manifest in chain[1:]:
        is_kept = manifest.generation >= kept_from
        files = manifest.files
        if is_kept:
            files = tuple(_encrypted_anew(store_folder, address, old, manifest, stored, new) for stored in files)
        following = replace(manifest, files=files, previous=anew[-1].authenticator)
        anew.append(commit(store_folder / new.id, address, new, following))
    return anew


def _encrypted_anew(
    store_folder: Path, address: StoreAddress, old: Root, manifest: Manifest, stored: StoredFile, new: Root
) -> StoredFile:
    place = f"{address}/{stored.file}"
    source = store_folder / old.id / stored.file
    secrets = secrets_of(address, old, manifest.generation, stored.file)
    require_unchanged(source, stored, secrets, place)
    rows = scan_encrypted(source, secrets)
    name = new_name(manifest.generation)
    target = store_folder / new.id / name
    written = write_encrypted(rows, target, secrets_of(address, new, manifest.generation, name), place)
    return replace(written, first=stored.first, last=stored.last)
