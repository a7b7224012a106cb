"""Acts that one person takes twice: the second time nothing is recorded."""

import pytest

from samkorning.case import EventKind
from samkorning.case.act import Act
from samkorning.case.repeated import done_already
from tests.factories import Step, a_case, approved, delivered, holder_released, received, released, reviewed

SCB = holder_released("SCB")
OFFICERS = approved()[1]
RECALLED: Step = (EventKind.HOLDER_RECALLED, "Olle", {"holder": "SCB", "reason": "why"})
OTHER_REVIEW: Step = (EventKind.CODE_REVIEWED, "Rut", {**reviewed()[2], "program_sha256": "another"})


@pytest.mark.parametrize(
    ("what", "steps", "again", "person", "known"),
    [
        ("endorsed", approved()[:2], OFFICERS, "Olle", True),
        ("endorsed, and the others since", approved(), OFFICERS, "Olle", True),
        ("endorsed by another person", approved()[:2], OFFICERS, "Otto", False),
        ("approved again since", [*approved()[:2], approved()[0]], OFFICERS, "Olle", False),
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
def test_what_one_person_says_twice_is_recorded_once(
    what: str, steps: list[Step], again: Step, person: str, known: bool
) -> None:
    assert (done_already(a_case(*steps), Act(again[0], again[2]), person) is not None) is known
