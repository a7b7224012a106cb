"""Whose every day of a case is. Feeds docs/rules.md."""

from datetime import date, timedelta

from samkorning.case import Case, Event, EventKind
from samkorning.case.act import Act
from samkorning.case.assignment import assign, pause, resume
from samkorning.case.complaints import close_complaint, complain
from samkorning.case.days import Span, days
from samkorning.case.endings import Outcome, end
from samkorning.case.enquiries import answer, ask, ask_for_supplement, give_supplement
from samkorning.case.holder_requests import Reason, refuse_by_holder
from samkorning.case.offers import send_specification
from tests.factories import AT, a_case, an_order, approved, delivered, holder_released, on, then
from tests.factories import received as received_file
from tests.factories import released as released_delivery
from tests.factories import reviewed as reviewed_program

OPENED = AT.date()


def day(number: int) -> date:
    """So many days after the case was opened."""
    return OPENED + timedelta(days=number)


def as_act(step: tuple[EventKind, str, object]) -> Act:
    """What a factory gives as an event, as an act."""
    return Act(step[0], step[2])  # type: ignore[arg-type]


def said(spans: list[Span]) -> list[tuple[str, str, int]]:
    """Whose, with the role or holder, and how many days."""
    return [(str(span.whose), span.name, span.days) for span in spans]


def decided(case: Case, first: int) -> Case:
    """Approval on one day and an endorsement on each of the next three."""
    return then(case, *[on(first + n, as_act(step)) for n, step in enumerate(approved())])


def test_r26_every_day_to_the_decision_is_somebodys() -> None:
    """R26: every day to the decision belongs to one: queue, officer, orderer, ethics authority or who decides."""
    case = a_case()
    case = then(case, on(40, assign(case, "Olle", "new")))
    case = then(case, on(42, ask(case, ["Which years?"], day(56), day(42))))
    case = then(case, on(50, answer(case, "2219")))
    case = then(case, on(52, ask_for_supplement(case, day(66), day(52))))
    case = then(case, on(70, give_supplement(case, "a reference")))
    case = then(case, on(75, send_specification(case, 1, 2, day(89), day(75))))
    case = decided(case, 80)
    assert said(days(case, day(84)))[:9] == [
        ("us", "coordinator", 40),
        ("us", "case_officer", 2),
        ("orderer", "", 8),
        ("us", "case_officer", 2),
        ("ethics", "", 18),
        ("us", "case_officer", 5),
        ("orderer", "", 5),
        ("us", "case_officer", 1),
        ("us", "manager", 1),
    ]
    assert [str(span.stage) for span in days(case, day(81))] == ["queue", *["review"] * 6, "decision"]


def test_r26_a_case_that_rests_counts_for_whom_it_rests() -> None:
    """R26: the days on which a case rests are those of whom it rests for."""
    case = then(a_case(), on(1, pause(a_case(), "the orderer asked for it")))
    case = then(case, on(11, resume(case)))
    assert said(days(case, day(12))) == [("us", "coordinator", 1), ("orderer", "", 10), ("us", "coordinator", 1)]


def test_r26_days_to_the_first_delivery_are_others_only_while_nothing_can_be_delivered() -> None:
    """R26: before the first delivery days are others' while nothing is in place, else ours: it can leave."""
    case = decided(a_case(), 0)
    case = then(case, on(13, as_act(received_file("population"))))
    case = then(case, on(20, as_act(reviewed_program())), on(22, as_act(released_delivery())))
    assert said(days(case, day(30)))[-4:] == [
        ("orderer", "", 10),
        ("us", "code_reviewer", 7),
        ("us", "case_officer", 2),
        ("us", "extractor", 8),
    ]


def test_r26_a_case_that_is_all_or_nothing_waits_for_its_holders_one_by_one() -> None:
    """R26: in a case that is all or nothing the days are a holder's until its file and its release are there."""
    order = an_order(("  repairs:", "  all_or_nothing: true\n  repairs:"))
    steps = [*approved(order), received_file("population")]
    case = a_case(*steps, order=order)
    case = then(case, on(10, as_act(received_file("lisa"))), on(12, as_act(holder_released("SCB", order))))
    case = then(case, on(20, refuse_by_holder(case, "Exempelregistret", Reason.LAW, "not allowed")))
    assert said(days(case, day(25))) == [
        ("holder", "SCB", 12),
        ("holder", "Exempelregistret", 8),
        ("us", "case_officer", 5),
    ]


