"""Encrypted Parquet files: written, checked, opened. The one place that hands an encryption key to Polars.

Every file has an encryption key of its own, derived from its store's root and the random part of its name, and is
bound to version, case, class, store, root, generation and name by associated data that the file does not hold.

Polars reads a plaintext file without complaint when it is asked to decrypt, so magic and every byte are checked first:
by the GMAC that the manifest records, by the hash where it records none or where all is to be held against what was
committed. One check per process and file is enough: files are never written twice, and a file whose size, times or
inode changed since is checked again. Behind it every page is authenticated as it is decrypted.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

from samkorning.durable import private_file
from samkorning.encryption.primitives import derive, file_mac, new_token
from samkorning.errors import GuardedFailure, VaultDamaged
from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root
from samkorning.machine.faults import fault_of, unplaced
from samkorning.on_demand import LoadedWhenUsed
from samkorning.vault.manifest import StoredFile

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

FILE_FORMAT = "samkorning-parquet-1"
SUFFIX = ".parquet"
ENCRYPTED_FILE = re.compile(r"([0-9]{6}-[0-9a-f]{32})(-[0-9]{3,})?\.parquet")
"""Generation and token; where one writing gave several files, each has a number of its own behind them."""
MAGIC = b"PARE"
NOTHING_COMMITTED = "nothing was committed"
READ_WHOLE: Mapping[str, Any] = MappingProxyType({"compression": "zstd", "compression_level": 1, "statistics": False})
"""For rows that are all read again. Text comes out no larger than at zstd's usual level, in two thirds of the time."""
LOOKED_UP_IN: Mapping[str, Any] = MappingProxyType({"compression": "lz4", "statistics": True})
"""For sorted rows of which few are wanted, often: a sixth larger, and read in two thirds of the time."""
AS_THEY_ARE: Mapping[str, Any] = MappingProxyType({"compression": "uncompressed", "statistics": False})
"""For bytes that are read once more and then sealed: compressing them would take longer than all the rest."""


@dataclass(frozen=True)
class FileSecrets:
    """One file's encryption key and associated data, as Polars takes them."""

    encryption_key: bytes
    associated: bytes

    def __repr__(self) -> str:
        return "FileSecrets()"

    def to_write(self) -> pl.ParquetEncryptionProperties:
        """No column keys: with them Polars would leave the other columns in clear."""
        return pl.ParquetEncryptionProperties(
            footer_key=self.encryption_key, aad_prefix=self.associated, store_aad_prefix=False
        )

    def to_read(self) -> pl.ParquetDecryptionProperties:
        """The same, for a reader."""
        return pl.ParquetDecryptionProperties(footer_key=self.encryption_key, aad_prefix=self.associated)


@dataclass(frozen=True)
class EncryptedFile:
    """A file and what opens it: enough for a process elsewhere that shares the folder."""

    path: Path
    secrets: FileSecrets

    def rows(self) -> pl.LazyFrame:
        """Open it lazily."""
        return scan_encrypted(self.path, self.secrets)


def new_name(generation: int) -> str:
    """Name a new file of a generation."""
    return f"{generation:06d}-{new_token()}{SUFFIX}"


def secrets_of(address: StoreAddress, root: Root, generation: int, file: str) -> FileSecrets:
    """Derive the encryption key and the associated data of one file: the same for all files of one writing."""
    named = ENCRYPTED_FILE.fullmatch(file)
    writing = named[1] if named else file.removesuffix(SUFFIX)
    token = writing.rpartition("-")[2]
    bound = "|".join((FILE_FORMAT, *address.labels, root.id, str(generation), writing + SUFFIX))
    return FileSecrets(derive(root.secret, "file", token), bound.encode())


def write_encrypted(frame: pl.DataFrame | pl.LazyFrame, path: Path, secrets: FileSecrets, place: str) -> StoredFile:
    """Write and fsync a new file and give what its manifest records. ``place`` names it in an error."""
    try:
        with private_file(path) as stream:
            sink(frame.lazy(), stream, secrets, place)
    except GuardedFailure:
        path.unlink()
        raise
    return recorded(path, secrets)


def recorded(path: Path, secrets: FileSecrets) -> StoredFile:
    """Give what a manifest records of a file that has been written."""
    rows = scan_encrypted(path, secrets).select(pl.len()).collect().item()
    return StoredFile(path.name, path.stat().st_size, _sha256(path), rows, gmac=_gmac(path, secrets))


def scan_encrypted(path: Path, secrets: FileSecrets) -> pl.LazyFrame:
    """Open a checked file lazily."""
    return pl.scan_parquet(path, decryption=secrets.to_read(), glob=False)


def require_unchanged(path: Path, stored: StoredFile, secrets: FileSecrets, place: str) -> None:
    """Refuse a file that is missing, not encrypted, or not byte for byte what its manifest records."""
    if stored.gmac:
        _require(path, stored, stored.gmac, lambda: _gmac(path, secrets), place)
    else:
        require_same_hash(path, stored, place)


def require_same_hash(path: Path, stored: StoredFile, place: str) -> None:
    """The same by the file's hash, which others can take too and hold against what was written down elsewhere."""
    _require(path, stored, stored.sha256, lambda: _sha256(path), place)


def _require(path: Path, stored: StoredFile, recorded: str, found: Callable[[], str], place: str) -> None:
    try:
        state = _state(path)
    except FileNotFoundError:
        raise VaultDamaged(f"{place}: the file is missing; stop and restore it from backup") from None
    if (state, recorded) in _checked.get(path, ()):
        return
    if state[0] != stored.size or not _has_magic(path) or found() != recorded:
        raise VaultDamaged(f"{place}: the file is not what was committed; stop and restore it from backup")
    _checked[path] = {(state, recorded)} | {other for other in _checked.get(path, ()) if other[0] == state}


_State = tuple[int, int, int, int, int]
_checked: dict[Path, set[tuple[_State, str]]] = {}


def _state(path: Path) -> _State:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def _has_magic(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(len(MAGIC))
        stream.seek(-len(MAGIC), os.SEEK_END)
        return head == MAGIC == stream.read()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _gmac(path: Path, secrets: FileSecrets) -> str:
    """Under an encryption key of the file's own: all files of one writing are encrypted under one."""
    with path.open("rb", buffering=0) as stream:
        return file_mac(derive(secrets.encryption_key, "whole file", path.name), stream).hex()


def sink(
    rows: pl.LazyFrame,
    target: BinaryIO | pl.PartitionBy,
    secrets: FileSecrets,
    place: str,
    row_group_size: int | None = None,
    layout: Mapping[str, Any] = READ_WHOLE,
) -> None:
    """Write rows, streaming; GuardedFailure with the reason, never the error's text, which could quote a cell."""
    failure: GuardedFailure | None = None
    try:
        rows.sink_parquet(
            target,
            **layout,
            encryption=secrets.to_write(),
            row_group_size=row_group_size,
            engine="streaming",
        )
    except (Exception, pl.exceptions.PanicException) as error:
        found, what = fault_of(error), f"{place}: the rows could not be computed or written"
        named = f"{what} ({type(error).__name__}); {NOTHING_COMMITTED}"
        failure = unplaced(found, what) if found else GuardedFailure(named)
    if failure:
        raise failure


def make_durable(path: Path) -> None:
    """Make a written file survive a power cut."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
