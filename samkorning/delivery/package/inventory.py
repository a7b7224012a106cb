"""What is really in a package: hash, size and rows of every file, from an opened folder or an archive passing by.

What belongs here: looking, with bounded memory. What must not: comparing with what the manifest says (verification).
"""

import hashlib
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from samkorning.delivery.machine_readable.ro_crate_steps import RO_CRATE
from samkorning.delivery.package.manifest import MANIFEST, PUBLIC_KEY, SIGNATURES
from samkorning.delivery.recipient.check import LEFT_BY_PROGRAMS, RowCounter

_CHUNK = 1 << 20
_KEPT = (MANIFEST, *SIGNATURES, PUBLIC_KEY, RO_CRATE)
_LARGEST_KEPT = 16 << 20


@dataclass(frozen=True)
class FileFacts:
    """One file as it was found; ``rows`` means something for data files of lines only."""

    sha256: str
    bytes: int
    rows: int


@dataclass
class Inventory:
    """Files by their place in the package, the bytes of the manifest, its signatures, the key and the research object,
    and what should not be there.
    """

    files: dict[str, FileFacts] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, name: str, read: Callable[[int], bytes]) -> None:
        """Read one file to its end and enter it under ``name``."""
        if name in self.files:
            self.problems.append(f"{name}: occurs twice")
        digest, size, counter, kept = hashlib.sha256(), 0, RowCounter(), bytearray()
        for chunk in iter(lambda: read(_CHUNK), b""):
            digest.update(chunk)
            counter.update(chunk)
            size += len(chunk)
            if name in _KEPT and size <= _LARGEST_KEPT:
                kept += chunk
        self.files[name] = FileFacts(digest.hexdigest(), size, counter.rows)
        if name in _KEPT:
            self.kept[name] = bytes(kept)


def inventory_of_folder(folder: Path) -> Inventory:
    """Every file below an opened package but what programs leave there; links and what is no file are problems."""
    inventory = Inventory()
    for path in sorted(folder.rglob("*")):
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            inventory.problems.append(f"{name}: is no plain file")
        elif path.is_file() and not LEFT_BY_PROGRAMS.fullmatch(name):
            with path.open("rb") as file:
                inventory.add(name, file.read)
    return inventory


def inventory_of_archive(archive: tarfile.TarFile, folder: str) -> Inventory:
    """Every member of an archive whose files all lie in ``folder``, read as it passes by."""
    inventory = Inventory()
    for member, name in _members(archive, folder):
        if name is None or not (member.isreg() or member.isdir()):
            inventory.problems.append("the archive holds something else than this delivery's files")
        elif member.isreg():
            file = archive.extractfile(member)
            if file is not None:
                inventory.add(name, file.read)
    return inventory


def _members(archive: tarfile.TarFile, folder: str) -> Iterator[tuple[tarfile.TarInfo, str | None]]:
    """Each member with its place inside ``folder``, none for one outside."""
    for member in archive:
        if member.name == folder and member.isdir():
            continue
        inside = member.name.startswith(f"{folder}/") and ".." not in member.name.split("/")
        yield member, member.name.removeprefix(f"{folder}/") if inside else None
