"""Homes at several moments: a small office whose home is copied as it goes, and put together again from any of them.

What belongs here: taking and mixing moments. What must not: expectations.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resources.desk import Desk
from samkorning.encryption.signing import public_key
from samkorning.keystore import Keystore, PassphraseProvider
from tests.office import Office

PASSPHRASE, CHEAP = b"a passphrase for tests", 2**14
PARTS: Mapping[str, tuple[str, ...]] = {
    "vault": ("vault",),
    "keystore": ("keystore",),
    "case register": ("case_register.sqlite",),
    "audit log": ("audit.log", "audit.log.index"),
    "outbox": ("outbox",),
}
"""What is backed up and restored by itself; all else of a home goes with the newest moment."""


def small_office(folder: Path, persons: int = 120) -> Office:
    """An office whose keystore opens at once."""
    root = folder / "home"
    root.mkdir(parents=True, mode=0o700)
    (root / "passphrase").write_bytes(PASSPHRASE)
    keystore = Keystore.create(root / "keystore", PassphraseProvider(root / "keystore", PASSPHRASE, CHEAP))
    (root / "signing_key.pub").write_text(public_key(keystore.service_secret("signing")) + "\n")
    return Office(folder, persons)


@dataclass
class Moments:
    """The moments of one office, each a copy of its home."""

    office: Office
    folder: Path
    taken: dict[str, Path] = field(default_factory=dict)

    def take(self, name: str) -> None:
        """Copies the home as it is now; nobody works on it meanwhile."""
        self.office.desk.cases.close()
        self.taken[name] = self.folder / name
        shutil.copytree(self.office.desk.home.root, self.taken[name])

    def mixed(self, older: str, newer: str, from_older: frozenset[str], to: Path) -> Desk:
        """A home with some parts of the older moment and all else of the newer."""
        shutil.copytree(self.taken[newer], to)
        for part in from_older:
            for name in PARTS[part]:
                put(self.taken[older] / name, to / name)
        return Desk.at(to)


def put(source: Path, target: Path) -> None:
    """Puts a file or folder in place of another, or takes that away where the source has none."""
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)
