"""Acts that are taken twice: the second time nothing is recorded."""

import pytest

from samkorning.case import EventKind
from samkorning.case.act import Act
from samkorning.case.repeated import done_already
from tests.factories import Step, a_case, an_order, approved, delivered, holder_released, received, released, reviewed

SCB = holder_released("SCB")
APPROVAL, OFFICERS = approved()[:2]
OTHER_APPROVAL = approved(an_order(("linked_share_at_least: 0.5", "linked_share_at_least: 0.6")))[0]
AMENDED: Step = (EventKind.AMENDED, "Erik", {"order": an_order(), "file": "order.yaml", "sha256": "0"})
SENT: Step = (EventKind.SPECIFICATION_SENT, "Olle", {"deadline": "2026-11-16"})
RECALLED: Step = (EventKind.HOLDER_RECALLED, "Olle", {"holder": "SCB", "reason": "why"})
OTHER_REVIEW: Step = (EventKind.CODE_REVIEWED, "Rut", {**reviewed()[2], "program_sha256": "another"})


@pytest.mark.parametrize(
    ("what", "steps", "again", "person", "known"),
    [
        ("endorsed", approved()[:2], OFFICERS, "Olle", True),
        ("endorsed, and the others since", approved(), OFFICERS, "Olle", True),
        ("endorsed by another person", approved()[:2], OFFICERS, "Otto", False),
        ("endorsed, and approved again since", [*approved()[:2], APPROVAL], OFFICERS, "Olle", True),
        ("endorsed an earlier order", [*approved()[:2], AMENDED, APPROVAL], OFFICERS, "Olle", False),
        ("approved", [APPROVAL], APPROVAL, "Olle", True),
        ("approved, as another person has recorded", [APPROVAL], APPROVAL, "Otto", True),
        ("approved, and delivered since", [*approved(), delivered()], APPROVAL, "Olle", True),
        ("another order approved", [OTHER_APPROVAL], APPROVAL, "Olle", False),
        ("amended since its approval", [APPROVAL, AMENDED], APPROVAL, "Olle", False),
        ("sent for approval since", [*approved(), delivered(), SENT], APPROVAL, "Olle", False),
        ("reviewed", [*approved(), reviewed()], reviewed(), "Rut", True),
        ("another program reviewed since", [*approved(), reviewed(), OTHER_REVIEW], reviewed(), "Rut", False),
        ("the holder's release", [*approved(), SCB], SCB, "Olle", True),
        ("another holder since", [*approved(), SCB, holder_released("Exempelregistret")], SCB, "Olle", True),
        ("recalled since", [*approved(), SCB, RECALLED], SCB, "Olle", False),
        ("a file since", [*approved(), SCB, received("lisa")], SCB, "Olle", False),
        ("a delivery since", [*approved(), SCB, delivered()], SCB, "Olle", False),
        ("a release of a delivery is one each time", [*approved(), released()], released(), "Olle", False),
    ],
)
def test_what_is_said_twice_is_recorded_once(
    what: str, steps: list[Step], again: Step, person: str, known: bool
) -> None:
    assert (done_already(a_case(*steps), Act(again[0], again[2]), person) is not None) is known
