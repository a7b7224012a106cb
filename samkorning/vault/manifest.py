"""Manifests: what a generation consists of, authenticated and chained, committed by a link.

A manifest that exists is a committed generation; nothing else is. ``os.link`` fails if the name exists, so two writers
cannot both commit generation n. Each manifest holds the authenticator of the one before, and all of them are read and
checked before any file is opened: a changed, swapped, foreign or missing one stops the store.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from samkorning.durable import make_folder, write_new
from samkorning.encryption.primitives import derive, mac, same
from samkorning.errors import VaultDamaged
from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root

MANIFEST_FORMAT = "samkorning-manifest-1"
MANIFEST_FILE = re.compile(r"[0-9]{6}\.json")

NO_FACTS: Mapping[str, int | str] = MappingProxyType({})


@dataclass(frozen=True)
class Manifest:
    """One generation as committed. ``oldest_kept`` is the oldest generation whose file is still kept."""

    generation: int
    file: str
    size: int
    sha256: str
    rows: int
    oldest_kept: int
    previous: str
    facts: Mapping[str, int | str] = field(default_factory=lambda: NO_FACTS)
    authenticator: str = field(default="", compare=False)


FIRST = Manifest(generation=0, file="", size=0, sha256="", rows=0, oldest_kept=1, previous="")


def commit(folder: Path, address: StoreAddress, root: Root, manifest: Manifest) -> Manifest:
    """Link the manifest into place, durable, and give it with its authenticator; FileExistsError if overtaken."""
    body = _body(address, root, manifest)
    authenticator = _authenticator(root, body)
    write_new(folder / manifest_name(manifest.generation), _canonical({**body, "mac": authenticator}))
    return _read(folder, address, root, manifest.generation)


def start_chain(store_folder: Path, address: StoreAddress, root: Root) -> Manifest:
    """Commit the manifest that says the store exists, if it is not there yet."""
    folder = store_folder / root.id
    make_folder(folder)
    if (folder / manifest_name(0)).exists():
        return _read(folder, address, root, 0)
    return commit(folder, address, root, FIRST)


def read_chain(folder: Path, address: StoreAddress, root: Root) -> list[Manifest]:
    """Give all manifests of a store, oldest (generation 0) first, each authentic and bound to the one before."""
    numbers = sorted(int(path.stem) for path in folder.iterdir() if MANIFEST_FILE.fullmatch(path.name))
    chain: list[Manifest] = []
    for expected in range(len(numbers)):
        manifest = _read(folder, address, root, expected)
        if manifest.previous != (chain[-1].authenticator if chain else ""):
            raise _damaged(folder, address, expected, "does not follow the one before it")
        chain.append(manifest)
    return chain


def manifest_name(generation: int) -> str:
    """Name the manifest of a generation."""
    return f"{generation:06d}.json"


def _read(folder: Path, address: StoreAddress, root: Root, generation: int) -> Manifest:
    path = folder / manifest_name(generation)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _damaged(folder, address, generation, "is missing") from None
    manifest = _parsed(content)
    if manifest is None or not _is_authentic(content, address, root, manifest) or manifest.generation != generation:
        raise _damaged(folder, address, generation, "is not what was committed for this store")
    return manifest


def _parsed(content: bytes) -> Manifest | None:
    """Read the fields, trusted or not: the caller compares what they make with every byte of the file."""
    try:
        fields = json.loads(content)
        return Manifest(
            generation=int(fields["generation"]),
            file=str(fields["file"]),
            size=int(fields["size"]),
            sha256=str(fields["sha256"]),
            rows=int(fields["rows"]),
            oldest_kept=int(fields["oldest_kept"]),
            previous=str(fields["previous"]),
            facts=MappingProxyType(dict(fields["facts"])),
            authenticator=str(fields["mac"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_authentic(content: bytes, address: StoreAddress, root: Root, manifest: Manifest) -> bool:
    body = _body(address, root, manifest)
    return same(content, _canonical({**body, "mac": _authenticator(root, body)}))


def _body(address: StoreAddress, root: Root, manifest: Manifest) -> dict[str, object]:
    return {
        "format": MANIFEST_FORMAT,
        "case": address.case,
        "retention_class": address.retention_class.value,
        "store": address.store,
        "root": root.id,
        "generation": manifest.generation,
        "file": manifest.file,
        "size": manifest.size,
        "sha256": manifest.sha256,
        "rows": manifest.rows,
        "oldest_kept": manifest.oldest_kept,
        "previous": manifest.previous,
        "facts": dict(manifest.facts),
    }


def _canonical(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _authenticator(root: Root, body: Mapping[str, object]) -> str:
    return mac(derive(root.secret, "manifest"), _canonical(body)).hex()


def _damaged(folder: Path, address: StoreAddress, generation: int, problem: str) -> VaultDamaged:
    name = manifest_name(generation)
    return VaultDamaged(f"{address}/{name}: the manifest {problem}; stop and restore the store from backup")
