"""An age file as chunks to pull, where the library only pushes.

What belongs here: the thread between the two. What must not: what a seal is (age). The library runs in a thread of its
own, a few mebibytes ahead at most, and ends when nobody takes its chunks any longer.
"""

from collections.abc import Iterator
from queue import Queue
from threading import Thread

from samkorning.encryption.age import unseal
from samkorning.encryption.age_writing import Readable

CHUNK = 1024 * 1024
_AHEAD = 4


class _NobodyTakes(Exception):
    """Ends the library's thread."""


class _Pushed:
    """Where the library writes: its small blocks joined to chunks, handed over in a queue."""

    def __init__(self) -> None:
        self.chunks: Queue[bytes | BaseException | None] = Queue(_AHEAD)
        self.abandoned = False
        self._blocks: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        self._blocks.append(bytes(data))
        self._size += len(data)
        if self._size >= CHUNK:
            self._hand_over()
        return len(data)

    def run(self, sealed: Readable, secrets: tuple[str, ...]) -> None:
        """Unseals to the end; the last thing handed over is None, or the error that ended it."""
        try:
            unseal(sealed, self, *secrets)
            self._hand_over()
        except BaseException as error:
            self.chunks.put(error)
        else:
            self.chunks.put(None)

    def _hand_over(self) -> None:
        if self.abandoned:
            raise _NobodyTakes
        if self._size:
            self.chunks.put(b"".join(self._blocks))
            self._blocks, self._size = [], 0


def unsealed_chunks(sealed: Readable, secrets: tuple[str, ...]) -> Iterator[bytes]:
    """The bytes of a sealed stream, chunk by chunk; they count only when all have come without an error.

    SealedForOthers if none of the identities opens it, PackageRefused if it was cut off or changed.
    """
    pushed = _Pushed()
    thread = Thread(target=pushed.run, args=(sealed, secrets), name="unseal", daemon=True)
    thread.start()
    try:
        while isinstance(chunk := pushed.chunks.get(), bytes):
            yield chunk
        if chunk is not None:
            raise chunk
    finally:
        pushed.abandoned = True
        while thread.is_alive():
            if not pushed.chunks.empty():
                pushed.chunks.get()
            thread.join(0.001)
