"""A second file of a source before the first is delivered: whose choice it is, case by case (docs/rules.md)."""

import pytest

from samkorning.case import Case, EventKind
from samkorning.case.ledger import LedgerRow, Unit, UnitStatus, ledger
from samkorning.case.ledger_account import what_counts
from samkorning.case.next_act import OFFICER, next_act
from samkorning.case.plan import awaited_sources
from samkorning.case.rules import all_or_nothing, may_extract
from samkorning.case.second_files import another_needs_a_reason, is_declined, stands_before, waiting_files
from samkorning.errors import FileRefused, RuleRefused
from samkorning.retention.clocks import code_key_clock, held_file_clock, unit_clock
from tests.factories import (
    AT,
    SAMPLE_ORDER,
    Step,
    a_case,
    a_unit,
    an_order,
    approved,
    delivered,
    holder_released,
    received,
    reviewed,
)

K = EventKind
A, B, C = "a" * 64, "b" * 64, "c" * 64
TODAY = AT.date()
LISA = Unit("lisa")


def came(sha256: str, rows: int, source: str = "lisa") -> Step:
    kind, person, detail = received(source, sha256)
    return kind, person, {**detail, "rows": rows}


def held(sha256: str, rows: int, **more: object) -> Step:
    return K.FILE_QUARANTINED, "inbox", {"source": "lisa", "file": "lisa_b.txt", "sha256": sha256, "rows": rows, **more}


def refused(sha256: str, **more: object) -> Step:
    return K.FILE_REFUSED, "inbox", {"source": "lisa", "file": "f", "sha256": sha256, "problem": "p", **more}


def complaint(delivery: str) -> Step:
    return K.COMPLAINT_OPENED, "Olle", {"delivery": delivery, "reason": "rows are missing"}


