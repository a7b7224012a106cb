"""What a provider of encryption keys does, whether it is a file, a service or a hardware module.

A provider holds the master and the class keys and never gives them out; the keystore asks it to wrap and unwrap.
"""

from typing import Protocol


class KeyProvider(Protocol):
    """Named encryption keys that stay inside the provider."""

    def prepare(self) -> None:
        """Set up the master where there is none; one that is there must open, so that a broken start can end."""

    def create(self, name: str) -> None:
        """Draw a new encryption key of this name; nothing if it exists."""

    def holds(self, name: str) -> bool:
        """Tell whether an encryption key of this name exists."""

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Wrap a secret under the named encryption key; KeystoreRefused if there is none."""

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give the secret back; KeystoreRefused if the name, the bytes or the provider's secret is wrong."""

    def destroy(self, name: str) -> None:
        """Destroy the named encryption key for good; nothing if it is gone already."""
