"""Handing a sealed file over to where its recipient takes it: whole under its own name, or not there at all.

What belongs here: the order of acts at any place, and what a place must be able to do. What must not: the places
themselves (resources.targets), or which deliveries are due to be handed over.

A file is sent under a temporary name and renamed when the place holds all of it with the right hash. A cut connection
is gone on with from what the place holds, if that is how the file begins. What is there already is not sent again, and
another file under the name is never touched.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from samkorning.durable import PARTIAL_ENDING
from samkorning.errors import HandOverFailed, HandOverRefused

CHUNK = 1 << 20


class Place(Protocol):
    """One folder that files are handed over to; raises HandOverFailed where it cannot be reached."""

    @property
    def where(self) -> str:
        """In words, for the case register: no secret of it."""

    def size(self, name: str) -> int | None:
        """How many bytes a file has; nothing if it is not there."""

    def read(self, name: str, size: int) -> Iterator[bytes]:
        """The first bytes of a file."""

    def append(self, name: str, offset: int, chunks: Iterator[bytes]) -> None:
        """Write from an offset on, the file's end or its beginning; what was written stays when it is cut off."""

    def rename(self, name: str, to: str) -> None:
        """Give a file its name; never in place of another."""

    def remove(self, name: str) -> None:
        """Take a file away."""


@dataclass(frozen=True)
class HandedOver:
    """A file as it lies at the place, and how many bytes were sent for it this time."""

    name: str
    sha256: str
    bytes: int
    sent: int


def hand_over_file(place: Place, path: Path, sha256: str) -> HandedOver:
    """Let a place hold a file of this hash under the file's own name.

    :raises HandOverRefused: when another file has the name there, or the file here is not the one of the hash.
    :raises HandOverFailed: when the place cannot be reached, or lost what was sent; doing it again goes on.
    """
    name, size = path.name, path.stat().st_size
    there = place.size(name)
    if there is not None:
        if there != size or _sha256(place.read(name, size)) != sha256:
            raise HandOverRefused(f"{place.where}: another file is called {name}; let whoever runs the place move it")
        return HandedOver(name, sha256, size, 0)
    if _sha256(_from(path, 0)) != sha256:
        raise HandOverRefused(f"{name}: is not as it was sealed; `samkorning doctor` says what to restore")
    unfinished = f".{name}{PARTIAL_ENDING}"
    offset = _agreed(place, unfinished, path)
    place.append(unfinished, offset, _from(path, offset))
    if place.size(unfinished) != size or _sha256(place.read(unfinished, size)) != sha256:
        place.remove(unfinished)
        raise HandOverFailed(f"{place.where}: {name} did not arrive as it was sent; hand it over again")
    place.rename(unfinished, name)
    if place.size(name) != size:
        raise HandOverFailed(f"{place.where}: {name} is not there after it was given its name; hand it over again")
    return HandedOver(name, sha256, size, size - offset)


def _agreed(place: Place, unfinished: str, path: Path) -> int:
    """How much of the file the place holds already; what is not how the file begins is taken away."""
    held = place.size(unfinished)
    if held is None:
        return 0
    if held <= path.stat().st_size and _sha256(place.read(unfinished, held)) == _sha256(_from(path, 0, held)):
        return held
    place.remove(unfinished)
    return 0


def _from(path: Path, offset: int, end: int | None = None) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        left = (path.stat().st_size if end is None else end) - offset
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _sha256(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
