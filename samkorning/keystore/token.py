"""The provider for production: encryption keys in a hardware security module, through PKCS#11.

They are made inside the module, cannot be read out of it, and wrap there. Secrets of the keystore have lengths that
modules treat differently, so the module wraps 32 fresh bytes (AES key wrap, RFC 3394), and those wrap the secret.

Needs the package python-pkcs11 and the module's own library; both are asked for at the first use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from samkorning.encryption.primitives import NotAuthentic, new_encryption_key, unwrap, wrap
from samkorning.errors import KeystoreRefused

AES_BITS = 256
WRAPPED_BYTES = 40  # what AES key wrap makes of 32 bytes


class TokenProvider:
    """Encryption keys in one token of a PKCS#11 module. Each call opens a session of its own."""

    def __init__(self, library: Path, token: str, pin: str) -> None:
        self._library = library
        self._token = token
        self._pin = pin

    def __repr__(self) -> str:
        return f"TokenProvider({self._library}, {self._token})"

    def prepare(self) -> None:
        """Check that the token opens; it is set up with the module's own tools."""
        with self._session():
            pass

    def create(self, name: str) -> None:
        """Make an encryption key that cannot leave the module; nothing if it exists."""
        with self._session() as session:
            if not _found(session, name):
                pkcs11 = _pkcs11()
                session.generate_key(
                    pkcs11.KeyType.AES, AES_BITS, label=name, store=True, template=_kept_inside(pkcs11)
                )

    def holds(self, name: str) -> bool:
        """Tell whether the token has an encryption key of this name."""
        with self._session() as session:
            return bool(_found(session, name))

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Wrap a secret under 32 fresh bytes, and those under the named encryption key inside the module."""
        between, pkcs11 = new_encryption_key(), _pkcs11()
        with self._session() as session:
            loaded = session.create_object(_passing(pkcs11) | {pkcs11.Attribute.VALUE: between})
            wrapped = self._one(session, name).wrap_key(loaded, mechanism=pkcs11.Mechanism.AES_KEY_WRAP)
        return bytes(wrapped) + wrap(between, secret)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give the secret back."""
        between = self._unwrapped(name, wrapped[:WRAPPED_BYTES])
        try:
            return unwrap(between, wrapped[WRAPPED_BYTES:])
        except NotAuthentic:
            pass
        raise KeystoreRefused(f"{name}: what was wrapped under its encryption key does not open; restore the keystore")

    def destroy(self, name: str) -> None:
        """Destroy the encryption key in the token; complete once the token's last backup has expired."""
        with self._session() as session:
            for encryption_key in _found(session, name):
                encryption_key.destroy()

    def _unwrapped(self, name: str, wrapped: bytes) -> bytes:
        pkcs11 = _pkcs11()
        with self._session() as session:
            loaded = self._one(session, name).unwrap_key(
                pkcs11.ObjectClass.SECRET_KEY,
                pkcs11.KeyType.GENERIC_SECRET,
                wrapped,
                mechanism=pkcs11.Mechanism.AES_KEY_WRAP,
                store=False,
                template=_readable(pkcs11),
            )
            return bytes(loaded[pkcs11.Attribute.VALUE])

    def _one(self, session: Any, name: str) -> Any:
        found = _found(session, name)
        if len(found) != 1:
            raise KeystoreRefused(f"{name}: is missing in the token; it was destroyed, or the token must be restored")
        return found[0]

    @contextmanager
    def _session(self) -> Iterator[Any]:
        """Open a session; the module's errors become one refusal that names the token and the error's class."""
        pkcs11, failure = _pkcs11(), ""
        try:
            token = pkcs11.lib(str(self._library)).get_token(token_label=self._token)
            with token.open(rw=True, user_pin=self._pin) as session:
                yield session
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            failure = type(error).__name__
        if failure:
            raise KeystoreRefused(f"{self._token}: the token refused ({failure}); check library, token name and PIN")


def _pkcs11() -> Any:
    try:
        return import_module("pkcs11")
    except ImportError:
        pass
    raise KeystoreRefused("a keystore in a hardware module needs the package python-pkcs11; install it")


def _found(session: Any, name: str) -> list[Any]:
    pkcs11 = _pkcs11()
    wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, pkcs11.Attribute.LABEL: name}
    return list(session.get_objects(wanted))


def _kept_inside(pkcs11: Any) -> dict[Any, Any]:
    attribute = pkcs11.Attribute
    may = {attribute.WRAP: True, attribute.UNWRAP: True, attribute.ENCRYPT: False, attribute.DECRYPT: False}
    return {attribute.SENSITIVE: True, attribute.EXTRACTABLE: False, **may}


def _readable(pkcs11: Any) -> dict[Any, Any]:
    """Bytes that pass through a session and are never stored."""
    return {pkcs11.Attribute.SENSITIVE: False, pkcs11.Attribute.EXTRACTABLE: True}


def _passing(pkcs11: Any) -> dict[Any, Any]:
    attribute = pkcs11.Attribute
    kind = {attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, attribute.KEY_TYPE: pkcs11.KeyType.GENERIC_SECRET}
    return {**kind, attribute.TOKEN: False, **_readable(pkcs11)}
