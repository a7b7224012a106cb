"""A vault of which nothing is changed: what would change it is refused.

What belongs here: those refusals, the same for every such vault. What must not: what is read of it (past, as_restored).
"""

from collections.abc import Collection

from samkorning.errors import SamkorningError
from samkorning.keystore.address import RetentionClass
from samkorning.vault.restored import Restored
from samkorning.vault.store import Store
from samkorning.vault.vault import Vault


class WriteRefused(SamkorningError):
    """Something would have been written to a store that is read as it was; whoever wrote that step looks into it."""

    exit_code = 3


class ReadOnlyVault(Vault):
    """A vault that is read at another moment, or on another condition, than it is written."""

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

    def _refused(self, case: str) -> WriteRefused:
        return WriteRefused(f"{case}: is only read here, and nothing of it is changed")
