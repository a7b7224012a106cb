"""The service's exchange with one reader about one file: bytes given, messages received, and what its silence means.

What belongs here: giving the file's bytes on request, waiting no longer than agreed, and the refusal of a file whose
reader breaks off. What must not: what the reader's messages say about the file (reader_process).
"""

from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from samkorning.errors import FileRefused, GuardedFailure, SamkorningError
from samkorning.register_files.content import content as contents
from samkorning.register_files.content.content import Content, open_content
from samkorning.register_files.guarded import believed
from samkorning.register_files.guarded.messages import Ended, Garbled, Kind, Message
from samkorning.register_files.guarded.order import Order
from samkorning.register_files.guarded.wardens import Reader, ReadersWarden

_START = 120.0  # seconds until a reader stands ready; the first one waits for libraries to load
_MOST_READINGS = 16
_OUT_OF_TIME = -24  # SIGXCPU
_KILLED = -9  # nobody here kills a reader that is still waited for: the kernel did, for want of memory


class Exchange:
    """One reader, one file. Whatever it raises, it has ended the reader first."""

    def __init__(self, warden: ReadersWarden, content: Content, order: Order) -> None:
        self.order = order
        self._content, self._limits = content, order.limits
        self._waited, self._bytes = 0.0, 0
        self._readings: dict[bytes, BinaryIO] = {}
        self._reader = self._start(warden)

    def _start(self, warden: ReadersWarden) -> Reader:
        if not isinstance(self._content, Path):
            return warden.reader(None)
        with self._content.open("rb") as file:
            self._bytes = self._content.stat().st_size
            return warden.reader(file.fileno())

    def close(self) -> None:
        """Ends the reader, and all that was opened for it."""
        self._reader.close()
        with ExitStack() as closing:
            for stream in self._readings.values():
                closing.callback(stream.close)
        self._readings.clear()

    def guards(self) -> dict[str, bool]:
        """Sends what is to be read, and receives which guards stand."""
        try:
            self._reader.channel.send(Kind.ORDER, self.order.as_json(), seconds=_START)
        except (Ended, TimeoutError):
            raise self.broken_off() from None
        try:
            message = self._receive(_START)
            if message.kind != Kind.GUARDS:
                raise Garbled
            return believed.head_as(believed.GuardsHead, message.head).guards
        except Garbled:
            raise self.garbled() from None

    def next_message(self) -> Message:
        """The reader's next message about the file; its requests are met on the way.

        :raises FileRefused: when that message is a refusal, when it costs more than the limits, or does not come.
        """
        try:
            while (message := self._receive(self._limits.silence)).kind in (Kind.OPEN, Kind.NEXT, Kind.CLOSE):
                self._meet(message)
        except Garbled:
            raise self.garbled() from None
        except SamkorningError:
            self.close()
            raise
        return message

    def _receive(self, seconds: float) -> Message:
        left = min(seconds, self._limits.waiting - self._waited)
        began = monotonic()
        try:
            return self._reader.channel.receive(max(0.0, left))
        except TimeoutError:
            raise self.beyond("time") from None
        except Ended:
            raise self.broken_off() from None
        finally:
            self._waited += monotonic() - began

    def _meet(self, request: Message) -> None:
        """Gives the file's bytes block by block, as often as they are asked for from the beginning."""
        reading = request.head
        if request.kind == Kind.CLOSE:
            if reading in self._readings:
                self._readings.pop(reading).close()
        elif request.kind == Kind.OPEN:
            if reading in self._readings or len(self._readings) >= _MOST_READINGS or len(reading) > 20:
                raise Garbled
            self._readings[reading] = open_content(self._content)
        else:
            if reading not in self._readings:
                raise Garbled
            self._give(self._readings[reading].read(contents.BLOCK))

    def _give(self, block: bytes) -> None:
        self._bytes += len(block)
        try:
            self._reader.channel.send(Kind.BLOCK, parts=[block], seconds=self._limits.silence)
        except TimeoutError:
            raise self.beyond("time") from None
        except Ended:
            raise self.broken_off() from None

    def refuse_beyond(self, rows: int) -> None:
        """Refuses a file that gives more bytes of rows than one of its size may."""
        if rows > max(self._limits.rows, self._limits.growth * self._bytes):
            raise self.beyond("amount of rows")

    def beyond(self, what: str) -> FileRefused:
        """The refusal of a file that costs too much."""
        self.close()
        return FileRefused(
            self.order.name,
            f"the file could not be read within its limits ({what})",
            "send it as delimited text, or in several files",
        )

    def garbled(self) -> FileRefused:
        """The refusal of a file whose reader says what no reader says."""
        self.close()
        return FileRefused(self.order.name, "reading the file broke off", "write the file again and send that")

    def broken_off(self) -> SamkorningError:
        """What it means that the reader has gone."""
        end = self._reader.end()
        if end is None:
            self.close()
            return GuardedFailure("the process that reads files has ended; try again")
        if end.no_memory or end.exit_code == _KILLED:
            return self.beyond("memory")
        return self.beyond("time") if end.exit_code == _OUT_OF_TIME else self.garbled()
