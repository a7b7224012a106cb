"""Bytes that come in chunks, as content that can be opened more than once.

What belongs here: a stream over chunks. What must not: where the chunks come from.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast


@dataclass(frozen=True)
class Chunks:
    """Content that is made anew, chunk by chunk, whenever it is opened; chunks are never empty."""

    make: Callable[[], Iterator[bytes]]

    def reopen(self) -> BinaryIO:
        """The bytes from their beginning."""
        return stream_of(self.make())


def stream_of(chunks: Iterator[bytes]) -> BinaryIO:
    """Chunks one after the other as a stream of bytes; closing it ends what makes them."""
    return cast(BinaryIO, io.BufferedReader(_ChunkStream(chunks)))


class _ChunkStream(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            following = next(self._chunks, None)
            if following is None:
                return 0
            self._rest = memoryview(following)
        taken = min(len(self._rest), len(buffer))
        buffer[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken

    def close(self) -> None:
        end = getattr(self._chunks, "close", None)
        if end is not None and not self.closed:
            end()
        super().close()
