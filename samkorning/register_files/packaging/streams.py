"""Streams that archives are read from, and limits on what comes out of them.

What belongs here: a stream that goes back by beginning anew, moving on, counting. What must not: any one kind of
archive.
"""

import io
from typing import Any, BinaryIO, cast

from samkorning.register_files.content.content import Content, open_content
from samkorning.register_files.packaging.refusals import refuse_bomb, refuse_too_large

CHUNK = 1024 * 1024
MOST_UNPACKED = 64 * 1024**3  # bytes; larger files are sent in parts or not packed
MOST_RATIO = 250  # times its packed size; register text shrinks to a tenth or a fiftieth
RATIO_FREE = 64 * 1024**2  # bytes that may come of however little


class _Rewound(io.RawIOBase):
    """A stream that seeks over bytes that can only be read forward: backward means from the beginning again.

    The last mebibyte is kept once the end has been seen, as archives have their table of contents there.
    """

    def __init__(self, content: Content) -> None:
        self._content, self._stream = content, open_content(content)
        self._read_to = self._place = 0
        self._size, self._tail = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place}.get(whence)
        place = offset + (self._find_size() if start is None else start)
        if place < 0:
            raise OSError("before the beginning")
        self._place = place
        return place

    def readinto(self, buffer: Any) -> int:
        kept_from = self._size - len(self._tail)
        if self._size >= 0 and self._place >= kept_from:
            data = self._tail[self._place - kept_from :][: len(buffer)]
        else:
            self._go_to(self._place)
            data = self._stream.read(len(buffer))
            self._read_to += len(data)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _find_size(self) -> int:
        if self._size < 0:
            while chunk := self._stream.read(CHUNK):
                self._tail = (self._tail + chunk)[-CHUNK:]
                self._read_to += len(chunk)
            self._size = self._read_to
        return self._size

    def _go_to(self, place: int) -> None:
        if place < self._read_to:
            self._stream.close()
            self._stream, self._read_to = open_content(self._content), 0
        self._read_to += skip(self._stream, place - self._read_to)


def open_seekable(content: Content) -> BinaryIO:
    """The bytes as a stream that seeks, wherever they lie."""
    stream = open_content(content)
    if stream.seekable():
        return stream
    stream.close()
    return cast(BinaryIO, io.BufferedReader(_Rewound(content), CHUNK))


def skip(stream: BinaryIO, count: int) -> int:
    """Reads over so many bytes, or to the end; how many it was."""
    left = count
    while left and (chunk := stream.read(min(CHUNK, left))):
        left -= len(chunk)
    return count - left


def go_to(stream: BinaryIO, place: int) -> None:
    """Moves a stream that stands at its beginning to a place, by the way that it can."""
    if stream.seekable():
        stream.seek(place)
    else:
        skip(stream, place)


class Meter:
    """Counts what is unpacked and refuses what unpacks to too much, or to too many times its packed size."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.packed = self.unpacked = 0

    def add(self, packed: int, unpacked: int) -> None:
        """Counts further bytes."""
        self.packed += packed
        self.unpacked += unpacked
        refuse_beyond_limits(self._name, self.packed, self.unpacked)


def refuse_beyond_limits(name: str, packed: int, unpacked: int) -> None:
    """Raises :class:`FileRefused` where so many bytes may not come of so few."""
    if unpacked > MOST_UNPACKED:
        raise refuse_too_large(name, MOST_UNPACKED // 1024**3)
    if unpacked > RATIO_FREE and unpacked > MOST_RATIO * packed:
        raise refuse_bomb(name, MOST_RATIO)
