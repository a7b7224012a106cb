"""An act that the rules allow, before it is recorded.

What belongs here: its shape. What must not: any act (acts and its neighbours), or recording it (register).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samkorning.case.events import EventKind


@dataclass(frozen=True)
class Act:
    """An event that may be recorded."""

    kind: EventKind
    detail: Mapping[str, Any]
