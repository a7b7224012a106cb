"""Where the code key of a case stands, in one word: on hold, in the complaint window, kept, due, disposed of.

What belongs here: the word, and until when it holds. What must not: the clock itself (clocks).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from samkorning.case import Case, EventKind, state_of
from samkorning.case.hand_overs import ended_with_its_answer
from samkorning.case.ledger import LedgerRow
from samkorning.case.states import State
from samkorning.retention.clocks import code_key_clock


class KeyState(StrEnum):
    """What the code key waits for."""

    BEFORE_DELIVERY = "before_delivery"
    ON_HOLD = "on_hold"
    """Files are awaited, or something is to be delivered (R14)."""
    COMPLAINT = "complaint"
    """A complaint is open (R15)."""
    COMPLAINT_WINDOW = "complaint_window"
    """The recipient can still complain (R15)."""
    KEPT = "kept"
    """A decision keeps it (R17)."""
    ENDED = "ended"
    """The case ended without a delivery, and may be taken up again by a court (R02); or with its answer handed over."""
    DUE = "due"
    """It may be disposed of (R16)."""
    DISPOSED = "disposed"


@dataclass(frozen=True)
class KeyStanding:
    """``until`` is the last day on which it stands so, none where that is open or without a limit."""

    state: KeyState
    why: str
    rule: str
    until: date | None = None


def code_key_standing(case: Case, rows: Sequence[LedgerRow], today: date) -> KeyStanding:
    """Where population and code key stand today."""
    if state_of(case.events) is State.DISPOSED:
        return KeyStanding(KeyState.DISPOSED, "code key and population are disposed of", "R16")
    clock = code_key_clock(case, rows)
    if clock.first_day is None:
        return KeyStanding(_held_by(clock.why, clock.rule), clock.why, clock.rule)
    if clock.has_passed(today):
        return KeyStanding(KeyState.DUE, clock.why, "R16")
    if case.last(EventKind.ENDED) is not None:
        rule = "R16" if ended_with_its_answer(case) else "R02"
        return KeyStanding(KeyState.ENDED, clock.why, rule, clock.first_day - timedelta(days=1))
    state, rule = (KeyState.KEPT, "R17") if clock.rule == "R17" else (KeyState.COMPLAINT_WINDOW, "R15")
    return KeyStanding(state, clock.why, rule, clock.first_day - timedelta(days=1))


def _held_by(why: str, rule: str) -> KeyState:
    if rule == "R14":
        return KeyState.ON_HOLD
    if rule == "R17":
        return KeyState.KEPT
    return KeyState.COMPLAINT if "complaint" in why else KeyState.BEFORE_DELIVERY
