"""The forms of a change between two deliveries of a case.

What belongs here: the values. What must not: finding them.
"""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What has changed of a variable."""

    RENAMED = "renamed"
    ADDED = "added"
    GONE = "gone"
    RETYPED = "retyped"
    RELABELLED = "relabelled"
    OTHER_UNIT = "other unit"
    OTHER_VALUE_SET = "other value set"


@dataclass(frozen=True)
class Change:
    """One change of a variable of a file, with what it was in the delivery named and what it is now."""

    file: str
    variable: str
    what: What
    before: str
    now: str
    since: str
