"""Manifests: what a generation consists of, authenticated and chained, committed by a link.

A manifest that exists is a committed generation; nothing else is. ``os.link`` fails if the name exists, so two writers
cannot both commit generation n. Each manifest holds the authenticator of the one before, and all of them are read and
checked before any file is opened: a changed, swapped, foreign or missing one stops the store.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from samkorning.durable import make_folder, write_new
from samkorning.encryption.primitives import derive, mac, same
from samkorning.errors import VaultDamaged
from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root

ONE_FILE = "samkorning-manifest-1"
"""The format of a generation that is one file without recorded bounds; all that there were at first."""
PARTS = "samkorning-manifest-2"
"""The format of a generation in parts by range of what they are cut by."""
MANIFEST_FILE = re.compile(r"[0-9]{6}\.json")

NO_FACTS: Mapping[str, int | str] = MappingProxyType({})


@dataclass(frozen=True)
class StoredFile:
    """One encrypted file of a generation; ``first`` and ``last`` bound what it is cut by, where recorded.

    ``gmac`` authenticates all of its bytes, as the hash does, and is quicker to find; files from before it was recorded
    have none.
    """

    file: str
    size: int
    sha256: str
    rows: int
    first: int | None = None
    last: int | None = None
    gmac: str = ""


@dataclass(frozen=True)
class Manifest:
    """One generation as committed. ``oldest_kept`` is the oldest generation whose files are still kept."""

    generation: int
    files: tuple[StoredFile, ...]
    oldest_kept: int
    previous: str
    facts: Mapping[str, int | str] = field(default_factory=lambda: NO_FACTS)
    authenticator: str = field(default="", compare=False)

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(stored.rows for stored in self.files)

    @property
    def sha256(self) -> str:
        """What names the content: the hash of the one file, or of the hashes of all."""
        if self.is_one_file:
            return self.files[0].sha256 if self.files else ""
        return hashlib.sha256("\n".join(stored.sha256 for stored in self.files).encode()).hexdigest()

    @property
    def is_one_file(self) -> bool:
        """Whether it is at most one file, without recorded bounds."""
        return len(self.files) < 2 and all(stored.first is None for stored in self.files)


FIRST = Manifest(generation=0, files=(), oldest_kept=1, previous="")


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
        files = [fields] if fields["format"] == ONE_FILE else fields["files"]
        return Manifest(
            generation=int(fields["generation"]),
            files=tuple(_stored(each) for each in files if each["file"]),
            oldest_kept=int(fields["oldest_kept"]),
            previous=str(fields["previous"]),
            facts=MappingProxyType(dict(fields["facts"])),
            authenticator=str(fields["mac"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _stored(fields: Mapping[str, Any]) -> StoredFile:
    first, last = (None if fields.get(end) is None else int(fields[end]) for end in ("first", "last"))
    return StoredFile(
        str(fields["file"]),
        int(fields["size"]),
        str(fields["sha256"]),
        int(fields["rows"]),
        first,
        last,
        str(fields.get("gmac", "")),
    )


def _is_authentic(content: bytes, address: StoreAddress, root: Root, manifest: Manifest) -> bool:
    body = _body(address, root, manifest)
    return same(content, _canonical({**body, "mac": _authenticator(root, body)}))


def _body(address: StoreAddress, root: Root, manifest: Manifest) -> dict[str, object]:
    return {
        "format": ONE_FILE if manifest.is_one_file else PARTS,
        "case": address.case,
        "retention_class": address.retention_class.value,
        "store": address.store,
        "root": root.id,
        "generation": manifest.generation,
        **_files(manifest),
        "oldest_kept": manifest.oldest_kept,
        "previous": manifest.previous,
        "facts": dict(manifest.facts),
    }


def _files(manifest: Manifest) -> dict[str, object]:
    if not manifest.is_one_file:
        return {"files": [_fields(stored) for stored in manifest.files]}
    one = manifest.files[0] if manifest.files else StoredFile(file="", size=0, sha256="", rows=0)
    return {name: value for name, value in _fields(one).items() if name not in ("first", "last")}


def _fields(stored: StoredFile) -> dict[str, object]:
    """A file as a manifest has it; one that was written without GMAC as it was."""
    return {name: value for name, value in vars(stored).items() if name != "gmac" or value}


def _canonical(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _authenticator(root: Root, body: Mapping[str, object]) -> str:
    return mac(derive(root.secret, "manifest"), _canonical(body)).hex()


def _damaged(folder: Path, address: StoreAddress, generation: int, problem: str) -> VaultDamaged:
    name = manifest_name(generation)
    return VaultDamaged(f"{address}/{name}: the manifest {problem}; stop and restore the store from backup")
