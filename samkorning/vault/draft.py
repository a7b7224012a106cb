"""A generation that is being written in parts, here or by processes elsewhere, and committed together.

What belongs here: the files of a generation until it is committed, and taking them away if it never is. What must not:
which parts there are and what is in them (the writer's affair), or the commitment itself (store).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from samkorning.encryption.primitives import new_encryption_key
from samkorning.keystore.address import StoreAddress
from samkorning.vault.encrypted_files import SUFFIX, EncryptedFile, FileSecrets, new_name, secrets_of, write_encrypted
from samkorning.vault.manifest import StoredFile
from samkorning.vault.part_files import PartFiles, Place
from samkorning.vault.state import StoreState

if TYPE_CHECKING:
    import polars as pl


class Draft(PartFiles):
    """One generation on its way. ``Store.draft`` gives it, and holds the case meanwhile."""

    def __init__(self, state: StoreState, address: StoreAddress) -> None:
        self.number = len(state.chain)
        stem = new_name(self.number).removesuffix(SUFFIX)
        secrets = secrets_of(address, state.root, self.number, stem + SUFFIX)
        super().__init__(Place(state.folder, stem, secrets, str(address)))
        self._elsewhere: dict[str, StoredFile] = {}
        self._lent: list[EncryptedFile] = []

    def adopt(self, files: Iterable[StoredFile]) -> dict[str, tuple[int, int] | None]:
        """Take over files of this place that were written and made durable elsewhere; their names with their bounds."""
        adopted = {stored.file: stored for stored in files}
        self._elsewhere |= adopted
        return {name: _bounds(stored) for name, stored in adopted.items()}

    def lend(self, rows: pl.LazyFrame) -> EncryptedFile:
        """Write rows that processes elsewhere read while they write; gone when the draft ends, however it ends.

        Their encryption key is in this process's memory alone: what a crash leaves opens to nobody.
        """
        name = new_name(self.number)
        secrets = FileSecrets(new_encryption_key(), name.encode())
        lent = EncryptedFile(self.place.folder / name, secrets)
        self._lent.append(lent)
        write_encrypted(rows, lent.path, secrets, self.place.what)
        return lent

    def durable(self, bounds: Mapping[str, tuple[int, int] | None]) -> tuple[StoredFile, ...]:
        """Give what the manifest records of the files, in order of their bounds; fsync those that were written here."""
        here = {name: ends for name, ends in bounds.items() if name not in self._elsewhere}
        adopted = (self._elsewhere[name] for name in bounds if name in self._elsewhere)
        return tuple(sorted((*super().durable(here), *adopted), key=_place_of))

    def discard(self) -> None:
        """Take away every file of this writing, also those of processes elsewhere that ended badly."""
        for path in self.place.folder.glob(f"{self.place.stem}-*{SUFFIX}"):
            path.unlink(missing_ok=True)

    def end_lending(self) -> None:
        """Take away what was lent."""
        for lent in self._lent:
            lent.path.unlink(missing_ok=True)


def _place_of(stored: StoredFile) -> tuple[tuple[int, ...], str]:
    """By what the files of a generation are in order."""
    return _bounds(stored) or (), stored.file


def _bounds(stored: StoredFile) -> tuple[int, int] | None:
    return None if stored.first is None or stored.last is None else (stored.first, stored.last)
