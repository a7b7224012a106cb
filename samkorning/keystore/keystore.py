"""The keystore as a whole: creating it, opening it, the service's own secrets, rotation and destruction by class.

Below its folder, apart from the vault: ``keystore.json``, ``classes/``, ``secrets/``, ``roots/``, ``anchors/``, and
what the provider keeps. Every secret there is wrapped by the provider and bound to what it is for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samkorning.durable import file_lock, make_folder, write_new
from samkorning.encryption.primitives import new_encryption_key
from samkorning.errors import KeystoreRefused
from samkorning.keystore.address import RetentionClass, StoreAddress, class_label
from samkorning.keystore.class_keys import ClassKeys
from samkorning.keystore.documents import binding, read, require_binding, written
from samkorning.keystore.provider import KeyProvider
from samkorning.keystore.roots import Roots
from samkorning.machine.lock_waiting import FOR_A_WHILE, Waiting

KEYSTORE_FORMAT = "samkorning-keystore-1"
SECRET_FORMAT = "samkorning-secret-1"  # noqa: S105 (a format marker)
SERVICE = "service"
AUDIT, SIGNING, CASE_EVENTS = "audit", "signing", "case-events"
OTHERS_MAY = 0o077


class Keystore:
    """An opened keystore. Make it with ``create`` once, ``open`` ever after.

    ``roots`` holds the roots of stores; the vault is their only user.
    """

    def __init__(self, folder: Path, provider: KeyProvider, waiting: Waiting = FOR_A_WHILE) -> None:
        self.folder = folder
        self._waiting = waiting
        self._provider = provider
        self._classes = ClassKeys(folder / "classes", provider)
        self.roots = Roots(folder, self._classes)

    @classmethod
    def create(cls, folder: Path, provider: KeyProvider, waiting: Waiting = FOR_A_WHILE) -> "Keystore":
        """Set up an empty keystore; KeystoreRefused if one is there. A start that broke off is completed."""
        keystore = cls(folder, provider, waiting)
        make_folder(folder)
        if keystore._marker.exists():
            raise KeystoreRefused(f"{folder}: a keystore lies here already; open it")
        provider.prepare()
        keystore._classes.create(SERVICE)
        for name in (AUDIT, SIGNING, CASE_EVENTS):
            if not keystore.has_secret(name):
                keystore.keep_secret(name, new_encryption_key())
        write_new(keystore._marker, written(KEYSTORE_FORMAT, {}))
        return cls.open(folder, provider, waiting)

    @classmethod
    def open(cls, folder: Path, provider: KeyProvider, waiting: Waiting = FOR_A_WHILE) -> "Keystore":
        """Open the keystore; KeystoreRefused if none lies there, others may read it, or the provider does not open."""
        keystore = cls(folder, provider, waiting)
        if not keystore._marker.exists():
            raise KeystoreRefused(f"{folder}: no keystore lies here; create one, or restore it from its backup")
        if folder.stat().st_mode & OTHERS_MAY:
            raise KeystoreRefused(f"{folder}: other accounts may read it; chmod 700 it and look who did")
        read(keystore._marker, KEYSTORE_FORMAT)
        keystore.service_secret(AUDIT)
        return keystore

    def __repr__(self) -> str:
        return f"Keystore({self.folder})"

    def store_root(self, case: str, retention_class: RetentionClass, store: str) -> bytes:
        """Give the 32 bytes of a store's root; KeystoreRefused if there is none, or its class was destroyed."""
        return self.roots.read(StoreAddress(case, retention_class, store)).secret

    def keep_secret(self, name: str, secret: bytes) -> None:
        """Keep a secret of the service under a new name; FileExistsError if the name is taken."""
        path = self._secret_file(name)
        make_folder(path.parent)
        bound = binding(secret, "secret", name).hex()
        with self._service():
            write_new(path, written(SECRET_FORMAT, {**self._classes.wrap(SERVICE, secret), "binding": bound}))

    def has_secret(self, name: str) -> bool:
        """Tell whether a secret of the service has this name."""
        return self._secret_file(name).exists()

    def service_secret(self, name: str) -> bytes:
        """Give the newest secret of this name: 32 bytes for those of a new keystore, else what was kept."""
        return self.service_secrets(name)[-1]

    def service_secrets(self, name: str) -> list[bytes]:
        """Give every secret of this name, oldest first: what was written under an earlier one must stay checkable."""
        renewed = range(2, self._renewals(name) + 2)
        return [self._read_secret(name), *(self._read_secret(f"{name}.{number}") for number in renewed)]

    def renew_secret(self, name: str, secret: bytes) -> None:
        """Put a new secret in force under a name that has one; the earlier ones are kept."""
        self._read_secret(name)
        self.keep_secret(f"{name}.{self._renewals(name) + 2}", secret)

    def rotate_class(self, case: str, retention_class: RetentionClass) -> None:
        """Wrap the roots of a case's class under a new encryption key and destroy the old one; completes a broken try.

        The caller holds the case. Files stay as they are: rotate a store's root to encrypt them anew.
        """
        self.roots.rotate_class(case, retention_class)

    def rotate_service(self) -> None:
        """Wrap the service's own secrets under a new encryption key and destroy the old one; completes a broken try."""
        with self._service():
            self._rotate_service()

    def destroy_class(self, case: str, retention_class: RetentionClass) -> None:
        """Destroy the encryption key of a case's class for good; completes a broken try. The caller holds the case.

        Nothing of the class opens again, here or in any copy of the vault. A backup of this keystore still opens it:
        destruction is complete when the last of those has expired.
        """
        self.roots.destroy_class(case, retention_class)

    def class_key_name(self, case: str, retention_class: RetentionClass) -> str:
        """Give the name of a class's encryption key in force ('' once it is destroyed, or was never made)."""
        return self._classes.name(class_label(case, retention_class))

    def holds(self, name: str) -> bool:
        """Tell whether the provider holds an encryption key of this name: one that was destroyed may have come back."""
        return self._provider.holds(name)

    def is_destroyed(self, case: str, retention_class: RetentionClass) -> bool:
        """Tell whether the class was destroyed here. A restored older keystore says no: then it is not erased."""
        return self._classes.is_destroyed(class_label(case, retention_class))

    def require_whole(self) -> None:
        """Read every secret of the service and every class; KeystoreRefused names one that is not as it was written."""
        for path in sorted((self.folder / "secrets").glob("[!.]*.json")):
            self._read_secret(path.name.removesuffix(".json"))
        self._classes.require_whole()

    def retired_names(self, case: str, retention_class: RetentionClass) -> tuple[str, ...]:
        """Give the names of the encryption keys that a class had when it was destroyed."""
        return self._classes.retired_names(class_label(case, retention_class))

    @contextmanager
    def _service(self) -> Iterator[None]:
        """Hold the service's class while it changes, after completing a rotation that broke off."""
        with file_lock(self.folder / ".lock", self._waiting):
            if self._classes.is_rotating(SERVICE):
                self._rotate_service()
            yield

    def _renewals(self, name: str) -> int:
        return len(list((self.folder / "secrets").glob(f"{name}.[0-9]*.json")))

    def _read_secret(self, name: str) -> bytes:
        document = read(self._secret_file(name), SECRET_FORMAT)
        return require_binding(document, self._classes.unwrap(SERVICE, document), "secret", name)

    def _rotate_service(self) -> None:
        self._classes.rotate(SERVICE, sorted((self.folder / "secrets").glob("[!.]*.json")), SECRET_FORMAT)

    @property
    def _marker(self) -> Path:
        return self.folder / "keystore.json"

    def _secret_file(self, name: str) -> Path:
        return self.folder / "secrets" / f"{name}.json"
