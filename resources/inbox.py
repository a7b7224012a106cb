"""The inbox: ``inbox/<case>/<source>/``, where holders' files arrive.

What belongs here: which files lie there and what lies beside them, removing one that is safe elsewhere, setting a
refused one aside. What must not: reading them, or whether they are whole (samkorning.register_files.whole.wholeness).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from resources.home import REFUSED, Home
from samkorning.identity.redaction import readable_name, redact_file_name
from samkorning.register_files.whole.checksums import ALGORITHMS
from samkorning.register_files.whole.wholeness import QUIET, SETTLED, Signs

DONE = ".done"
COMPANIONS = (DONE, *ALGORITHMS)
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".!sync")
"""Endings that programs give a file while they write it."""
DEPTHS = ("*/*/*", "*", "*/*", "*/*/*/**/*")
"""Where a file belongs, and where else one may have been put."""


@dataclass(frozen=True)
class WaitingFile:
    """A file that lies in the inbox, and whose it is, by the names of its folders.

    Those are shown as ``place_without_numbers`` alone.
    """

    case: str
    source: str
    path: Path

    @property
    def is_readable(self) -> bool:
        """Whether the service may read it and the checksums beside it."""
        return all(os.access(path, os.R_OK) for path in (self.path, *self.companions) if path.suffix != DONE)

    @property
    def place_without_numbers(self) -> tuple[str, str]:
        """The names of its folders without a number that somebody named one after."""
        return redact_file_name(self.case), redact_file_name(self.source)

    @property
    def companions(self) -> list[Path]:
        """What lies beside it and is about it."""
        beside = (self.path.with_name(self.path.name + ending) for ending in COMPANIONS)
        return [path for path in beside if path.is_file() and not path.is_symlink()]

    def changed(self) -> datetime:
        """When it or what lies beside it last changed, by the file system: no program can set that back."""
        return datetime.fromtimestamp(max(path.stat().st_ctime for path in (self.path, *self.companions)), UTC)

    def signs(self, now: datetime) -> Signs:
        """What shows whether it is whole."""
        companions = self.companions
        checksums = tuple(path for path in companions if path.suffix != DONE)
        return Signs(len(checksums) < len(companions), checksums, now - self.changed())

    def mark(self, now: datetime) -> str:
        """What differs from look to look: its bytes and companions, and whether they have come to rest.

        Rest decides nothing of a file that a ``.done`` alone says is whole: nobody is asked to take it in once more
        because it has become older.
        """
        signs = self.signs(now)
        parts = [f"{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in (self.path, *self.companions)]
        rests = f"{signs.unchanged_for >= QUIET}{signs.unchanged_for >= SETTLED}"
        age = "done" if signs.done and not signs.checksums else rests
        return f"{self.case}/{self.source}/{os.fsencode(self.path.name)!r}:{':'.join(parts)}:{age}"


def lying_files(home: Home, case: str | None = None) -> Iterator[WaitingFile]:
    """The files in the inbox, of one case or of all, in order of name: none that is being written under another name,
    no companion, no link to elsewhere.

    One that lies outside any case's or source's folder, or deeper, is of a case or source that nobody knows.
    """
    root = home.root / "inbox"
    for path in sorted(path for depth in DEPTHS for path in root.glob(depth)):
        of, source = _place(path.relative_to(root))
        if case in (None, of) and _may_be_taken(path, root):
            yield WaitingFile(of, source, path)


def _place(path: Path) -> tuple[str, str]:
    of, *source = [readable_name(part) for part in path.parent.parts] or [""]
    return of, "/".join(source)


def remove(file: WaitingFile) -> None:
    """Removes a file that the vault and the ledger have, and what lies beside it about it."""
    companions = file.companions
    file.path.unlink()
    for companion in companions:
        companion.unlink(missing_ok=True)


def set_aside(file: WaitingFile) -> None:
    """Moves a refused file and its checksums out of the way, so that a corrected one can come under the same name."""
    folder = file.path.parent / REFUSED
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in (*file.companions, file.path):
        if path.suffix == DONE:
            path.unlink(missing_ok=True)
        else:
            path.rename(folder / path.name)


def _may_be_taken(path: Path, root: Path) -> bool:
    name, folders = path.name.casefold(), path.relative_to(root).parts[:-1]
    if name.startswith((".", "~$")) or name.endswith((*UNFINISHED, *COMPANIONS)):
        return False
    if any(folder.startswith(".") or folder == REFUSED for folder in folders):
        return False
    return path.is_file() and not path.is_symlink()
