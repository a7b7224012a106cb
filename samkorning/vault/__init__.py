"""The vault (valv): everything that holds identity numbers or rows, encrypted, one complete file per generation.

What belongs here: stores, their manifests, the lock of a case, what a process must set before it opens one. What must
not: encryption keys at rest (``samkorning.keystore``), algorithms (``samkorning.encryption``), what the rows mean.

A store lies in ``<vault>/<case>/<retention class>/<store>/<root>/``: ``000000.json`` says that the store exists,
``000001.json`` is the manifest of its first generation and names that generation's file,
``000001-<token>.parquet``. Each manifest authenticates the one before it. Beside the stores of a case lies its anchor,
which the case register writes (``samkorning.case.anchor``).
"""

from typing import TYPE_CHECKING

from samkorning.keystore.address import RetentionClass
from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.vault.as_restored import VaultAsRestored
    from samkorning.vault.generations import Generation, Part
    from samkorning.vault.past import Keeping, Moment, PastStore, PastVault
    from samkorning.vault.read_only import WriteRefused
    from samkorning.vault.restored import Restored
    from samkorning.vault.store import Store
    from samkorning.vault.vault import StoreExists, Vault

__all__ = [
    "Generation",
    "Keeping",
    "Moment",
    "Part",
    "PastStore",
    "PastVault",
    "Restored",
    "RetentionClass",
    "Store",
    "StoreExists",
    "Vault",
    "VaultAsRestored",
    "WriteRefused",
]

__getattr__ = on_demand(
    __name__,
    {
        "as_restored": ("VaultAsRestored",),
        "generations": (
            "Generation",
            "Part",
        ),
        "past": (
            "Keeping",
            "Moment",
            "PastStore",
            "PastVault",
        ),
        "read_only": ("WriteRefused",),
        "restored": ("Restored",),
        "store": ("Store",),
        "vault": (
            "StoreExists",
            "Vault",
        ),
    },
)
