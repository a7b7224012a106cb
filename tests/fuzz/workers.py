"""A process that reads one case after the other, and somebody who waits no longer than agreed.

What belongs here: starting it, asking, what it means that it falls silent or dies. What must not: what a reading tells
(outcomes). Readers have limits of their own; this one is for the service's side of the exchange, which has none.
"""

import multiprocessing
import warnings
from contextlib import suppress
from time import monotonic

from samkorning.vault.hygiene import protect_process
from tests.fuzz.cases import Case
from tests.fuzz.outcomes import Outcome, Reached, outcome_of
from tests.fuzz.second_look import why_it_broke_off

PATIENCE = 240.0  # seconds for one case with its second look; readers are given up long before
_START = 300.0


class Worker:
    """One process for many cases; a new one when it has ended."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._end, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        if not self._end.poll(_START) or self._end.recv() != "ready":
            raise RuntimeError("no process to read in")

    def outcome(self, case: Case) -> tuple[Outcome, float]:
        """What came of a case, and how many seconds it took; a process that is gone or silent is a finding."""
        began = monotonic()
        try:
            self._end.send(case)
            if self._end.poll(self._patience):
                return self._end.recv(), monotonic() - began
            outcome = Outcome(Reached.ERROR, "hangs: the service's side was given up")
        except (EOFError, OSError):
            self._process.join(10)
            outcome = Outcome(Reached.ERROR, f"crash of the service's side, exit {self._process.exitcode}")
        self.close()
        self._start()
        return outcome, monotonic() - began

    def close(self) -> None:
        """Ends the process."""
        self._end.close()
        self._process.kill()
        self._process.join()


def _serve(end: "multiprocessing.connection.Connection") -> None:
    warnings.simplefilter("error")
    protect_process()
    end.send("ready")
    with suppress(EOFError):
        while True:
            case = end.recv()
            outcome = outcome_of(case)
            if outcome.reached is Reached.BROKE_OFF:
                outcome = Outcome(outcome.reached, outcome.finding or why_it_broke_off(case))
            end.send(outcome)
