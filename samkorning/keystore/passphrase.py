"""The embedded provider: a master wrapped by a passphrase, named encryption keys wrapped by the master, all in files.

The files lie in ``provider/`` below the keystore's folder: ``master.json`` and ``keys/<name>.json``, each of which says
under which master it is wrapped.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from samkorning.durable import file_lock, make_folder, overwrite, remove, sweep_temporary, write_new
from samkorning.encryption.primitives import NotAuthentic, new_encryption_key, unwrap, wrap
from samkorning.errors import KeystoreRefused
from samkorning.keystore.documents import Document, damaged, read, wrapped_under, written
from samkorning.keystore.masters import Master, MasterFile, Masters, new_master
from samkorning.machine.lock_waiting import FOR_A_WHILE, Waiting

KEY_FORMAT = "samkorning-named-1"
COST = 2**17
MASTER, WRAPPED = "master", "wrapped"


class PassphraseProvider:
    """Encryption keys under a passphrase (at least 12 bytes), stretched by scrypt.

    ``cost`` is scrypt's N where a master is wrapped new; an existing file keeps its own until then. Nothing is read or
    stretched before the first use.
    """

    def __init__(self, folder: Path, passphrase: bytes, cost: int = COST, waiting: Waiting = FOR_A_WHILE) -> None:
        self._waiting = waiting
        self._folder = folder / "provider"
        self._keys = self._folder / "keys"
        self._masters = MasterFile(self._folder / "master.json", passphrase, cost)

    def __repr__(self) -> str:
        return f"PassphraseProvider({self._folder})"

    def prepare(self) -> None:
        """Draw and wrap a master where there is none; refused if encryption keys lie there without their master."""
        make_folder(self._keys)
        with self._locked():
            if not self._masters.path.exists():
                self._start()
            self._masters.read()

    def create(self, name: str) -> None:
        """Draw a new encryption key and wrap it under the master; nothing if it exists."""
        with self._locked():
            if not self.holds(name):
                write_new(self._file(name), _document(name, self._masters.read().current, new_encryption_key()))

    def holds(self, name: str) -> bool:
        """Tell whether the encryption key's file exists."""
        return self._file(name).exists()

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Wrap a secret under the named encryption key."""
        return wrap(self._open(name), secret)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Give the secret back."""
        encryption_key = self._open(name)
        try:
            return unwrap(encryption_key, wrapped)
        except NotAuthentic:
            pass
        raise KeystoreRefused(f"{name}: what was wrapped under its encryption key does not open; restore the keystore")

    def destroy(self, name: str) -> None:
        """Delete the wrapped encryption key; complete once the last backup of this folder has expired."""
        with self._locked():
            remove(self._file(name))

    def change_passphrase(self, passphrase: bytes) -> None:
        """Wrap the master under a new passphrase; from then on the old one opens only old backups of this folder."""
        with self._locked():
            self._masters.change_passphrase(passphrase)

    def rotate_master(self) -> None:
        """Draw a new master, wrap every encryption key under it, drop the old one; completes a broken rotation."""
        with self._locked():
            masters = self._masters.read()
            coming = masters.coming or new_master()
            self._masters.write(Masters(masters.current, coming))
            for path in sorted(self._keys.glob("*.json")):
                self._rewrap(path, coming)
            self._masters.write(Masters(coming))

    def _file(self, name: str) -> Path:
        return self._keys / f"{name}.json"

    def _locked(self) -> AbstractContextManager[int]:
        """Hold the provider while it changes: an encryption key made beside a rotation would lose its master."""
        return file_lock(self._folder / ".lock", self._waiting)

    def _open(self, name: str) -> bytes:
        document = read(self._file(name), KEY_FORMAT)
        return wrapped_under(document, WRAPPED, self._master_of(document).wrapping(name))

    def _master_of(self, document: Document) -> Master:
        """Find the master of a document, reading again what another process may have rotated meanwhile."""
        master_id = document.text(MASTER)
        master = self._masters.known().find(master_id) or self._masters.read().find(master_id)
        if master is None:
            raise damaged(document.path)
        return master

    def _rewrap(self, path: Path, master: Master) -> None:
        name = path.name.removesuffix(".json")
        if read(path, KEY_FORMAT).text(MASTER) != master.id:
            overwrite(path, _document(name, master, self._open(name)))
        sweep_temporary(path)

    def _start(self) -> None:
        if any(self._keys.glob("*.json")):
            raise KeystoreRefused(f"{self._masters.path}: is missing while encryption keys lie beside it; restore it")
        self._masters.write(Masters(new_master()))


def _document(name: str, master: Master, encryption_key: bytes) -> bytes:
    return written(KEY_FORMAT, {MASTER: master.id, WRAPPED: wrap(master.wrapping(name), encryption_key).hex()})
