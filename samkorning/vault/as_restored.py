"""A restored vault as it would be once what it lost is given up: read, and never written.

What belongs here: opening stores without asking the keystore how far they had come. What must not: accepting that
(``Store.accept_restored``).

Nothing that is read here is remembered for the vault itself, which asks the keystore all the same.
"""

from collections.abc import Collection
from contextlib import AbstractContextManager

from samkorning.keystore.address import RetentionClass
from samkorning.keystore.keystore import Keystore
from samkorning.keystore.roots import Roots
from samkorning.vault.past import PastStore, WriteRefused
from samkorning.vault.restored import Restored
from samkorning.vault.store import Store
from samkorning.vault.vault import Vault


class VaultAsRestored(Vault):
    """The stores of a vault that lie there, each up to its newest generation there."""

    def __init__(self, present: Vault, keystore: Keystore) -> None:
        self.folder = present.folder
        self._keystore = keystore
        self._present = present

    def lock(self, case: str) -> AbstractContextManager[None]:
        """Hold the case as it is."""
        return self._present.lock(case)

    def open_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Open a store that lies there."""
        return PastStore(super().open_store(case, retention_class, name), None)

    def create_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Refuse."""
        raise self._refused(case)

    def accept_restored(self, case: str, looked_at: Restored) -> None:
        """Refuse."""
        raise self._refused(case)

    def rotate_class(self, case: str, retention_class: RetentionClass) -> None:
        """Refuse."""
        raise self._refused(case)

    def destroy_class(self, case: str, retention_class: RetentionClass) -> None:
        """Refuse."""
        raise self._refused(case)

    def destroy_stores(self, case: str, retention_class: RetentionClass, names: Collection[str]) -> None:
        """Refuse."""
        raise self._refused(case)

    @property
    def _roots(self) -> Roots:
        return self._keystore.roots.without_anchors()

    def _remembered(self, case: str) -> None:
        return None

    def _refused(self, case: str) -> WriteRefused:
        return WriteRefused(f"{case}: is looked at as it was restored, and nothing of it is changed")
