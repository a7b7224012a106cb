"""Waiting for a lock that another process holds: told to a person after a while, and given up after a longer one.

What belongs here: taking a lock on an open file. What must not: what the file is for, or who holds it
(``lock_holders``).

The kernel would wait without limit and say nothing, also for a process that is stopped and never goes on.
"""

import fcntl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from samkorning.errors import MachineFailure
from samkorning.identity.redaction import redact_numbers
from samkorning.machine.faults import SAFE, Fault
from samkorning.machine.lock_holders import Holder, holder_names, holders

QUICKEST, SLOWEST = 0.0005, 0.02
"""Seconds between two tries: most holders are done within a write to the disk."""


def nobody_told(sentence: str) -> None:
    """Let pass what nobody hears."""


@dataclass(frozen=True)
class Waiting:
    """How a process waits: whom it tells, after how many seconds, and after how many it gives up.

    ``now`` and ``rest`` stand for the clock and for sleeping.
    """

    tell: Callable[[str], None] = nobody_told
    told_after: float = 5.0
    at_most: float = 600.0
    now: Callable[[], float] = time.monotonic
    rest: Callable[[float], None] = time.sleep

    def lock(self, descriptor: int, path: Path) -> None:
        """Lock an open file against every other process and thread.

        :param path: the file, as it is said who is waited for.
        :raises MachineFailure: when it was held for longer than this process waits; it says by whom and what to do.
        """
        begun, pause, told = self.now(), QUICKEST, False
        while not _taken(descriptor):
            waited = self.now() - begun
            if waited >= self.at_most:
                raise given_up(path, holders([path]), self.at_most)
            if waited >= self.told_after and not told:
                self.tell(f"waits for {_names(holders([path]))} to be done with {redact_numbers(path.name)}")
                told = True
            self.rest(pause)
            pause = min(pause * 2, SLOWEST)


FOR_A_WHILE = Waiting()
"""As a process waits that nobody watches."""


def given_up(path: Path, held_by: list[Holder], seconds: float) -> MachineFailure:
    """The failure of who has waited long enough: who holds the file, and what to do about it."""
    folder, name = redact_numbers(str(path.parent)), redact_numbers(path.name)
    stopped = [holder for holder in held_by if holder.is_stopped]
    remedy = "let it finish, or end it if it hangs"
    if stopped:
        numbers = " ".join(str(holder.process) for holder in stopped)
        remedy = f"it is stopped: let it go on with `kill -CONT {numbers}`, or end it with `kill -KILL {numbers}`"
    sentence = f"{_names(held_by)} has held {name} in {folder} for more than {seconds:g} seconds; {remedy}; {SAFE}"
    return MachineFailure(sentence, Fault.LOCKED.value, folder)


def _names(held_by: list[Holder]) -> str:
    return holder_names(held_by) or "another process"


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
