"""A file that several processes append to, one at a time.

It stays open between appends, since opening it costs a good part of what an append costs beside its fsync. A forked
child opens it anew: a lock that it shared with its parent would hold neither of them back.
"""

import fcntl
import os
import threading
import weakref
from pathlib import Path
from types import TracebackType

from samkorning.durable import PRIVATE_FILE, fsync_folder, make_folder
from samkorning.machine.lock_waiting import FOR_A_WHILE, Waiting


class LockedFile:
    """The file at a path, created durable at the first use. ``with`` holds it and gives its descriptor."""

    def __init__(self, path: Path, waiting: Waiting = FOR_A_WHILE) -> None:
        self.path = path
        self._waiting = waiting
        self._thread = threading.Lock()
        self._descriptor, self._process = -1, -1

    def __enter__(self) -> int:
        self._thread.acquire()
        try:
            self._hold()
        except BaseException:
            self._thread.release()
            raise
        return self._descriptor

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._thread.release()

    def _hold(self) -> None:
        """Lock the file that the path names now; one that was moved away or restored meanwhile is opened anew."""
        while True:
            if self._process != os.getpid():
                self._open()
            self._waiting.lock(self._descriptor, self.path)
            if self._is_named():
                return
            self._open()

    def _is_named(self) -> bool:
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return False
        held = os.fstat(self._descriptor)
        return (named.st_ino, named.st_dev) == (held.st_ino, held.st_dev)

    def _open(self) -> None:
        if not self.path.exists():
            make_folder(self.path.parent)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        self._process = os.getpid()
        weakref.finalize(self, os.close, self._descriptor)
        fsync_folder(self.path.parent)
