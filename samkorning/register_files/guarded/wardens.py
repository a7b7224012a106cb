"""The service's side of the warden: started when the first file is read, asked for a reader for each file.

What belongs here: starting and ending the warden's process, asking for a reader, learning how it ended. What must not:
what a reader says (reader_process).
"""

import atexit
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from samkorning.errors import GuardedFailure
from samkorning.guards.warden import TASK
from samkorning.machine.faults import fault_of, unplaced
from samkorning.register_files.guarded.messages import Channel

PROGRAM = """
from samkorning.guards.privileges import live_apart
apart = live_apart()
from samkorning.register_files.guarded.warden_program import serve
serve(apart)
"""
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_MMAP_THRESHOLD_": str(256 * 1024**2),  # blocks of text go into memory that is used again,
    "MALLOC_TRIM_THRESHOLD_": str(1024**3),  # instead of new pages for each
    "OPENBLAS_NUM_THREADS": "1",  # a library that starts threads when it is loaded, in a process that forks
    "POLARS_OOC_DISK_BUDGET_MB": "0",
}
_WAIT_FOR_END = 10.0
NO_READER = "no process could be started to read a file"


@dataclass(frozen=True)
class End:
    """How a reader's process ended: its exit code, negative for a signal, and whether it was for want of memory."""

    exit_code: int
    no_memory: bool


@dataclass(frozen=True)
class Reader:
    """A reader that was started: the channel to it, and where its end is reported."""

    channel: Channel
    status: socket.socket

    def end(self) -> End | None:
        """How it ended, now that it sends nothing any more; None where nobody can say."""
        self.status.settimeout(_WAIT_FOR_END)
        with suppress(OSError, ValueError, TypeError):
            return End(**json.loads(self.status.recv(1024)))
        return None

    def close(self) -> None:
        """Ends it, whatever it does."""
        self.channel.close()
        self.status.close()


class ReadersWarden:
    """One warden, for all threads of this process; a process that was forked from it starts its own."""

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self._lock = Lock()
        self._forget()
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.stop)

    def _forget(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def make_ready(self) -> None:
        """Starts the warden, if it is not there, and does not wait: its libraries load while others work."""
        with self._lock, suppress(OSError):
            if self._socket is None:
                self._start()

    def reader(self, file: int | None) -> Reader:
        """A reader of its own for one file, which it is given as a descriptor, or asks for by its channel.

        :raises GuardedFailure: when no process can be started.
        """
        ours, theirs = socket.socketpair()
        status, reports = socket.socketpair()
        given = [reports.fileno(), theirs.fileno(), *([] if file is None else [file])]
        try:
            with self._lock:
                self._ask(given)
        except OSError as error:
            found = fault_of(error)
            ours.close()
            status.close()
            raise unplaced(found, NO_READER) if found else GuardedFailure(f"{NO_READER}; try again") from None
        finally:
            theirs.close()
            reports.close()
        return Reader(Channel(ours), status)

    def _ask(self, given: list[int]) -> None:
        if self._socket is not None:
            with suppress(OSError):
                socket.send_fds(self._socket, [TASK], given)
                return
        self._start()
        assert self._socket is not None  # noqa: S101 - it has just been started
        socket.send_fds(self._socket, [TASK], given)

    def _start(self) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-B", "-c", self._program]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        self._socket = ours

    def stop(self) -> None:
        """Ends the warden and all its readers."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._socket is not None and self._process is not None:
            self._socket.close()
            self._process.kill()
            self._process.wait()
        self._socket = self._process = None


WARDEN = ReadersWarden()
