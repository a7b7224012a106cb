"""Times of records in their order: what is written later is not dated earlier, unless a person has said why.

What belongs here: the tolerance, and the refusal when the machine's clock is behind what has been recorded. What must
not: asking what time it is.
"""

from datetime import datetime, timedelta

from samkorning.errors import ClockWentBack

TOLERANCE = timedelta(minutes=5)
"""How far a clock that is kept by others may be set back, and how long a record may wait for its turn."""


def in_order(at: datetime, before: datetime | None) -> datetime:
    """The time to record: the one before it where the clock was set back by no more than the tolerance."""
    return before if before is not None and before - TOLERANCE <= at < before else at


def require_not_behind(at: datetime, before: datetime | None) -> None:
    """Refuses a clock that is behind what has been recorded.

    :raises ClockWentBack: when it is behind by more than the tolerance.
    """
    if before is None or at >= before - TOLERANCE:
        return
    raise ClockWentBack(
        f"the clock went back: the newest record is of {before:%Y-%m-%d %H:%M}, here it is {at:%Y-%m-%d %H:%M} (UTC); "
        "set this machine's clock, or, if it is right and was wrong before, "
        "record that with `samkorning audit accept-clock`; nothing was recorded, and it is safe to run it again"
    )
