"""Waiting for what a cluster does: how far it is, when it is broken off, and that no task of it runs on afterwards.

What belongs here: one job of Spark from its start to its end, however it ends. What must not: what its tasks do (task),
or reaching the cluster (connection).

Spark's answer is awaited in a thread beside, so that the thread that waits can be interrupted: a run that is ended in
the page, or by a signal, leaves through here, and its tasks are stopped before it goes on to take its files away. A
third thread asks Spark nothing and looks only at the clock: it ends a Spark that does not answer, for which all others
would wait for ever.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from samkorning.errors import GuardedFailure
from samkorning.machine.faults import SAFE, Fault

NOTHING_KEPT = "nothing of it was kept, and it is safe to run it again"
DRIVER_AND_A_WORKER = 2
SECONDS_WITHOUT_A_WORKER, EVERY_SECONDS = 600, 1.0
SAID_BY_JAVA = "Py4JJavaError"
SECONDS_TO_ANSWER = 120
"""Questions to Spark's own process take thousandths of a second."""
SECONDS_TO_STOP = 30
"""Spark ends the Python process of a task that is stopped after some seconds."""

T = TypeVar("T")


@dataclass
class Waiting:
    """A job of so many slices and rows. ``came`` is given the rows done; ``patience`` is the seconds in which at least
    one slice must end. ``end`` ends Spark's own process here."""

    context: Any
    slices: int
    rows: int
    patience: float
    came: Callable[[int], None]
    end: Callable[[], None]

    def answers(self, work: Callable[[], list[T]]) -> list[T]:
        """What the job gives.

        :raises GuardedFailure: when it fails, stands still, or no worker takes part in it; no task of it runs on.
        """
        self._done, self._alone, self._broken_off = 0, 0.0, ""
        self._moved = self._asked = time.monotonic()
        left = threading.Event()
        ended, found, failed = threading.Event(), list[T](), list[str]()

        def run() -> None:
            try:
                found.extend(work())
            except Exception as error:
                failed.append(_said(error))
            ended.set()

        threading.Thread(target=run, name="job-of-the-cluster", daemon=True).start()
        threading.Thread(target=self._watch, args=(left,), name="clock-of-the-cluster", daemon=True).start()
        whole = False
        try:
            while not ended.wait(EVERY_SECONDS):
                self._look()
            whole = not failed
        finally:
            self._stop(whole)
            left.set()
        if failed:
            raise GuardedFailure(f"the cluster gave up: {self._broken_off or failed[0]}; {NOTHING_KEPT}")
        self.came(self.rows)
        return found

    def _look(self) -> None:
        """One look, each second. Spark itself waits for workers, and for tasks, for ever."""
        now, executors, done = time.monotonic(), 0, 0
        self._asked = now
        with suppress(Exception):  # Spark's process ended: its job says so
            executors = self.context._jsc.sc().getExecutorMemoryStatus().size()
            done = self._completed()
        self._alone = self._alone + EVERY_SECONDS if executors < DRIVER_AND_A_WORKER else 0.0
        if self._alone:
            self._moved = now
        if done > self._done:
            self._done, self._moved = done, now
            self.came(self.rows * done // self.slices)
        if self._alone > SECONDS_WITHOUT_A_WORKER:
            self._break_off(f"no worker took part for {SECONDS_WITHOUT_A_WORKER // 60} minutes")
        elif now - self._moved > self.patience:
            self._break_off(f"no slice ended in {self.patience / 60:g} minutes (`cluster.minutes_a_slice`)")

    def _completed(self) -> int:
        tracker = self.context.statusTracker()
        stages = [tracker.getStageInfo(each) for each in tracker.getActiveStageIds()]
        return sum(stage.numCompletedTasks for stage in stages if stage)

    def _break_off(self, why: str) -> None:
        self._broken_off = self._broken_off or why
        with suppress(Exception):
            self.context.cancelAllJobs()

    def _watch(self, left: threading.Event) -> None:
        """Until the run is left: ends Spark's own process where no answer came for long."""
        while not left.wait(EVERY_SECONDS):
            if time.monotonic() - self._asked > SECONDS_TO_ANSWER:
                self._broken_off = self._broken_off or "Spark's own process here did not answer, and was ended"
                self.end()
                return

    def _stop(self, whole: bool) -> None:
        """No task runs on: neither what failed or was broken off, nor a second attempt that came too late."""
        with suppress(Exception):  # a cluster that does not answer any more runs nothing
            if not whole:
                self.context.cancelAllJobs()
            until = time.monotonic() + SECONDS_TO_STOP
            while self._running() and time.monotonic() < until:
                self._asked = time.monotonic()
                time.sleep(EVERY_SECONDS / 10)

    def _running(self) -> int:
        executors = self.context._jsc.sc().statusTracker().getExecutorInfos()
        return sum(executor.numRunningTasks() for executor in executors)


def answered(ask: Callable[[], T]) -> T | None:
    """What Spark's own process answers; nothing where it fails, or stands still."""
    found = list[T]()

    def asked() -> None:
        with suppress(Exception):
            found.append(ask())

    beside = threading.Thread(target=asked, name="question-to-the-cluster", daemon=True)
    beside.start()
    beside.join(SECONDS_TO_ANSWER)
    return found[0] if found else None


def _said(error: Exception) -> str:
    """What a failure of Spark says in our own words: of its text, which is of another process, whether it tells of a
    fault of a machine, and otherwise the name of its class."""
    text, name = str(error), type(error).__name__
    fault = next((fault for fault in Fault if f"{fault}; {SAFE}" in text), None)
    if fault:
        return f"{fault} at a worker"
    return f"a slice failed several times ({name})" if name == SAID_BY_JAVA else f"Spark itself failed here ({name})"
