"""The warden (vaktmästare): a fresh process that has loaded libraries, holds nothing, and starts one for each task.

What belongs here: starting, saying how a process ended, ending what nobody waits for. What must not: the tasks, or an
encryption key: the warden is started with an empty environment and one end of a socket, and inherits no memory. That
the libraries are loaded once makes a small task cheap.

It forks, and therefore never does anything that starts threads of its own. It ends when the service does, however that
was. Whoever asks sends three descriptors or two: the socket that reports the end, the socket of the task, a file.
"""

import gc
import json
import os
import selectors
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from fcntl import F_DUPFD, fcntl
from typing import NoReturn

TASK = b"t"
MOST_DESCRIPTORS = 3
Task = Callable[[socket.socket, int | None, int], None]
"""Is given the socket, the file's descriptor where there is one, and the number of the warden's process."""
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"annot allocate memory", b"ut of memory", b"OutOfMemory")
_NO_MEMORY, _BROKE_OFF = 71, 70
_MOST_SAID = 65_536
_HIGH = 64


@dataclass(frozen=True)
class _Running:
    """A process at work: its number, the socket that reports its end, and what it says on its standard error."""

    process: int
    status: socket.socket
    said: int


class Warden:
    """Answers the service on one socket until the service is gone."""

    def __init__(self, service: socket.socket, task: Task) -> None:
        self._service, self._task = service, task
        self._running: dict[int, _Running] = {}
        self._ends, self._wakes = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._parent = os.getppid()

    def serve(self) -> None:
        """Starts a process whenever one is asked for; returns when the service has gone."""
        self._wakes.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._service, selectors.EVENT_READ)
        self._selector.register(self._ends, selectors.EVENT_READ)
        self._watch_parent()
        gc.freeze()
        while all(self._answer(key) for key, _ in self._selector.select()):
            pass

    def _watch_parent(self) -> None:
        """A copy of the service's socket may live on in another process; the service's own end is seen here."""
        if hasattr(os, "pidfd_open"):
            with suppress(OSError):
                self._selector.register(os.pidfd_open(self._parent), selectors.EVENT_READ)

    def _answer(self, key: selectors.SelectorKey) -> bool:
        """Whether the service is still there."""
        if key.fileobj is self._service:
            return self._start()
        if key.fileobj is self._ends:
            self._ends.recv(4096)
            self._bury()
        elif key.data in self._running:
            self._give_up(self._running[key.data])
        return key.fileobj is self._ends or key.data is not None

    def _start(self) -> bool:
        """Starts a process; False where the service has closed its end."""
        task, descriptors, _, _ = socket.recv_fds(self._service, len(TASK), MOST_DESCRIPTORS)
        if task != TASK or len(descriptors) < 2:
            return False
        status, *given = descriptors
        said, says = os.pipe()
        process = os.fork()
        if not process:
            self._become_task(given, says)
        for descriptor in (*given, says):
            os.close(descriptor)
        running = _Running(process, socket.socket(fileno=status), said)
        self._running[process] = running
        self._selector.register(running.status, selectors.EVENT_READ, data=process)
        return True

    def _give_up(self, running: _Running) -> None:
        """Nobody waits for it any longer."""
        self._selector.unregister(running.status)
        with suppress(ProcessLookupError):
            os.kill(running.process, signal.SIGKILL)

    def _bury(self) -> None:
        """Tells how processes ended."""
        for running in list(self._running.values()):
            process, ended = os.waitpid(running.process, os.WNOHANG)
            if process:
                del self._running[process]
                self._report_end(running, os.waitstatus_to_exitcode(ended))

    def _report_end(self, running: _Running, exit_code: int) -> None:
        os.set_blocking(running.said, False)
        with suppress(OSError):
            said = os.read(running.said, _MOST_SAID)
            no_memory = exit_code == _NO_MEMORY or any(text in said for text in _OUT_OF_MEMORY)
            running.status.sendall(json.dumps({"exit_code": exit_code, "no_memory": no_memory}).encode())
        with suppress(KeyError):
            self._selector.unregister(running.status)
        running.status.close()
        os.close(running.said)

    def _become_task(self, given: list[int], says: int) -> NoReturn:
        """In the new process: nothing is left open but what the task was given."""
        exit_code = _BROKE_OFF
        try:
            warden = os.getppid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.set_blocking(says, False)
            end, *file = _keep_alone([os.open(os.devnull, os.O_RDONLY), says, says, *given])[3:]
            self._task(socket.socket(fileno=end), file[0] if file else None, warden)
            exit_code = 0
        except MemoryError:
            exit_code = _NO_MEMORY
        except BaseException:  # noqa: S110 - the exit code alone says what it was
            pass
        finally:
            os._exit(exit_code)


def _keep_alone(descriptors: list[int]) -> list[int]:
    """Makes these descriptors 0, 1, 2 … and closes all others; the objects that held them live to the process's end."""
    high = [fcntl(descriptor, F_DUPFD, _HIGH) for descriptor in descriptors]
    for place, descriptor in enumerate(high):
        os.dup2(descriptor, place)
    os.closerange(len(high), os.sysconf("SC_OPEN_MAX"))
    return list(range(len(high)))