FIRST = came(A, 190)
SENT = delivered("L001", a_unit("lisa"))
SITUATIONS = {
    "nothing has come before": ([], "taken in"),
    "the first has not been delivered": ([FIRST], "waits"),
    "another source was delivered": ([FIRST, delivered("L001", a_unit("diabetes"))], "waits"),
    "it is the first once more": ([came(B, 190)], "taken in"),
    "the first was delivered": ([FIRST, SENT], "taken in"),
    "the first was found to change nothing": (
        [came(C, 190), SENT, FIRST, (K.FOUND_UNCHANGED, "s", {"units": [a_unit("lisa")]})],
        "taken in",
    ),
    "a corrected one came, and its change is not decided": ([FIRST, SENT, came(C, 190)], "waits"),
    "a complaint asked for the one that came": ([FIRST, SENT, complaint("L001"), came(C, 190)], "waits"),
    "a complaint asks for a corrected one": ([FIRST, SENT, came(C, 190), complaint("L001")], "taken in"),
    "the complaint is about another source": (
        [FIRST, delivered("L001", a_unit("diabetes")), complaint("L001")],
        "waits",
    ),
    "what a person took in was refused": ([FIRST, refused(C)], "taken in"),
    "what was refused was not asked for": ([FIRST, refused(C, unasked=True)], "waits"),
    "a person let the first stand": ([FIRST, refused(C), refused(C, declined=True)], "waits"),
    "the first was refused": ([refused(A), came(C, 190)], "waits"),
    "nobody waits for the source": (
        [FIRST, (K.SOURCE_WITHDRAWN, "Olle", {"source": "lisa", "reason": "r"})],
        "taken in",
    ),
    "the first was disposed of": (
        [FIRST, (K.DISPOSED, "Olle", {"stores": [{"store": "received.lisa"}], "held": [], "files": []})],
        "taken in",
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_r13_a_second_file_waits_for_a_person(situation: str) -> None:
    """R13: another file of a source, that nobody asked for, waits for a person while the first is not delivered."""
    events, outcome = SITUATIONS[situation]
    case = a_case(*approved(), received("population"), *events)
    assert (stands_before(case, "lisa", B) is not None) == (outcome == "waits")


FROZEN: Step = (K.POPULATION_FROZEN, "samkorning", {})
STUDIED = {
    "nothing has come before": ([], "taken in"),
    "the first has come": (["came"], "waits"),
    "a person was told that the second needs a reason": (["came", refused(C)], "waits"),
    "a person let the first stand": (["came", refused(C, declined=True)], "waits"),
    "the first is linked": (["came", FROZEN], "as decided by three"),
    "the first was delivered": (["came", FROZEN, SENT], "as decided by three"),
}


@pytest.mark.parametrize("source", ["population", "number_history"])
@pytest.mark.parametrize("situation", STUDIED)
def test_r19_a_second_file_of_who_is_studied_waits_for_a_person(situation: str, source: str) -> None:
    """R19: a second file of the population or the number history waits for a person until persons are linked."""
    events, outcome = STUDIED[situation]
    steps = [came(A, 20, source) if event == "came" else event for event in events]
    case = a_case(*approved(), *steps)
    assert (stands_before(case, source, B) is not None) == (outcome == "waits")
    assert stands_before(case, source, A) is None, "the same file once more is known"


@pytest.mark.parametrize("source", ["population", "number_history"])
def test_r19_nobody_is_linked_while_two_files_say_who_is_studied(source: str) -> None:
    """R19: nobody is linked while two files say who is studied; the next act says the rows of both and the commands."""
    waits = (K.FILE_QUARANTINED, "inbox", {**held(B, 11)[2], "source": source, "beside": 9})
    first = [came(C, 12, "population"), came(A, 20, source)]
    case = a_case(*approved(), reviewed(), *first, waits)
    with pytest.raises(RuleRefused, match=f"R19: two files of {source} have come"):
        may_extract(case, reviewed()[2]["program_sha256"])
    act = next_act(case, ledger(case, {}, TODAY), reviewed()[2]["program_sha256"], TODAY)
    assert act.what == f"two files of {source} have come" and act.whose == OFFICER
    for said in ("20 rows", "11 rows", f"`file match {B[:16]} {case.number} {source}", f"`file refuse {B[:16]}"):
        assert said in act.how
    settled = (
        K.FILE_REFUSED,
        "Olle",
        {**refused(B, declined=True, quarantined=case.events[-1].number)[2], "source": source},
    )
    case = a_case(*approved(), reviewed(), *first, waits, settled)
    may_extract(case, reviewed()[2]["program_sha256"])


def test_a_number_history_that_an_amended_order_awaits_no_longer_holds_nobody_back() -> None:
    start, end = SAMPLE_ORDER.index("  number_history:"), SAMPLE_ORDER.index("  sources:")
    order = SAMPLE_ORDER[:start] + SAMPLE_ORDER[end:]
    waits = (K.FILE_QUARANTINED, "inbox", {**held(B, 11)[2], "source": "number_history", "beside": 9})
    came_in = [came(C, 12, "population"), came(A, 20, "number_history")]
    case = a_case(*approved(order), reviewed(order), *came_in, waits, order=order)
    may_extract(case, reviewed(order)[2]["program_sha256"])


def two_files(*more: Step, order: str = an_order()) -> Case:
    return a_case(*approved(order), received("population"), holder_released("SCB", order), FIRST, *more, order=order)


def row(case: Case) -> LedgerRow:
    return next(row for row in ledger(case, {}, TODAY) if row.unit == LISA)


STANDINGS = {
    "it was held beside the first": ([held(B, 99, beside=6)], UnitStatus.TWO_FILES),
    "both were held before the decision": ([held(B, 99)], UnitStatus.TWO_FILES),
    "it is the file that counts": ([held(A, 190, beside=6)], UnitStatus.ACCEPTED),
    "a person has said why it comes": ([held(B, 99, reason="a later extract")], UnitStatus.ACCEPTED),
    "it was let in": (
        [held(B, 99, beside=6), (*came(B, 99)[:2], {**came(B, 99)[2], "quarantined": 9})],
        UnitStatus.ACCEPTED,
    ),
    "it was refused": ([held(B, 99, beside=6), refused(B, quarantined=9, declined=True)], UnitStatus.ACCEPTED),
}


@pytest.mark.parametrize("situation", STANDINGS)
def test_r13_nothing_of_a_source_leaves_while_two_files_wait(situation: str) -> None:
    """R13: while a second file waits nothing of its source is due; a person lets it in, or refuses it."""
    events, status = STANDINGS[situation]
    found = row(two_files(*events))
    assert (found.status, found.is_due, found.is_open) == (status, *[status is UnitStatus.ACCEPTED] * 2)


def test_r13_what_a_person_has_to_choose_from_is_told_by_rows() -> None:
    """R13: the ledger and the next act say the rows of both files and both commands; no file name, no reminder."""
    case = two_files(reviewed(), held(B, 99, beside=6))
    rows = ledger(case, {}, TODAY)
    act = next_act(case, rows, reviewed()[2]["program_sha256"], TODAY)
    for said in (row(case).why, act.how):
        assert "190 rows" in said and "99 rows" in said
        assert f"`file match {B[:16]} {case.number} lisa" in said and f"`file refuse {B[:16]}" in said
        assert "lisa_b.txt" not in said, "a name could carry anything"
    assert act.what == "decide which file of lisa counts"
    assert "lisa" in awaited_sources(rows), "the delivery tells that it is without it"


def test_what_waits_keeps_the_case_and_its_material() -> None:
    case = two_files(delivered("L001", a_unit("diabetes")), held(B, 99, beside=6))
    rows = [each for each in ledger(case, {}, TODAY) if each.unit == LISA]
    key = code_key_clock(case, rows)
    assert key.first_day is None and "lisa" in key.why
    assert unit_clock(case, LISA, rows, key).first_day is None


WITHDRAWN: Step = (K.SOURCE_WITHDRAWN, "Olle", {"source": "lisa", "reason": "r"})
ENDED: Step = (K.ENDED, "Olle", {"how": "closed", "reason": "r"})
GOES = {
    "beside the one that counts": ([held(B, 99, beside=6)], None),
    "from before the decision": ([held(B, 99)], None),
    "the one that counts": ([held(A, 190)], "without an approved decision"),
    "of a source that is withdrawn": ([held(B, 99, beside=6), WITHDRAWN], "nothing of lisa is awaited any more"),
    "of a case that has ended": ([held(B, 99, beside=6), ENDED], "nothing of lisa is awaited any more"),
}


@pytest.mark.parametrize("which", GOES)
def test_r13_no_disposal_decides_for_the_first_of_two_files(which: str) -> None:
    """R13: a second file goes by no clock while a person has to choose which of the two counts."""
    events, why = GOES[which]
    case = two_files(*events)
    [event] = case.held_files()
    clock = held_file_clock(case, event)
    assert (clock.first_day is None) == (why is None)
    assert (why or "a person decides which file counts") in clock.why


def test_all_or_nothing_waits_for_the_choice() -> None:
    whole = an_order(("specification:\n", "specification:\n  all_or_nothing: true\n"))
    case = two_files(held(B, 99, beside=6), order=whole)
    with pytest.raises(RuleRefused, match="all or nothing"):
        all_or_nothing(case, [row(case)])


def test_r13_the_place_of_another_is_taken_with_a_reason() -> None:
    """R13: a file out of the hold takes the place of one that has not been delivered with a reason alone."""
    case = two_files()
    with pytest.raises(FileRefused, match="190 rows"):
        another_needs_a_reason(case, "lisa", "lisa_b.txt", B, "")
    another_needs_a_reason(case, "lisa", "lisa_b.txt", B, "the first lacked a year")
    another_needs_a_reason(case, "lisa", "lisa_a.txt", A, "")


def test_the_same_refused_file_again_is_known() -> None:
    case = two_files(held(B, 99, beside=6), refused(B, quarantined=9, declined=True))
    assert is_declined(case, "lisa", B) and not is_declined(case, "lisa", C)
    assert waiting_files(case, "lisa") == []
    assert not is_declined(two_files(refused(B, unasked=True)), "lisa", B)


def test_the_file_that_counts_is_told_with_the_one_whose_place_it_took() -> None:
    assert what_counts(a_case(*approved()), LISA) is None
    assert str(what_counts(two_files(), LISA)) == f"190 rows of {TODAY}"
    assert str(what_counts(two_files(came(B, 99)), LISA)) == f"99 rows of {TODAY}, in place of 190 rows of {TODAY}"
    assert str(what_counts(two_files(FIRST), LISA)) == f"190 rows of {TODAY}"
