"""Rules on received files of which no row links: they wait for a person, who lets them pass once and with a reason."""

import pytest

from samkorning.case import Case, EventKind
from samkorning.case.blocking import blocked, digest_of
from samkorning.case.ledger import LedgerRow, Unit, UnitStatus
from samkorning.case.none_linked import is_let_pass, release_although_none_linked
from samkorning.case.rules import delivery_is_released
from samkorning.errors import NotFound, RuleRefused
from tests.factories import Step, a_case, a_unit, an_order, approved, delivered, received, released, reviewed

PROGRAM = reviewed()[2]["program_sha256"]
STANDING = released(standing=True)
OTHER_ORDER = an_order(("linked_share_at_least: 0.5", "linked_share_at_least: 0.6"))
RECALLED: Step = (EventKind.DELIVERY_RECALLED, "Olle", {"reason": "why"})


def decided(*steps: Step) -> Case:
    return a_case(*approved(), reviewed(), received("diabetes"), *steps)


def let_pass(*before: Step, standing: bool = False) -> Step:
    act = release_although_none_linked(decided(*before), PROGRAM, ["diabetes"], "diabetes", "a small study", standing)
    return act.kind, "Olle", act.detail


@pytest.mark.parametrize(
    ("what", "steps", "holds"),
    [
        ("nobody has looked", (), False),
        ("released, and no word of the file", (released(),), False),
        ("a standing release", (STANDING,), False),
        ("let pass", (let_pass(),), True),
        ("let pass, another source delivered", (let_pass(), delivered("L001", a_unit("lisa"))), True),
        ("used up by its delivery", (let_pass(), delivered("L001", a_unit("diabetes"))), False),
        ("once more after it", (let_pass(), delivered("L001", a_unit("diabetes")), let_pass()), True),
        ("another file has come since", (let_pass(), received("diabetes", "b" * 64)), False),
        ("the same file again", (let_pass(), received("diabetes", "b" * 64), received("diabetes")), True),
        ("a file of another source has come since", (let_pass(), received("lisa", "b" * 64)), True),
        ("taken back", (let_pass(), RECALLED), False),
        ("taken back and released without a word", (let_pass(), RECALLED, released()), False),
    ],
)
def test_r12_a_file_of_which_no_row_links_waits_for_a_person_each_time(
    what: str, steps: tuple[Step, ...], holds: bool
) -> None:
    """R12: a file of which no row links stops the delivery until a person lets that very file pass, with a reason.
    That holds for the next delivery only; a standing release does not replace it."""
    assert is_let_pass(decided(*steps), "diabetes") is holds
    assert not is_let_pass(decided(*steps), "lisa")


def test_r12_what_was_let_pass_holds_for_the_specification_as_it_was() -> None:
    """R12: a change of the specification makes a file of which no row links wait again."""
    changed = a_case(*approved(), received("diabetes"), let_pass(), order=OTHER_ORDER)
    assert not is_let_pass(changed, "diabetes")


@pytest.mark.parametrize(
    ("what", "before", "standing", "goes_on"),
    [
        ("nothing", (), False, False),
        ("nothing, and released standing now", (), True, True),
        ("released once", (released(),), False, False),
        ("a standing release", (STANDING,), False, True),
        ("a standing one that was taken back", (STANDING, RECALLED), False, False),
    ],
)
def test_r20_a_file_that_passes_ends_no_standing_release(
    what: str, before: tuple[Step, ...], standing: bool, goes_on: bool
) -> None:
    """R20: letting a file pass of which no row links releases the next delivery, and a standing release goes on."""
    event = let_pass(*before, standing=standing)
    assert (event[2]["standing"], event[2]["reason"]) == (goes_on, "a small study")
    delivery_is_released(decided(*before, event))


def test_r12_only_what_the_linkage_has_found_can_be_let_pass() -> None:
    """R12: nobody lets a file pass before the linkage has found that none of its rows link."""
    with pytest.raises(RuleRefused, match=r"^R12: nothing of diabetes waits for this"):
        release_although_none_linked(decided(), PROGRAM, ["lisa"], "diabetes", "why")
    with pytest.raises(NotFound, match="has no source cancer; it has: diabetes, lisa"):
        release_although_none_linked(decided(), PROGRAM, ["cancer"], "cancer", "why")
    with pytest.raises(RuleRefused, match=r"^R12: the extraction program is not reviewed"):
        release_although_none_linked(decided(), "another", ["diabetes"], "diabetes", "why")
    with pytest.raises(RuleRefused, match=r"^R09"):
        release_although_none_linked(a_case(), PROGRAM, ["diabetes"], "diabetes", "why")


@pytest.mark.parametrize(
    ("what", "then", "is_blocked"),
    [("nothing", (), True), ("a plain release", (released(),), True), ("let pass", (let_pass(),), False)],
)
def test_what_was_stopped_goes_on_where_a_person_lets_it_pass(
    what: str, then: tuple[Step, ...], is_blocked: bool
) -> None:
    row = LedgerRow(Unit("diabetes"), "Exempelregistret", UnitStatus.LATE, "i", ())
    stopped: Step = (EventKind.DELIVERY_BLOCKED, "samkorning", {"check": "linkage_rate", "wanted": digest_of([row])})
    assert (blocked(decided(stopped, *then), [row]) is not None) is is_blocked
