"""The inbox: ``inbox/<case>/<source>/``, where holders' files arrive.

What belongs here: which files lie there whole, removing one that is safe elsewhere, setting a refused one aside. What
must not: reading them. A file is whole when a file of the same name with ``.done`` after it lies beside it: a size
that has stopped growing proves nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from resources.home import Home

DONE = ".done"
REFUSED = "refused"


@dataclass(frozen=True)
class WaitingFile:
    """A whole file that waits, and whose it is."""

    case: str
    source: str
    path: Path

    @property
    def mark(self) -> str:
        """What tells this arrival from another of the same name."""
        stat = self.path.stat()
        return f"{self.case}/{self.source}/{self.path.name}:{stat.st_size}:{stat.st_mtime_ns}"


def waiting_files(home: Home, case: str | None = None) -> list[WaitingFile]:
    """Whole files in the inbox, of one case or of all, in order of name."""
    pattern = f"{case or '*'}/*/*{DONE}"
    found = []
    for done in sorted((home.root / "inbox").glob(pattern)):
        path = done.with_name(done.name.removesuffix(DONE))
        if path.is_file():
            found.append(WaitingFile(path.parent.parent.name, path.parent.name, path))
    return found


def remove(file: WaitingFile) -> None:
    """Removes a file that the vault and the ledger have."""
    file.path.unlink()
    _done(file).unlink(missing_ok=True)


def set_aside(file: WaitingFile) -> None:
    """Moves a refused file out of the way, so that a corrected one can come under the same name."""
    folder = file.path.parent / REFUSED
    folder.mkdir(mode=0o700, exist_ok=True)
    file.path.rename(folder / file.path.name)
    _done(file).unlink(missing_ok=True)


def _done(file: WaitingFile) -> Path:
    return file.path.with_name(file.path.name + DONE)
