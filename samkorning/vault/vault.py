"""The vault: which stores a case has, making one, opening one, holding the case."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from samkorning.durable import make_folder
from samkorning.errors import NotFound, SamkorningError
from samkorning.keystore.address import RetentionClass, StoreAddress, require_case
from samkorning.keystore.keystore import Keystore
from samkorning.keystore.roots import Roots
from samkorning.vault.case_lock import case_lock, known_while_held
from samkorning.vault.file_system import refuse_network_file_system
from samkorning.vault.manifest import manifest_name, start_chain
from samkorning.vault.restored import Restored
from samkorning.vault.store import Store
from samkorning.vault.sweep import remove_store

LOCKS = ".locks"


class StoreExists(SamkorningError):
    """The store that was to be created exists; it is opened instead, never made anew."""


class Vault:
    """The stores below one folder. Creating and opening are different calls, so that none is made by mistake."""

    def __init__(self, folder: Path, keystore: Keystore) -> None:
        refuse_network_file_system(folder)
        make_folder(folder / LOCKS)
        self.folder = folder.resolve()
        self._keystore = keystore

    def __repr__(self) -> str:
        return f"Vault({self.folder})"

    def lock(self, case: str) -> AbstractContextManager[None]:
        """Hold a case while its stores change. Never waits: CaseBusy if another process holds it; re-entrant here."""
        return case_lock(self._lock_file(case), case)

    def create_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Make an empty store with a root of its own; StoreExists if it is there."""
        address = StoreAddress(case, retention_class, name)
        with self.lock(case):
            if self._is_known(address):
                raise StoreExists(f"{address}: exists already; open it")
            root = self._keystore.roots.create(address)
            start_chain(self.folder / address.folder, address, root)
            return self.open_store(case, retention_class, name)

    def open_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Open a store; NotFound if it was never made, VaultDamaged if its files are gone, changed or older."""
        address = StoreAddress(case, retention_class, name)
        if not self._is_known(address):
            raise NotFound(f"{address}: no such store")
        store = self._store(address)
        store.latest()
        return store

    def restored(self, case: str) -> list[Restored]:
        """Give the stores of a case that lie behind what the keystore knows, as in a vault from an older backup.

        VaultDamaged if one of them is no earlier state of its store.
        """
        addresses = [StoreAddress(case, kind, name) for kind in RetentionClass for name in self.stores(case, kind)]
        found = [self._store(address).restored() for address in addresses]
        return [each for each in found if each is not None]

    def accept_restored(self, case: str, looked_at: Restored) -> None:
        """Go on from what lies there of a store that is behind; see ``Store``."""
        self._store(StoreAddress(case, looked_at.retention_class, looked_at.store)).accept_restored(looked_at)

    def lost_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Give a store that was made and does not open, to start it anew."""
        return self._store(StoreAddress(case, retention_class, name))

    def has_store(self, case: str, retention_class: RetentionClass, name: str) -> bool:
        """Tell whether the store was made, be its files there or lost."""
        return self._is_known(StoreAddress(case, retention_class, name))

    def stores(self, case: str, retention_class: RetentionClass | None = None) -> list[str]:
        """Give the names of a case's stores, of one retention class or of all, in order."""
        classes = [retention_class] if retention_class else list(RetentionClass)
        addresses = [
            StoreAddress(case, kind, name)
            for kind in classes
            for name in {*self.folders(case, kind), *self._keystore.roots.stores(case, kind)}
        ]
        return sorted({address.store for address in addresses if self._is_known(address)})

    def folders(self, case: str, kind: RetentionClass) -> list[str]:
        """Give the names of a case's stores that have a folder here, in no order: what lies here, whole or not."""
        folder = self.folder / require_case(case) / kind.value
        return [path.name for path in folder.iterdir()] if folder.is_dir() else []

    def mark(self, case: str, retention_class: RetentionClass, name: str) -> str:
        """Give what changes whenever a store does, without opening it: its newest manifest's name, size and times.

        It proves nothing; who acts on a store opens it.
        """
        folder = self.folder / StoreAddress(case, retention_class, name).folder
        newest = max((path for path in folder.glob("*/*.json")), key=lambda path: path.name, default=None)
        if newest is None:
            return ""
        state = newest.stat()
        return f"{newest.parent.name}/{newest.name}:{state.st_size}:{state.st_mtime_ns}:{state.st_ino}"

    def cases(self) -> list[str]:
        """Give the cases that have a folder here, in order."""
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and path.name != LOCKS)

    def rotate_class(self, case: str, retention_class: RetentionClass) -> None:
        """Wrap the roots of a case's class under a new encryption key, holding the case; completes a broken try."""
        with self.lock(case):
            self._keystore.rotate_class(case, retention_class)

    def destroy_class(self, case: str, retention_class: RetentionClass) -> None:
        """Make everything of a case's class unreadable for good, then remove its files; completes a broken try.

        Deciding it, proving it and writing the receipt are the disposal's business.
        """
        with self.lock(case):
            self._keystore.destroy_class(case, retention_class)
            self._known(case).clear()
            for name in self.folders(case, retention_class):
                remove_store(self.folder / case / retention_class.value / name)

    def destroy_stores(self, case: str, retention_class: RetentionClass, names: Collection[str]) -> None:
        """Make some stores unreadable for good and remove their files; the others go on under a new class key.

        Completes a broken try. Deciding it, proving it and writing the receipt are the disposal's business.
        """
        with self.lock(case):
            self._keystore.roots.destroy_stores(case, retention_class, names)
            self._known(case).clear()
            for name in set(names) & set(self.folders(case, retention_class)):
                remove_store(self.folder / case / retention_class.value / name)

    def _is_known(self, address: StoreAddress) -> bool:
        """A store is made by its first manifest; the keystore's anchor remembers it when the files are lost."""
        if address in self._known(address.case):
            return True
        if any((self.folder / address.folder).glob(f"*/{manifest_name(0)}")):
            return True
        return self._roots.has_anchor(address)

    def _store(self, address: StoreAddress) -> Store:
        lock, known = partial(self.lock, address.case), partial(self._remembered, address.case)
        return Store(self.folder / address.folder, address, self._roots, lock, known)

    @property
    def _roots(self) -> Roots:
        return self._keystore.roots

    def _known(self, case: str) -> dict[Any, Any]:
        """What is remembered of a case while it is held here."""
        return self._remembered(case) or {}

    def _remembered(self, case: str) -> dict[Any, Any] | None:
        return known_while_held(self._lock_file(case))

    def _lock_file(self, case: str) -> Path:
        return self.folder / LOCKS / require_case(case)
