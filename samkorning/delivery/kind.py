"""Kinds of deliveries (utlämningar).

What belongs here: why a delivery is made. What must not: which kind one is (samkorning.case.plan), or what it contains.
"""

from enum import StrEnum


class DeliveryKind(StrEnum):
    """Why this delivery is made."""

    FIRST = "first"
    SUPPLEMENT = "supplement"
    REPEAT = "repeat"
    REPLACEMENT = "replacement"
    COMPLETE = "complete"
    """Everything that is kept, in place of all that was delivered before."""
