"""The master of the embedded provider, wrapped by a passphrase in one file; while it is rotated, the coming one too."""

from dataclasses import dataclass, field
from pathlib import Path

from samkorning.durable import overwrite, sweep_temporary
from samkorning.encryption.primitives import derive, from_passphrase, new_encryption_key, new_salt, new_token, wrap
from samkorning.errors import KeystoreRefused
from samkorning.keystore.documents import Document, damaged, parsed, wrapped_under, written

MASTER_FORMAT = "samkorning-master-1"
COSTS = (2**14, 2**20)
SHORTEST_PASSPHRASE = 12
MASTER, WRAPPED = "master", "wrapped"
COMING, COMING_WRAPPED = "coming", "coming_wrapped"


@dataclass(frozen=True)
class Master:
    """What the encryption keys of classes are wrapped under. ``id`` is written beside them, and is not secret."""

    id: str
    secret: bytes = field(repr=False)

    def wrapping(self, name: str) -> bytes:
        """Derive what wraps the encryption key of this name, so that none opens under another's name."""
        return derive(self.secret, "named", name)


@dataclass(frozen=True)
class Masters:
    """The master in force, and the one that a rotation is bringing in."""

    current: Master
    coming: Master | None = None

    def find(self, master_id: str) -> Master | None:
        """The master of this identifier, if it is one of them."""
        return next((master for master in (self.current, self.coming) if master and master.id == master_id), None)


class MasterFile:
    """The file, and what it last gave: the passphrase is stretched anew only when the file has changed."""

    def __init__(self, path: Path, passphrase: bytes, cost: int) -> None:
        self.path = path
        self._passphrase = passphrase
        self._cost = cost
        self._seen: tuple[bytes, Masters] | None = None

    def read(self) -> Masters:
        """Give the masters; KeystoreRefused if the file is missing or damaged, or the passphrase is wrong."""
        content = self.path.read_bytes() if self.path.exists() else b""
        if self._seen is None or self._seen[0] != content:
            self._seen = content, self._unwrapped(parsed(self.path, content, MASTER_FORMAT))
        return self._seen[1]

    def known(self) -> Masters:
        """Give the masters as they were last read."""
        return self._seen[1] if self._seen else self.read()

    def write(self, masters: Masters) -> None:
        """Wrap the masters under the passphrase and put them in the old ones' place."""
        require_long(self._passphrase)
        salt = new_salt()
        wrapping = from_passphrase(self._passphrase, salt, self._cost)
        fields: dict[str, str | int] = {"scrypt": self._cost, "salt": salt.hex()}
        fields |= _fields(masters.current, MASTER, WRAPPED, wrapping)
        fields |= _fields(masters.coming, COMING, COMING_WRAPPED, wrapping)
        content = written(MASTER_FORMAT, fields)
        overwrite(self.path, content)
        sweep_temporary(self.path)
        self._seen = content, masters

    def change_passphrase(self, passphrase: bytes) -> None:
        """Wrap the masters under another passphrase."""
        require_long(passphrase)
        masters = self.read()
        self._passphrase = passphrase
        self.write(masters)

    def _unwrapped(self, document: Document) -> Masters:
        cost = document.number("scrypt")
        if cost & (cost - 1) or not COSTS[0] <= cost <= COSTS[1]:
            raise damaged(self.path)
        wrapping = from_passphrase(self._passphrase, document.data("salt"), cost)
        current = Master(document.text(MASTER), wrapped_under(document, WRAPPED, wrapping))
        coming, wrapped = document.text(COMING), document.data(COMING_WRAPPED)
        if not coming and not wrapped:
            return Masters(current)
        return Masters(current, Master(coming, wrapped_under(document, COMING_WRAPPED, wrapping)))


def new_master() -> Master:
    """Draw a master."""
    return Master(new_token()[:8], new_encryption_key())


def require_long(passphrase: bytes) -> None:
    """Refuse a passphrase of fewer than 12 bytes."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeystoreRefused(f"the keystore's passphrase is shorter than {SHORTEST_PASSPHRASE} characters")


def _fields(master: Master | None, id_field: str, wrapped_field: str, wrapping: bytes) -> dict[str, str]:
    if master is None:
        return {id_field: "", wrapped_field: ""}
    return {id_field: master.id, wrapped_field: wrap(wrapping, master.secret).hex()}
