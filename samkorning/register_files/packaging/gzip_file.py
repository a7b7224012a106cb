"""Gzip, alone or around a tar archive.

What belongs here: unpacking a gzip stream of any number of members, to its very end. What must not: tar (tar_archive).
"""

import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from samkorning.register_files.content.chunks import Chunks
from samkorning.register_files.content.content import open_content
from samkorning.register_files.packaging import refusals, tar_archive
from samkorning.register_files.packaging.packed import Packed, Unpacked
from samkorning.register_files.packaging.streams import CHUNK, Meter

NAME = "gz"
_MARK = b"\x1f\x8b"
_WITH_HEADER = 31  # gzip's own header and sum, as the library numbers it
_TAR_NAMES = (".tgz", ".tar")


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of gzip."""
    return head.startswith(_MARK)


def unpack(packed: Packed) -> Unpacked:
    """The file inside; of a tar archive inside, the one file in that."""
    inside = Chunks(lambda: _chunks(packed))
    name = packed.packed_name
    inner_name = PurePath(name).stem if name.lower().endswith((".gz", ".tgz")) else name
    with inside.reopen() as stream:
        is_tar = tar_archive.recognises(stream.read(tar_archive.BLOCK))
    if is_tar or name.lower().endswith((".tgz", ".tar.gz")):
        return tar_archive.unpack(packed, inside)
    return Unpacked(inside, inner_name, (NAME,))


def _chunks(packed: Packed) -> Iterator[bytes]:
    """The bytes in clear, chunk by chunk; a cut, changed or continued end is refused when it is reached."""
    meter, damaged = Meter(packed.name), False
    with open_content(packed.content) as stream:
        try:
            for taken, chunk in _members(stream):
                meter.add(taken, len(chunk))
                if chunk:
                    yield chunk
        except (zlib.error, EOFError):
            damaged = True
    if damaged:
        raise refusals.refuse_damaged(packed.name)


def _members(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """What all members hold, one behind the other, each time with how many packed bytes were taken for it.

    Zeros behind the last member fill a block and mean nothing. Sums and lengths are compared by the library.
    """
    data = stream.read(CHUNK)
    while data:
        member = zlib.decompressobj(_WITH_HEADER)
        while not member.eof:
            if not data:
                raise EOFError
            chunk = member.decompress(data, CHUNK)
            left = member.unconsumed_tail or member.unused_data
            yield len(data) - len(left), chunk
            data = left or stream.read(CHUNK)
        while data and not data.strip(b"\x00"):
            data = stream.read(CHUNK)
