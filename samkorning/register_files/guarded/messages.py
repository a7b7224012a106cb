"""The messages that the service and a reader exchange over one socket.

What belongs here: framing, its bounds, and waiting no longer than agreed. What must not: what a message means.
It has a kind, a head in JSON and a body of bytes; both lengths are bounded before anything is received. Nothing is
unpickled.
"""

import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from threading import Lock

import pyarrow as pa

MOST_HEAD = 16 * 1024**2
MOST_BODY = 512 * 1024**2
_FRAME = struct.Struct("<BIQ")
_PARTS_AT_ONCE = 512


class Kind(IntEnum):
    """What a message of the two is about."""

    ORDER = 1  # service: the file's name, contract and limits
    GUARDS = 2  # reader: which guards stand
    OPEN, NEXT, CLOSE = 3, 4, 5  # reader: asks for the file's bytes
    BLOCK = 6  # service: the next bytes, none at the end
    OPENED = 7  # reader: what formats.open_register_file found
    BATCH = 8  # reader: rows
    ENDED = 9  # reader: the account
    REFUSED = 10  # reader: why the file cannot be taken
    MISCOUNTED = 11  # reader: the reading is not to be trusted


_KINDS = frozenset(kind.value for kind in Kind)


class Garbled(Exception):
    """The other side sent what nobody sends; it is not asked again."""


class Ended(Exception):
    """The other side is gone."""


@dataclass(frozen=True)
class Message:
    """One message: ``head`` is JSON that is not yet read, ``body`` bytes that nobody has looked at."""

    kind: Kind
    head: bytes
    body: memoryview


class Channel:
    """One end of the socket. Several threads may send; only one receives at a time."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._sending = Lock()

    def close(self) -> None:
        """Ends the exchange."""
        self._end.close()

    def send(
        self, kind: Kind, head: bytes = b"", parts: Sequence[memoryview | bytes] = (), seconds: float | None = None
    ) -> None:
        """Sends a message, whole, within so many seconds.

        :raises Ended: when the other side is gone; TimeoutError when it does not listen.
        """
        until = None if seconds is None else time.monotonic() + seconds
        frame = _FRAME.pack(kind, len(head), sum(len(part) for part in parts))
        with self._sending:
            try:
                self._give([memoryview(frame), memoryview(head), *(memoryview(part) for part in parts)], until)
            except ConnectionError:
                raise Ended from None

    def _give(self, parts: list[memoryview], until: float | None) -> None:
        waiting = [part for part in reversed(parts) if len(part)]
        while waiting:
            self._wait_at_most(until)
            sent = self._end.sendmsg(waiting[: -_PARTS_AT_ONCE - 1 : -1])
            while waiting and sent >= len(waiting[-1]):
                sent -= len(waiting.pop())
            if sent:
                waiting[-1] = waiting[-1][sent:]

    def receive(self, seconds: float | None = None) -> Message:
        """The next message, whole, within so many seconds.

        :raises Ended: when the other side is gone; Garbled when it sends no message; TimeoutError when it is silent.
        """
        until = None if seconds is None else time.monotonic() + seconds
        try:
            number, head, body = _FRAME.unpack(self._take(_FRAME.size, until))
            if number not in _KINDS or head > MOST_HEAD or body > MOST_BODY:
                raise Garbled
            return Message(Kind(number), bytes(self._take(head, until)), self._take(body, until))
        except ConnectionError:
            raise Ended from None

    def _take(self, length: int, until: float | None) -> memoryview:
        taken = memoryview(pa.allocate_buffer(length)).cast("B")  # whose pages are used again
        place = 0
        while place < length:
            self._wait_at_most(until)
            got = self._end.recv_into(taken[place:])
            if not got:
                raise Ended
            place += got
        return taken

    def _wait_at_most(self, until: float | None) -> None:
        """A reader sets no time: its guards do not know the call that would."""
        if until is not None:
            self._end.settimeout(max(0.001, until - time.monotonic()))
