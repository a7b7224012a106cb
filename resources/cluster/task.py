"""What a process of the cluster does: opens what it was sent, does one slice, and gives files and counts.

What belongs here: the side of the worker. What must not: how a slice is done (samkorning.linkage.slices).

Encryption keys come wrapped under what driver and worker both derive from the cluster's secret for one run, and are
unwrapped in the memory of the process alone. Tables that slices of one file are linked with are held between them, and
forgotten when the next file comes, or none for some seconds: Spark's processes go on for all files of a run. No text
of a library's error leaves it: Spark writes those into its logs.
"""

import hashlib
import os
import pickle
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from polars.exceptions import PanicException

from samkorning.encryption.primitives import NotAuthentic, derive, unwrap, wrap
from samkorning.errors import MachineFailure, SamkorningError
from samkorning.linkage.slices import Done, Slice, Sliced, forget_held
from samkorning.machine.faults import fault_of, unplaced
from samkorning.program_hash import program_hash
from samkorning.vault.hygiene import protect_process

SECRET_AT_A_WORKER = "_SPARK_AUTH_SECRET"  # the name of a variable  # noqa: S105
SECONDS_HELD = 5.0
OTHER_PROGRAM = "a worker has another version of the program than this machine; install the same everywhere"


class SliceFailed(Exception):
    """A slice could not be done here; Spark tries it elsewhere, and gives up after some tries."""


@dataclass(frozen=True)
class Refused:
    """A slice that no worker could do, and why, in our own words."""

    why: str


@dataclass(frozen=True)
class Answer:
    """What came of a slice, at which attempt of the run, and at which worker."""

    result: Done | Refused
    attempt: int
    worker: str


@dataclass(frozen=True)
class Run:
    """One file's run on the cluster: what its wrapping encryption key is derived from, none of it secret."""

    application: str
    nonce: str
    program: str

    def sealed(self, secret: str, content: object) -> bytes:
        """Anything, for the workers of this run alone."""
        return wrap(self._wrapping(secret), pickle.dumps(content))

    def opened(self, secret: str, sealed: bytes) -> Any:
        """The same at a worker; NotAuthentic where it is of another run."""
        return pickle.loads(unwrap(self._wrapping(secret), sealed))  # noqa: S301  (authentic: of our own driver)

    def _wrapping(self, secret: str) -> bytes:
        return derive(secret.encode(), "cluster", self.application, self.nonce)


@dataclass(frozen=True)
class Task:
    """What is done with every slice of a run; called by Spark in a process of its own."""

    run: Run
    sealed_work: bytes

    def __call__(self, sealed_slice: bytes) -> Answer:
        """Do a slice.

        :raises SliceFailed: where another worker may succeed.
        """
        from pyspark import TaskContext

        protect_process()
        _close_standard_error()
        context = TaskContext.get()
        attempt = context.taskAttemptId() if context else 0
        with _HELD.of(self.run.nonce):
            result = _guarded(lambda: self._done(sealed_slice, attempt))
        return Answer(result, attempt, f"{socket.gethostname()} {os.getppid()}")  # all processes of one have one parent

    def _done(self, sealed_slice: bytes, attempt: int) -> Done | Refused:
        if self.run.program != program_of_tasks():
            return Refused(OTHER_PROGRAM)
        secret = os.environ.get(SECRET_AT_A_WORKER, "")
        work: Sliced = self.run.opened(secret, self.sealed_work)
        a_slice: Slice = self.run.opened(secret, sealed_slice)
        return work.done(a_slice, attempt)


class Held:
    """What a process holds of one file between its slices."""

    def __init__(self) -> None:
        self._nonce, self._later = "", threading.Timer(0, forget_held)

    @contextmanager
    def of(self, nonce: str) -> Iterator[None]:
        """While a slice of a file is done: of another file nothing is held, and of this one for some seconds after."""
        self._later.cancel()
        if nonce != self._nonce:
            forget_held()
        self._nonce = nonce
        try:
            yield
        finally:
            self._later = threading.Timer(SECONDS_HELD, forget_held)
            self._later.daemon = True
            self._later.start()


_HELD = Held()


@cache
def program_of_tasks() -> str:
    """SHA-256 in hex of what a slice is done by: the rules, and this module."""
    return hashlib.sha256(program_hash().encode() + Path(__file__).read_bytes()).hexdigest()


def _guarded(work: Callable[[], Done | Refused]) -> Done | Refused:
    """What a slice gives; what ends it otherwise without a library's words."""
    try:
        return work()
    except (MachineFailure, NotAuthentic) as failure:
        why = str(failure) or "what was sent is not of this run"
    except SamkorningError as refusal:
        return Refused(str(refusal))
    except (Exception, PanicException) as error:
        found = fault_of(error)
        why = str(unplaced(found)) if found else type(error).__name__
    raise SliceFailed(why)


def _close_standard_error() -> None:
    """Nothing that a library writes there comes into a log of the worker (decision 0026)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
