"""An act that the rules allow, before it is recorded.

What belongs here: its shape. What must not: any act (acts and its neighbours), or recording it (register).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samkorning.case.events import EventKind
from samkorning.identity.free_text import require_no_numbers_within


@dataclass(frozen=True)
class Act:
    """An event that may be recorded."""

    kind: EventKind
    detail: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse an act whose words read as an identity number; an order is looked at line by line as it comes in."""
        require_no_numbers_within(self.detail, "order")