def test_r26_after_a_delivery_days_are_the_recipients_until_the_key_should_go() -> None:
    """R26: after all is delivered days are the orderer's while it may complain or the code key is kept, then ours."""
    withdrawn = [
        (EventKind.SOURCE_WITHDRAWN, "Olle", {"source": source, "reason": "x"}) for source in
        ("lisa", "diabetes", "region_labb")
    ]  # fmt: skip
    case = a_case(*approved(), received_file("population"), *withdrawn, delivered())
    case = then(case, on(10, complain(case, "L001", "rows are missing", day(10))))
    case = then(case, on(15, close_complaint(case, "L001", "replaced")))
    assert said(days(case, day(100))) == [
        ("orderer", "", 10),
        ("us", "case_officer", 5),
        ("orderer", "", 78),
        ("us", "key_custodian", 7),
    ]
    gone = (EventKind.DISPOSED, "Olle", {"code_key": True, "held": [], "stores": []})
    assert sum(span.days for span in days(then(case, on(95, as_act(gone))), day(200))) == 95


def test_r26_while_two_files_of_a_source_have_come_the_days_are_who_chooses() -> None:
    """R26: while two files of a source wait for a choice the days are the case officer's, after a delivery too."""
    case = then(decided(a_case(), 0), on(4, as_act(received_file("population"))), on(4, as_act(reviewed_program())))
    case = then(case, on(5, as_act(released_delivery())), on(6, as_act(received_file("lisa"))), on(8, second("lisa")))
    chosen = then(case, on(11, let_in(case.events[-1])))
    assert said(days(chosen, day(13)))[-3:] == [
        ("us", "extractor", 3),
        ("us", "case_officer", 3),
        ("us", "extractor", 2),
    ]
    left = then(chosen, on(13, as_act(delivered())), on(14, as_act(received_file("diabetes"))), on(15, second("lisa")))
    gone = then(left, on(18, Act(EventKind.SOURCE_WITHDRAWN, {"source": "lisa", "reason": "x"})))
    assert said(days(left, day(18)))[-1] == ("us", "case_officer", 3)
    assert said(days(gone, day(20)))[-2:] == [("us", "case_officer", 3), ("holder", "Exempelregistret", 2)]


def test_r26_while_two_populations_have_come_nobody_elses_file_is_waited_for() -> None:
    """R26: while two populations wait for a choice the days are the case officer's, whoever else owes a file."""
    order = an_order(("  repairs:", "  all_or_nothing: true\n  repairs:"))
    case = a_case(*approved(order), received_file("population"), order=order)
    case = then(case, on(4, second("population")))
    assert said(days(case, day(6))) == [("holder", "SCB", 4), ("us", "case_officer", 2)]


def second(source: str) -> Act:
    """A file that is held beside the one that counts."""
    return Act(EventKind.FILE_QUARANTINED, {"source": source, "file": "f", "sha256": "b" * 64, "rows": 9, "beside": 7})


def let_in(held: Event) -> Act:
    """That file in the other's place."""
    kind, _, detail = received_file(str(held.detail["source"]), "b" * 64)
    return Act(kind, {**detail, "quarantined": held.number})


def test_r26_days_are_a_holders_again_when_its_source_is_awaited_again() -> None:
    """R26: the days of a source that was withdrawn are its holder's again once it is awaited again."""
    withdrawn = [
        (EventKind.SOURCE_WITHDRAWN, "Olle", {"source": source, "reason": "x"})
        for source in ("lisa", "diabetes", "region_labb")
    ]
    case = a_case(*approved(), received_file("population"), *withdrawn, delivered())
    case = then(case, on(10, Act(EventKind.SOURCE_AWAITED, {"source": "diabetes", "reason": "another was meant"})))
    assert said(days(case, day(14))) == [("orderer", "", 10), ("holder", "Exempelregistret", 4)]


def test_r26_a_case_that_ended_has_no_days_from_then_on() -> None:
    """R26: a case that was dismissed, rejected or closed has no days from then on."""
    case = then(a_case(), on(5, end(a_case(), Outcome.CLOSED, "as the orderer wishes", day(5))))
    assert said(days(case, day(99))) == [("us", "coordinator", 5)]
    assert days(a_case(), OPENED) == []
