"""Register years that are laid as files to be loaded: ``register_inbox/<REGISTER>/<YEAR>.parquet`` or ``.csv``.

What belongs here: which lie there, and what becomes of one. What must not: loading (register_years).

A year is whole when an empty file of the same name with ``.done`` behind it lies beside it. One that was loaded leaves,
also where the year then waits for a person; one that cannot be read is set aside under ``refused``.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from resources.desk import Desk
from resources.inbox import DONE, REFUSED
from samkorning.identity.redaction import no_file

YEAR_FILE = re.compile(r"([12][0-9]{3})\.(?:csv|parquet)")


@dataclass(frozen=True)
class LaidYear:
    """A register year that lies there, whether it is whole, and a mark of its bytes."""

    register: str
    year: int
    file: str
    is_whole: bool
    mark: str


def laid_years(desk: Desk) -> Iterator[LaidYear]:
    """Every register year that lies there, in order; other files are left alone."""
    for register in sorted(desk.catalogue.names):
        folder = desk.home.register_inbox(register)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            named = YEAR_FILE.fullmatch(path.name)
            with suppress(FileNotFoundError):  # loaded meanwhile
                if named is not None and path.is_file() and not path.is_symlink():
                    seen = path.stat()
                    mark = f"{register}/{path.name}:{seen.st_size}:{seen.st_mtime_ns}"
                    yield LaidYear(register, int(named[1]), path.name, _done(path).is_file(), mark)


def laid_file(desk: Desk, register: str, file: str) -> Path:
    """The file of that name.

    :raises NotFound: when none lies there.
    """
    path = desk.home.register_inbox(register) / file
    if path.is_symlink() or not path.is_file():
        raise no_file(path)
    return path


def remove_laid(path: Path) -> None:
    """Removes a year that is safe in the store."""
    path.unlink()
    _done(path).unlink(missing_ok=True)


def set_laid_aside(path: Path) -> None:
    """Moves a year that cannot be read out of the way."""
    folder = path.parent / REFUSED
    folder.mkdir(mode=0o700, exist_ok=True)
    _done(path).unlink(missing_ok=True)
    path.rename(folder / path.name)


def _done(path: Path) -> Path:
    return path.with_name(path.name + DONE)
