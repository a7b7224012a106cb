"""The members of a package that is a 7z archive, read one after another.

What belongs here: reading the archive's form. What must not: whether the members are as signed (verification): the
format has checksums and no authenticator. The table of contents is read by the library, the locked bytes here.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import py7zr

from samkorning.delivery.package.archive import Member
from samkorning.encryption.primitives import NotAuthentic
from samkorning.encryption.seven_zip_aes import BLOCK, METHOD, opening
from samkorning.errors import PackageRefused

_CHUNK = 1 << 20


@dataclass(frozen=True)
class _Body:
    """The locked stream of all members: its place in the file, its size, and the lock's statement."""

    place: int
    size: int
    stated: bytes


@contextmanager
def seven_zip_members(sealed: Path, passphrase: str) -> Iterator[list[Member]]:
    """The members of an archive as ``write_seven_zip`` leaves it, in its order: read them in this order, each once.

    PackageRefused if the passphrase does not open it, or its form is another; while they are read, for a member whose
    checksum is another.
    """
    found: list[Member] | None = None
    with sealed.open("rb") as stream:
        with suppress(Exception):  # the library raises whatever damaged bytes lead it to
            found = _members(stream, passphrase)
        if found is None:
            raise PackageRefused("does not open with this passphrase: it is another one's, cut off, or changed")
        yield found


def _members(stream: BinaryIO, passphrase: str) -> list[Member]:
    archive = py7zr.SevenZipFile(stream, password=passphrase)
    streams, files = archive.header.main_streams, list(archive.files)
    (folder,), packed = streams.unpackinfo.folders, streams.packinfo
    (coder,), (size,) = folder.coders, packed.packsizes
    if coder["method"] != METHOD or any(each.is_directory or each.is_symlink for each in files):
        raise NotAuthentic
    body = _Body(archive.afterheader + packed.packpos, size, bytes(coder["properties"]))
    read = _opened(stream, body, passphrase)
    return [_member(each, read) for each in files]


def _member(file: Any, read: Callable[[int], bytes]) -> Member:
    name, size, checksum = str(file.filename), int(file.uncompressed), file.crc32

    def chunks() -> Iterator[bytes]:
        left, found = size, 0
        while left:
            chunk = read(min(left, _CHUNK))
            found = zlib.crc32(chunk, found)
            left -= len(chunk)
            yield chunk
        if size and found != checksum:
            raise PackageRefused(f"{name}: does not fit the archive's own checksum: cut off, or changed")

    return Member(name, size, chunks)


def _opened(stream: BinaryIO, body: _Body, passphrase: str) -> Callable[[int], bytes]:
    """A reader of the locked stream."""
    cipher, ready, left = opening(passphrase, body.stated), bytearray(), body.size
    stream.seek(body.place)

    def read(size: int) -> bytes:
        nonlocal left
        while len(ready) < size:
            locked = stream.read(min(_CHUNK, left))
            left -= len(locked)
            if not locked or len(locked) % BLOCK:
                raise PackageRefused("the archive is cut off")
            ready.extend(cipher.update(locked))
        taken = bytes(ready[:size])
        del ready[:size]
        return taken

    return read
