"""A file's bytes as a reader gets them: from a descriptor that it was given, or block by block from the service.

What belongs here: the two as content that the format modules read. What must not: opening anything by its name; a
reader cannot.
"""

import io
import os
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any, BinaryIO, cast

from samkorning.register_files.guarded.messages import Channel, Garbled, Kind

_BUFFER = 64 * 1024


@dataclass(frozen=True)
class DescriptorContent:
    """A file that the service has opened for reading."""

    descriptor: int

    def reopen(self) -> BinaryIO:
        """The bytes from their beginning, at any place."""
        return cast(BinaryIO, io.BufferedReader(_Descriptor(self.descriptor), _BUFFER))


class _Descriptor(io.RawIOBase):
    """Reads with a place of its own; the descriptor's is nobody's."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._place = descriptor, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place}.get(whence)
        self._place = (os.fstat(self._descriptor).st_size if start is None else start) + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        got = os.preadv(self._descriptor, [buffer], self._place)
        self._place += got
        return got


class AskedContent:
    """A file whose bytes the service gives on request."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._readings, self._asking = channel, count(), Lock()

    def reopen(self) -> BinaryIO:
        """The bytes from their beginning, one after the other."""
        reading = next(self._readings)
        self._channel.send(Kind.OPEN, b"%d" % reading)
        return cast(BinaryIO, io.BufferedReader(_Asked(self, reading), _BUFFER))

    def next_block(self, reading: int) -> memoryview:
        """The next bytes of a reading; none at the end."""
        with self._asking:
            self._channel.send(Kind.NEXT, b"%d" % reading)
            answer = self._channel.receive()
        if answer.kind != Kind.BLOCK:
            raise Garbled
        return answer.body

    def forget(self, reading: int) -> None:
        """Nothing more is wanted of a reading."""
        self._channel.send(Kind.CLOSE, b"%d" % reading)


class _Asked(io.RawIOBase):
    """One reading of the file from its beginning."""

    def __init__(self, content: AskedContent, reading: int) -> None:
        self._content, self._reading = content, reading
        self._rest = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._content.forget(self._reading)
        super().close()

    def readinto(self, buffer: Any, /) -> int:
        if not self._rest and not self._ended:
            self._rest = self._content.next_block(self._reading)
            self._ended = not self._rest
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
