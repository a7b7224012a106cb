"""The embedded provider: a master wrapped by a passphrase, named encryption keys wrapped by the master, all in files.

The files lie in ``provider/`` below the keystore's folder: ``master.json`` and ``keys/<name>.json``. While the master
is being rotated ``master.json`` holds the coming one too; every file says under which master it is wrapped.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from samkorning.encryption.primitives import (
    NotAuthentic,
    derive,
    from_passphrase,
    new_encryption_key,
    new_salt,
    new_token,
    unwrap,
    wrap,
)
from samkorning.errors import KeystoreRefused
from samkorning.keystore.documents import Document, damaged, parsed, read, wrapped_under, written
from samkorning.keystore.durable import file_lock, make_folder, overwrite, remove, sweep_temporary, write_new

MASTER_FORMAT = "samkorning-master-1"
KEY_FORMAT = "samkorning-named-1"
COST = 2**17
COSTS = (2**14, 2**20)
SHORTEST_PASSPHRASE = 12
MASTER, WRAPPED = "master", "wrapped"
COMING, COMING_WRAPPED = "coming", "coming_wrapped"


@dataclass(frozen=True)
class _Master:
    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class _Opened:
    """The masters as they were when ``master.json`` was read."""

    current: _Master
    coming: _Master | None = None

    def find(self, master_id: str) -> _Master | None:
        """The master of this identifier, if it is one of them."""
        return next((master for master in (self.current, self.coming) if master and master.id == master_id), None)


class PassphraseProvider:
    """Encryption keys under a passphrase (at least 12 bytes), stretched by scrypt.

    ``cost`` is scrypt's N for a master that is wrapped new; an existing one keeps its own until the passphrase is
    changed. Nothing is read or stretched before the first use.
    """

    def __init__(self, folder: Path, passphrase: bytes, cost: int = COST) -> None:
        self._folder = folder / "provider"
        self._passphrase = passphrase
        self._cost = cost
        self._opened: _Opened | None = None
        self._seen = b""

    def __repr__(self) -> str:
        return f"PassphraseProvider({self._folder})"

    def prepare(self) -> None:
        """Draw and wrap a master where there is none; refused if encryption keys lie there without their master."""
        make_folder(self._folder / "keys")
        with self._locked():
            if not self._master_file.exists():
                self._start()
            self._masters()

    def create(self, name: str) -> None:
        """Draw a new encryption key and wrap it under the master; nothing if it exists."""
        with self._locked():
            if not self.holds(name):
                write_new(self._key_file(name), self._named(name, self._reopened().current, new_encryption_key()))

    def holds(self, name: str) -> bool:
        """Tell whether the encryption key's file exists."""
        return self._key_file(name).exists()

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Wrap a secret under the named encryption key."""
        return wrap(self._key(name), secret)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give the secret back."""
        encryption_key = self._key(name)
        try:
            return unwrap(encryption_key, wrapped)
        except NotAuthentic:
            pass
        raise KeystoreRefused(f"{name}: what was wrapped under its encryption key does not open; restore the keystore")

    def destroy(self, name: str) -> None:
        """Delete the wrapped encryption key; complete once the last backup of this folder has expired."""
        with self._locked():
            remove(self._key_file(name))

    def change_passphrase(self, passphrase: bytes) -> None:
        """Wrap the masters under a new passphrase; from then on the old one opens only old backups of this folder."""
        _require_long(passphrase)
        with self._locked():
            opened = self._reopened()
            self._passphrase = passphrase
            self._write_masters(opened)

    def rotate_master(self) -> None:
        """Draw a new master, wrap every encryption key under it, drop the old one; completes a broken rotation."""
        with self._locked():
            opened = self._reopened()
            coming = opened.coming or _new_master()
            self._write_masters(_Opened(opened.current, coming))
            for path in sorted((self._folder / "keys").glob("*.json")):
                self._rewrap(path, coming)
            self._write_masters(_Opened(coming))

    @property
    def _master_file(self) -> Path:
        return self._folder / "master.json"

    def _key_file(self, name: str) -> Path:
        return self._folder / "keys" / f"{name}.json"

    def _locked(self) -> AbstractContextManager[int]:
        """Hold the provider while it changes: an encryption key made beside a rotation would lose its master."""
        return file_lock(self._folder / ".lock")

    def _key(self, name: str) -> bytes:
        document = read(self._key_file(name), KEY_FORMAT)
        return wrapped_under(document, WRAPPED, _wrapping(self._master_of(document), name))

    def _master_of(self, document: Document) -> _Master:
        """Find the master of a document, reading again what another process may have rotated meanwhile."""
        master_id = document.text(MASTER)
        master = self._masters().find(master_id) or self._reopened().find(master_id)
        if master is None:
            raise damaged(document.path)
        return master

    def _named(self, name: str, master: _Master, encryption_key: bytes) -> bytes:
        return written(KEY_FORMAT, {MASTER: master.id, WRAPPED: wrap(_wrapping(master, name), encryption_key).hex()})

    def _rewrap(self, path: Path, master: _Master) -> None:
        name = path.name.removesuffix(".json")
        if read(path, KEY_FORMAT).text(MASTER) != master.id:
            overwrite(path, self._named(name, master, self._key(name)))
        sweep_temporary(path)

    def _masters(self) -> _Opened:
        return self._opened or self._reopened()

    def _reopened(self) -> _Opened:
        content = self._master_file.read_bytes() if self._master_file.exists() else b""
        if self._opened is None or content != self._seen:
            self._opened = self._unwrapped(parsed(self._master_file, content, MASTER_FORMAT))
            self._seen = content
        return self._opened

    def _unwrapped(self, document: Document) -> _Opened:
        cost = document.number("scrypt")
        if cost & (cost - 1) or not COSTS[0] <= cost <= COSTS[1]:
            raise damaged(self._master_file)
        wrapping = from_passphrase(self._passphrase, document.data("salt"), cost)
        current = _Master(document.text(MASTER), wrapped_under(document, WRAPPED, wrapping))
        if not document.text(COMING):
            return _Opened(current)
        return _Opened(current, _Master(document.text(COMING), wrapped_under(document, COMING_WRAPPED, wrapping)))

    def _start(self) -> None:
        if any((self._folder / "keys").glob("*.json")):
            raise KeystoreRefused(f"{self._master_file}: is missing while encryption keys lie beside it; restore it")
        _require_long(self._passphrase)
        self._write_masters(_Opened(_new_master()))

    def _write_masters(self, opened: _Opened) -> None:
        salt = new_salt()
        wrapping = from_passphrase(self._passphrase, salt, self._cost)
        fields: dict[str, str | int] = {"scrypt": self._cost, "salt": salt.hex()}
        fields |= _wrapped_master(opened.current, MASTER, WRAPPED, wrapping)
        fields |= _wrapped_master(opened.coming, COMING, COMING_WRAPPED, wrapping)
        content = written(MASTER_FORMAT, fields)
        overwrite(self._master_file, content)
        sweep_temporary(self._master_file)
        self._opened, self._seen = opened, content


def _wrapped_master(master: _Master | None, id_field: str, wrapped_field: str, wrapping: bytes) -> dict[str, str]:
    if master is None:
        return {id_field: "", wrapped_field: ""}
    return {id_field: master.id, wrapped_field: wrap(wrapping, master.secret).hex()}


def _require_long(passphrase: bytes) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeystoreRefused(f"the keystore's passphrase is shorter than {SHORTEST_PASSPHRASE} characters")


def _new_master() -> _Master:
    return _Master(new_token()[:8], new_encryption_key())


def _wrapping(master: _Master, name: str) -> bytes:
    return derive(master.secret, "named", name)
