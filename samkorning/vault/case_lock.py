"""The lock of a case: one process at a time changes a case's stores.

The lock is the kernel's (flock), so it ends with the process that held it, however that ends. Within a process it is
re-entrant: a delivery holds it throughout and the assets it runs take it again, also in other threads.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samkorning.case_number import is_case_number
from samkorning.durable import PRIVATE_FILE
from samkorning.errors import CaseBusy
from samkorning.machine.lock_holders import holder_names, holders


@dataclass
class _Held:
    descriptor: int
    times: int = 0
    known: dict[Any, Any] = field(default_factory=dict, repr=False)


_held: dict[Path, _Held] = {}
_mutexes: dict[Path, threading.RLock] = {}
_guard = threading.Lock()


@contextmanager
def case_lock(path: Path, case: str) -> Iterator[None]:
    """Hold the lock file of a case. Never waits: CaseBusy if another process holds it."""
    _enter(path, case)
    try:
        yield
    finally:
        _leave(path)


def known_while_held(path: Path) -> dict[Any, Any] | None:
    """Give what this process may remember of a case while it holds it, and forgets with the lock; else None."""
    held = _held.get(path)
    return held.known if held else None


def thread_mutex(folder: Path) -> threading.RLock:
    """Give the mutex that holds one store against other threads of this process."""
    return _mutexes.setdefault(folder, threading.RLock())


def _enter(path: Path, case: str) -> None:
    with _guard:
        if path not in _held:
            _held[path] = _Held(_locked(path, case))
        _held[path].times += 1


def _leave(path: Path) -> None:
    with _guard:
        held = _held.get(path)
        if held is None:  # entered before a fork, left in the child: the parent still holds it
            return
        held.times -= 1
        if not held.times:
            os.close(_held.pop(path).descriptor)


def _locked(path: Path, case: str) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        held_by = holder_names(holders([path])) or "another run"
        what = "the case" if is_case_number(case) else "it"  # own registers and the opt-out list have one too
        raise CaseBusy(f"{case}: {held_by} holds {what}; try again when it has ended") from None
    return descriptor


def _forget_after_fork() -> None:
    """A forked child does not hold its parent's locks: closing its copies leaves the parent's in force."""
    global _guard
    _guard = threading.Lock()
    for held in _held.values():
        os.close(held.descriptor)
    _held.clear()
    _mutexes.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
