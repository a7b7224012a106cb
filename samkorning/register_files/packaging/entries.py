"""Which file of an archive is meant, and what no archive may hold.

What belongs here: the rules over names, kinds, counts and sizes of entries, the same for every kind of archive. What
must not: reading an archive. Nothing here is ever shown: a name inside an archive can be a person's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from samkorning.register_files.declared.file_names import fits_pattern
from samkorning.register_files.packaging import refusals
from samkorning.register_files.packaging.streams import refuse_beyond_limits

MOST_ENTRIES = 1_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_COMPANIONS = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.I)


@dataclass(frozen=True)
class Entry:
    """One entry of an archive: its name, its size, what it is, and what the kind knows it by."""

    name: str = field(repr=False)
    size: int
    is_folder: bool
    is_plain: bool
    handle: Any = field(repr=False)


def the_entry(entries: Sequence[Entry], name: str, packed: int, member: str | None) -> Entry:
    """The one file that is meant.

    :param packed: how many bytes the archive has as it came.
    :param member: the declared pattern of its name, if one is declared.
    :raises FileRefused: when an entry may not be there, or not exactly one is meant.
    """
    if len(entries) > MOST_ENTRIES:
        raise refusals.refuse_many(name, MOST_ENTRIES)
    for entry in entries:
        _refuse_entry(entry, name)
    refuse_beyond_limits(name, packed, sum(entry.size for entry in entries))
    files = [entry for entry in entries if not entry.is_folder and not _COMPANIONS.search(entry.name)]
    if len({entry.name for entry in files}) < len(files):
        raise refusals.refuse_same_name(name)
    return _only(files, name) if member is None else _declared(files, name, member)


def _refuse_entry(entry: Entry, name: str) -> None:
    if leads_out(entry.name):
        raise refusals.refuse_place(name)
    if not entry.is_folder and not entry.is_plain:
        raise refusals.refuse_link(name)


def leads_out(path: str) -> bool:
    """Whether a path is absolute, climbs, names a drive, or is written as no archive should."""
    written_wrong = "\\" in path or not path or _CONTROL.search(path) is not None
    return written_wrong or path.startswith("/") or _DRIVE.match(path) is not None or ".." in path.split("/")


def _only(files: Sequence[Entry], name: str) -> Entry:
    if not files:
        raise refusals.refuse_nothing(name)
    if len(files) > 1:
        raise refusals.refuse_several(name, len(files))
    return files[0]


def _declared(files: Iterable[Entry], name: str, member: str) -> Entry:
    """The file whose name fits; a pattern with a slash is held against the whole path."""
    fitting = [entry for entry in files if _fits(entry.name, member)]
    if len(fitting) != 1:
        raise refusals.refuse_not_declared(name, len(fitting))
    return fitting[0]


def _fits(path: str, member: str) -> bool:
    held = path if "/" in member else path.rpartition("/")[2]
    return fits_pattern(held, member)
