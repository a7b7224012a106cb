"""The package's folder as one tar stream with the same bytes every time.

What belongs here: order, owners, times and padding of the archive. What must not: what the members say, and sealing.
Members are sorted by name; time, user and group are 0; only the owner may read what is unpacked.
"""

import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from samkorning.errors import GuardedFailure

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


@dataclass(frozen=True)
class Member:
    """One file of the archive: its name is known beforehand, its size when it is its turn, its bytes are made when they
    are written.
    """

    name: str
    stated_size: int | Callable[[], int]
    chunks: Callable[[], Iterator[bytes]] = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.stated_size if isinstance(self.stated_size, int) else self.stated_size()


def document(name: str, content: bytes) -> Member:
    """A member whose bytes are in memory."""
    return Member(name, len(content), lambda: iter([content]))


def late_document(name: str, content: Callable[[], bytes]) -> Member:
    """A member whose bytes are in memory when it is its turn."""
    return Member(name, lambda: len(content()), lambda: iter([content()]))


def tar_chunks(folder: str, members: Sequence[Member]) -> Iterator[bytes]:
    """The whole archive in chunks; GuardedFailure if a member's bytes are not as many as it said."""
    written = 0
    for chunk in _unpadded(folder, members):
        written += len(chunk)
        yield chunk
    yield bytes(2 * tarfile.BLOCKSIZE)
    yield bytes(-(written + 2 * tarfile.BLOCKSIZE) % tarfile.RECORDSIZE)


def _unpadded(folder: str, members: Sequence[Member]) -> Iterator[bytes]:
    for name in sorted({folder, *(f"{folder}/{parent}" for parent in _parents(members))}):
        yield _header(name, 0, tarfile.DIRTYPE, _FOLDER_MODE)
    for member in sorted(members, key=lambda one: one.name):
        yield _header(f"{folder}/{member.name}", member.size, tarfile.REGTYPE, _FILE_MODE)
        yield from _exactly(member)
        yield bytes(-member.size % tarfile.BLOCKSIZE)


def _exactly(member: Member) -> Iterator[bytes]:
    left = member.size
    for chunk in member.chunks():
        left -= len(chunk)
        yield chunk
    if left:
        raise GuardedFailure(f"{member.name}: its size changed while it was sealed; nothing is delivered, run again")


def _parents(members: Sequence[Member]) -> set[str]:
    return {member.name.rpartition("/")[0] for member in members} - {""}


def _header(name: str, size: int, kind: bytes, mode: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.mode = size, kind, mode
    return info.tobuf(format=tarfile.PAX_FORMAT)


class ChunkReader:
    """Chunks of bytes as a file to read from, never more at a time than asked for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._current = memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; none when the chunks are used up."""
        while not self._current:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._current = memoryview(chunk)
        part, self._current = self._current[:size], self._current[size:]
        return bytes(part)
