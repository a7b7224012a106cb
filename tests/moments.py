"""Homes at several moments: an office whose home is copied as it goes, and put together again from any of them.

What belongs here: taking and mixing moments. What must not: expectations.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resources.desk import Desk
from tests.office import Office

PARTS: Mapping[str, tuple[str, ...]] = {
    "vault": ("vault",),
    "keystore": ("keystore",),
    "case register": ("case_register.sqlite",),
    "audit log": ("audit.log", "audit.log.index"),
    "outbox": ("outbox",),
}
"""What is backed up and restored by itself; all else of a home goes with the newest moment."""


def small_office(folder: Path, persons: int = 120) -> Office:
    """An office of few persons, its home made."""
    office = Office(folder, persons)
    assert office.desk.has_keystore
    return office


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
