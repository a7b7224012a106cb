"""A provider whose encryption keys live in this process alone: what they encrypt opens to nobody once it has ended.

What belongs here: keys for scratch that a process makes and throws away. What must not: anything that is to be kept.
"""

from samkorning.encryption.primitives import NotAuthentic, new_encryption_key, unwrap, wrap
from samkorning.errors import KeystoreRefused


class InMemoryProvider:
    """Named encryption keys in memory, on no disk."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "InMemoryProvider()"

    def prepare(self) -> None:
        """Nothing has to be set up."""

    def create(self, name: str) -> None:
        """Draw a new encryption key of this name; nothing if it exists."""
        self._keys.setdefault(name, new_encryption_key())

    def holds(self, name: str) -> bool:
        """Tell whether an encryption key of this name exists."""
        return name in self._keys

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Wrap a secret under the named encryption key."""
        return wrap(self._open(name), secret)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give the secret back; KeystoreRefused if the name or the bytes are wrong."""
        encryption_key = self._open(name)
        try:
            return unwrap(encryption_key, wrapped)
        except NotAuthentic:
            pass
        raise KeystoreRefused(f"{name}: what was wrapped under its encryption key does not open")

    def destroy(self, name: str) -> None:
        """Forget the named encryption key."""
        self._keys.pop(name, None)

    def _open(self, name: str) -> bytes:
        if name not in self._keys:
            raise KeystoreRefused(f"{name}: there is no encryption key of this name in memory")
        return self._keys[name]
