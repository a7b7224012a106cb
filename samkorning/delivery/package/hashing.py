"""SHA-256 beside the work: of what passes by, in a thread of its own.

What belongs here: the thread. What must not: what the hash is compared with. Hashing takes as long as sealing, and the
library lets go of the interpreter's lock meanwhile: on two cores the two cost the time of one.
"""

import hashlib
from contextlib import AbstractContextManager
from queue import SimpleQueue
from threading import Semaphore, Thread
from types import TracebackType

_AHEAD = 64
_JOINED = 1 << 18  # small chunks are joined: handing one over costs more than hashing it


class PassingHash(AbstractContextManager["PassingHash"]):
    """A hash of the chunks that it is given, a few ahead at most; its thread ends with the context."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._room = Semaphore(_AHEAD)
        self._waiting: list[bytes] = []
        self._size = 0
        self._thread = Thread(target=self._run, name="sha256", daemon=True)

    def __enter__(self) -> "PassingHash":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def update(self, chunk: bytes) -> None:
        """The next chunk; it must not change afterwards."""
        self._waiting.append(chunk)
        self._size += len(chunk)
        if self._size >= _JOINED:
            self._hand_over()

    def hexdigest(self) -> str:
        """SHA-256 in hex of all chunks, once the last of them has been given."""
        self._hand_over()
        self._queue.put(None)
        self._thread.join()
        return self._digest.hexdigest()

    def _hand_over(self) -> None:
        self._room.acquire()
        self._queue.put(self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting))
        self._waiting, self._size = [], 0

    def _run(self) -> None:
        while (chunk := self._queue.get()) is not None:
            self._digest.update(chunk)
            self._room.release()
