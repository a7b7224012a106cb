"""Tar archives inside gzip: the one file in them.

What belongs here: the entries of a tar archive and the place of the one that is read. What must not: gzip (gzip_file).
"""

import tarfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from samkorning.register_files.content.chunks import Chunks
from samkorning.register_files.packaging import refusals
from samkorning.register_files.packaging.entries import MOST_ENTRIES, Entry, the_entry
from samkorning.register_files.packaging.packed import Packed, Unpacked
from samkorning.register_files.packaging.streams import CHUNK, MOST_UNPACKED, open_seekable, skip

NAME = "tar.gz"
BLOCK = 512
_MARK, _MARK_AT = b"ustar", 257
_LONGEST_HEADER = 1024 * 1024
_LIBRARY_ERRORS = (tarfile.TarError, ValueError, EOFError, OverflowError, OSError, KeyError)


def recognises(head: bytes) -> bool:
    """Whether the first block is that of a tar archive."""
    return head[_MARK_AT : _MARK_AT + len(_MARK)] == _MARK


def unpack(packed: Packed, inside: Chunks) -> Unpacked:
    """The one file in a tar archive, which lies unpacked in ``inside``."""
    members = _members(inside, packed.name)
    entries = [
        Entry(member.name, member.size, member.isdir(), member.isreg() and not member.issparse(), member)
        for member in members
    ]
    chosen = the_entry(entries, packed.name, MOST_UNPACKED, packed.member)
    member: tarfile.TarInfo = chosen.handle
    content = Chunks(lambda: _chunks(inside, member.offset_data, member.size, packed.name))
    return Unpacked(content, chosen.name, (NAME,))


def _members(inside: Chunks, name: str) -> list[tarfile.TarInfo]:
    """All entries of an archive that is read to its end, where nothing but zeros may follow."""
    members: list[tarfile.TarInfo] | None = []
    with open_seekable(inside) as stream:
        try:
            with tarfile.open(fileobj=cast(BinaryIO, _Headers(stream)), mode="r:") as archive:
                members = [member for member, _ in zip(archive, range(MOST_ENTRIES + 1), strict=False)]
                stream.seek(archive.offset)
        except _LIBRARY_ERRORS:
            members = None
        if members is None or (len(members) <= MOST_ENTRIES and not _ends(stream)):
            raise refusals.refuse_damaged(name)
    return members


def _ends(stream: BinaryIO) -> bool:
    """Whether an archive's end follows: zeros, and nothing else."""
    blank = 0
    while chunk := stream.read(CHUNK):
        if chunk.strip(b"\x00"):
            return False
        blank += len(chunk)
    return blank >= BLOCK


def _chunks(inside: Chunks, start: int, size: int, name: str) -> Iterator[bytes]:
    """The file's bytes; the archive around it is read to its end, where gzip has its sum."""
    with inside.reopen() as stream:
        skip(stream, start)
        while size and (chunk := stream.read(min(CHUNK, size))):
            size -= len(chunk)
            yield chunk
        while stream.read(CHUNK):
            pass
    if size:
        raise refusals.refuse_damaged(name)


class _Headers:
    """A stream for the library, which would read a header of any length into memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _LONGEST_HEADER:
            raise tarfile.ReadError
        return self._stream.read(size)
