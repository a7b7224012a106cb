"""Where encryption keys are kept: apart from the data they open, and apart from the data's long-term backups.

What belongs here: providers, wrapped encryption keys on disk, the anchor of each store. What must not: row data,
encrypted tables (``samkorning.vault``), algorithms (``samkorning.encryption``).

Levels: the provider's master → one encryption key per case and retention class → one root per store → one encryption
key per file. Destroying the class key makes every file of that class unreadable for good.
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.keystore.address import RetentionClass, StoreAddress
    from samkorning.keystore.in_memory import InMemoryProvider
    from samkorning.keystore.keystore import CASE_EVENTS, Keystore
    from samkorning.keystore.passphrase import PassphraseProvider
    from samkorning.keystore.provider import KeyProvider
    from samkorning.keystore.roots import Anchor, Root
    from samkorning.keystore.token import TokenProvider

__all__ = [
    "CASE_EVENTS",
    "Anchor",
    "InMemoryProvider",
    "KeyProvider",
    "Keystore",
    "PassphraseProvider",
    "RetentionClass",
    "Root",
    "StoreAddress",
    "TokenProvider",
]

__getattr__ = on_demand(
    __name__,
    {
        "address": (
            "RetentionClass",
            "StoreAddress",
        ),
        "in_memory": ("InMemoryProvider",),
        "keystore": (
            "CASE_EVENTS",
            "Keystore",
        ),
        "passphrase": ("PassphraseProvider",),
        "provider": ("KeyProvider",),
        "roots": (
            "Anchor",
            "Root",
        ),
        "token": ("TokenProvider",),
    },
)
