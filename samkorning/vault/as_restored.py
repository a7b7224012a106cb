"""A restored vault as it would be once what it lost is given up: read, and never written.

What belongs here: opening stores without asking the keystore how far they had come. What must not: accepting that
(``Store.accept_restored``).

Nothing that is read here is remembered for the vault itself, which asks the keystore all the same.
"""

from contextlib import AbstractContextManager

from samkorning.keystore.address import RetentionClass
from samkorning.keystore.keystore import Keystore
from samkorning.keystore.roots import Roots
from samkorning.vault.past import PastStore
from samkorning.vault.read_only import ReadOnlyVault
from samkorning.vault.store import Store
from samkorning.vault.vault import Vault


class VaultAsRestored(ReadOnlyVault):
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

    @property
    def _roots(self) -> Roots:
        return self._keystore.roots.without_anchors()

    def _remembered(self, case: str) -> None:
        return None
