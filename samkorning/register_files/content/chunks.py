"""Bytes that come in pieces, as content that can be opened more than once.

What belongs here: a stream over pieces. What must not: where the pieces come from.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast


@dataclass(frozen=True)
class Pieces:
    """Content that is made anew, piece by piece, whenever it is opened; pieces are never empty."""

    make: Callable[[], Iterator[bytes]]

    def reopen(self) -> BinaryIO:
        """The bytes from their beginning."""
        return stream_of(self.make())


def stream_of(pieces: Iterator[bytes]) -> BinaryIO:
    """Pieces one after the other as a stream of bytes; closing it ends what makes them."""
    return cast(BinaryIO, io.BufferedReader(_PieceStream(pieces)))


class _PieceStream(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            following = next(self._pieces, None)
            if following is None:
                return 0
            self._rest = memoryview(following)
        taken = min(len(self._rest), len(buffer))
        buffer[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken

    def close(self) -> None:
        end = getattr(self._pieces, "close", None)
        if end is not None and not self.closed:
            end()
        super().close()
