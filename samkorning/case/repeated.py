"""Acts that have been taken already, with nothing since that they could be meant for: they add nothing.

What belongs here: approvals, endorsements, code reviews and holders' releases, which are easily typed twice. What must
not: acts that mean something each time, such as a release of the next delivery.
"""

from collections.abc import Mapping
from typing import Any

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind

K = EventKind
ANEW: Mapping[EventKind, tuple[EventKind, ...]] = {
    K.SPECIFICATION_APPROVED: (K.AMENDED, K.SPECIFICATION_SENT),
    K.DECISION_ENDORSED: (K.AMENDED,),
    K.CODE_REVIEWED: (K.AMENDED,),
    K.HOLDER_RELEASED: (K.AMENDED, K.HOLDER_RECALLED, K.HOLDER_REFUSED, K.HOLDER_ASKED, K.FILE_RECEIVED, K.DELIVERED),
}
"""What makes each of them an act of its own once more."""
OF_OTHERS = (K.SPECIFICATION_APPROVED,)
"""What somebody else has said, whoever here records it: the orderer approves once."""


def done_already(case: Case, act: Act, person: str) -> Event | None:
    """The event by which this person, or of what others say anybody, has recorded the very same, and which still says
    it."""
    if act.kind not in ANEW:
        return None
    for event in reversed(case.events):
        if event.kind in ANEW[act.kind]:
            return None
        if event.kind is act.kind and _is_about(event.detail) == _is_about(act.detail):
            is_same = dict(event.detail) == dict(act.detail) and (event.person == person or act.kind in OF_OTHERS)
            return event if is_same else None
    return None


def _is_about(detail: Mapping[str, Any]) -> tuple[Any, Any]:
    """The role of an endorsement, the holder of a release; an approval and a review are about the order alone."""
    return detail.get("role"), detail.get("holder")
