"""What a delivery that holds everything leaves out, because it stands as in an earlier delivery.

What belongs here: the reasons, and such a unit. What must not: which units these are (samkorning.case.plan), or the
words for them (documents).
"""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a unit stands as it was delivered before."""

    UNCHANGED = "unchanged"
    """What it is made from is another, and gave the same content."""
    UNDECIDED = "undecided"
    """What it is made from is another, and nobody has decided what becomes of it."""
    DECLINED = "declined"
    """A person lets what was delivered stand."""
    TWO_FILES = "two_files"
    """Two files have come, of which a person has to choose."""
    AWAITS_RELEASE = "awaits_release"
    """Its holder has not released what has changed."""
    WITHDRAWN = "withdrawn"
    """Its source is no longer awaited."""
    DISPOSED = "disposed"
    """What it was made from is disposed of."""


@dataclass(frozen=True)
class StandingUnit:
    """A unit such as ``lisa`` or ``lmed 2219``, the delivery in which it stands, and why it is not in this one."""

    name: str
    delivery: str
    why: Why
