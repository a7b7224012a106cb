"""From order to decision: questions and what follows, quotes, holders, reservations, the queue. Feeds docs/rules.md."""

from datetime import date, timedelta

import pytest

from samkorning.case import Case, EventKind, State, acts, rules, state_of
from samkorning.case.assignment import Turn, assign, is_paused, officer_of, pause, queue, resume
from samkorning.case.endings import Outcome, end, proposed
from samkorning.case.enquiries import (
    answer,
    ask,
    ask_for_supplement,
    awaited_of_orderer,
    give_supplement,
    meet,
    remind,
    review_first,
)
from samkorning.case.holder_requests import Reason, ask_holder, has_refused, refuse_by_holder, standings
from samkorning.case.offers import answer_quote, charged, quote, send_specification
from samkorning.case.reservations import reserve, reserved_persons
from samkorning.case.states import TRANSITIONS
from samkorning.errors import RuleRefused
from tests.factories import AT, a_case, an_order, approved, delivered, holder_released, on, then

OPENED = AT.date()


def refused(rule: str):  # noqa: ANN201
    """Expects a refusal that names the rule."""
    return pytest.raises(RuleRefused, match=f"^{rule}:")


def day(number: int) -> date:
    """So many days after the case was opened."""
    return OPENED + timedelta(days=number)


def asked(case: Case, *, on_day: int = 3, days: int = 14) -> Case:
    """The case with a question to the orderer."""
    return then(case, on(on_day, ask(case, ["Which years?"], day(on_day + days), day(on_day))))


def reminded(case: Case, about: str = "questions", *, on_day: int = 18, days: int = 14) -> Case:
    """The case with a reminder."""
    return then(case, on(on_day, remind(case, about, day(on_day + days), day(on_day))))


def test_r02_cases_wait_for_an_officer_in_the_order_they_came() -> None:
    """R02: cases wait for a case officer in the order they came; one that has an officer waits no more."""
    late, early = a_case(number="2-2026"), a_case(number="1-2026")
    assert queue([late, early]) == ["1-2026", "2-2026"]
    given = then(early, on(5, assign(early, "Olle", "")))
    assert queue([late, given]) == ["2-2026"]


def test_r02_a_case_is_taken_before_an_earlier_one_for_a_reason_that_is_recorded() -> None:
    """R02: a case that is given to an officer before one that came earlier has a reason, which is recorded."""
    case = a_case(number="2-2026")
    with pytest.raises(RuleRefused, match=r"^R02: 1 cases that came earlier .*`case assign 1-2026` first"):
        assign(case, "Olle", "new", turn=Turn(["1-2026"]))
    taken = assign(case, "Olle", "new", turn=Turn(["1-2026"], "a pandemic"))
    assert (taken.detail["before"], taken.detail["out_of_turn"]) == (["1-2026"], "a pandemic")
    assert "out_of_turn" not in assign(case, "Olle", "new", turn=Turn([], "no other waits")).detail
    assert assign(then(case, on(1, taken)), "Anna", "handed over", turn=Turn(["1-2026"]))


def test_r02_a_case_is_handed_over_with_a_note() -> None:
    """R02: a case is handed over to another officer with a note; the newest assignment counts."""
    case = then(a_case(), on(1, assign(a_case(), "Olle", "new")))
    with refused("R02"):
        assign(case, "Olle", "again")
    assert officer_of(then(case, on(2, assign(case, "Anna", "the questions are answered")))) == "Anna"


def test_r02_nothing_is_decided_while_questions_are_open() -> None:
    """R02: no decision is made while questions to the orderer are open."""
    case = asked(a_case(*approved()[:1]))
    with refused("R02"):
        acts.endorse_decision(case, "lawyer", "Lisa")
    assert acts.endorse_decision(then(case, on(5, answer(case, "2219 to 2220"))), "lawyer", "Lisa")


def test_r02_a_reminder_moves_the_deadline() -> None:
    """R02: questions have a deadline; a reminder sets a later one."""
    case = asked(a_case())
    assert [(each.what, each.deadline, each.reminded) for each in awaited_of_orderer(case)] == [
        ("questions", day(17), False)
    ]
    (awaited,) = awaited_of_orderer(reminded(case))
    assert (awaited.since, awaited.deadline, awaited.reminded) == (day(3), day(32), True)
    with refused("R02"):
        remind(a_case(), "questions", day(9), day(1))


@pytest.mark.parametrize(
    ("opened", "outcome"),
    [
        (asked(a_case()), Outcome.DISMISSED),
        (then(a_case(), on(3, ask_for_supplement(a_case(), day(17), day(3)))), Outcome.REJECTED),
        (then(a_case(), on(3, send_specification(a_case(), 1, 2, day(17), day(3)))), Outcome.CLOSED),
        (then(a_case(), on(3, quote(a_case(), 8, day(17), day(3)))), Outcome.CLOSED),
    ],
)
def test_r02_what_follows_no_answer_is_proposed_after_a_reminder(opened: Case, outcome: Outcome) -> None:
    """R02: without an answer after a reminder the software proposes dismissal, rejection or closure, and no sooner."""
    assert proposed(opened, day(100)) is None, "nobody has been reminded"
    case = reminded(opened, awaited_of_orderer(opened)[0].what)
    assert proposed(case, day(32)) is None, "the last day is the orderer's"
    found = proposed(case, day(33))
    assert found is not None
    assert found.outcome is outcome


def test_r02_nobody_is_dismissed_or_rejected_while_a_deadline_runs() -> None:
    """R02: nobody is dismissed or rejected while a deadline runs; an order is closed whenever its orderer wishes."""
    case = reminded(asked(a_case()))
    for outcome in (Outcome.DISMISSED, Outcome.REJECTED):
        with refused("R02"):
            end(case, outcome, "no answer", day(32))
    assert end(case, Outcome.CLOSED, "the orderer takes it back", day(32)).detail["outcome"] == "closed"
    assert end(case, Outcome.DISMISSED, "no answer", day(33)).detail["proposed"] == "dismissed"
    with refused("R02"):
        end(a_case(), Outcome.DISMISSED, "nobody was asked", day(33))


def test_r02_a_case_that_ended_takes_no_further_acts() -> None:
    """R02: what comes after a case was dismissed, rejected or closed is a new order."""
    case = then(a_case(*approved()), on(3, end(a_case(), Outcome.CLOSED, "as the orderer wishes", day(3))))
    assert state_of(case.events) is State.ENDED
    with refused("R02"):
        rules.decision_is_approved(case)
    went_on = {kind for state, kind in TRANSITIONS if state is State.ENDED}
    assert went_on.isdisjoint({EventKind.QUESTIONS_ANSWERED, EventKind.FILE_RECEIVED, EventKind.DELIVERED})
    with refused("R02"):
        state_of(then(case, on(4, answer(asked(a_case()), "late"))).events)
    assert (State.DELIVERED, EventKind.ENDED) not in TRANSITIONS, "what was delivered is not undone"
    with pytest.raises(RuleRefused, match=r"R02: the case has delivered.*`case withdraw`"):
        end(a_case(*approved(), delivered()), Outcome.CLOSED, "no more files", day(9))


def test_r02_a_case_that_rests_is_not_decided_on() -> None:
    """R02: while a case rests nothing is decided and nothing leaves."""
    case = a_case(*approved()[:1])
    rests = then(case, on(3, pause(case, "the orderer asked for it")))
    with refused("R02"):
        acts.endorse_decision(rests, "lawyer", "Lisa")
    with refused("R02"):
        pause(rests, "again")
    again = then(rests, on(5, resume(rests)))
    assert not is_paused(again)
    assert acts.endorse_decision(again, "lawyer", "Lisa")


def test_r04_each_holder_has_its_own_request_decision_and_due_date() -> None:
    """R04: each holder has a request, a due date and a decision of its own; a refusal does not touch the others."""
    case = a_case(*approved(), holder_released("SCB"))
    case = then(case, on(1, ask_holder(case, "Region Exempel", day(90), day(1))))
    case = then(case, on(9, refuse_by_holder(case, "Region Exempel", Reason.QUALITY, "too few values")))
    found = {each.holder: (each.decision, each.due) for each in standings(case)}
    assert found == {
        "SCB": ("released", None),
        "Exempelregistret": ("not asked", None),
        "Region Exempel": ("refused", day(90)),
    }
    assert has_refused(case, "Region Exempel")
    with refused("R04"):
        ask_holder(case, "Nobody's register", day(90), day(1))
    with refused("R04"):
        refuse_by_holder(case, "SCB", Reason.LAW, "after all")


def test_r09_the_specification_is_sent_with_an_approximate_price() -> None:
    """R09: the specification is sent for approval with an approximate price, from lower to higher, and a last day."""
    said = send_specification(a_case(), 20_000, 30_000, day(14), day(0)).detail
    assert (said["price_low"], said["price_high"], said["deadline"]) == (20_000, 30_000, day(14).isoformat())
    with refused("R09"):
        send_specification(a_case(), 30_000, 20_000, day(14), day(0))
    with refused("R09"):
        send_specification(a_case(), 1, 2, day(0), day(0))


def test_r10_a_reservation_names_persons_of_a_principal_that_is_no_authority() -> None:
    """R10: a confidentiality reservation names persons, and is for a principal that is no authority."""
    with refused("R10"):
        reserve(a_case(), ["Anna Exempel"])
    company = a_case(order=an_order(("authority: true", "authority: false")))
    with refused("R10"):
        reserve(company, [])
    assert reserved_persons(then(company, on(1, reserve(company, ["Anna Exempel"])))) == ["Anna Exempel"]


def test_r19_a_further_person_comes_into_the_reservation_after_a_delivery_and_none_goes() -> None:
    """R19: after a delivery a further person can come into the reservation; nobody who was named is left out."""
    order = an_order(("authority: true", "authority: false"))
    case = a_case(*approved(order), order=order)
    case = then(case, on(1, reserve(case, ["Anna Exempel"])))
    case = then(case, on(9, reserve_free := reserve(case, ["Bo Exempel"])))
    assert reserve_free.detail["persons"] == ["Bo Exempel"], "before a delivery it is open"
    case = then(a_case(*approved(order), delivered(), order=order), on(1, reserve_free))
    assert reserve(case, ["Bo Exempel", "Cia Exempel"]).detail["persons"] == ["Bo Exempel", "Cia Exempel"]
    with refused("R19"):
        reserve(case, ["Cia Exempel"])


def test_r11_a_supplement_at_the_ethics_authority_is_awaited_before_the_decision() -> None:
    """R11: while a supplement at the ethics authority is awaited nothing is decided."""
    case = a_case(*approved()[:1])
    case = then(case, on(3, ask_for_supplement(case, day(17), day(3))))
    with refused("R11"):
        acts.endorse_decision(case, "lawyer", "Lisa")
    with refused("R11"):
        ask_for_supplement(case, day(30), day(4))
    with refused("R11"):
        ask_for_supplement(a_case(), day(20), day(4))
    assert ask_for_supplement(a_case(), day(66), day(51)), "two weeks end on Epiphany"
    given = then(case, on(9, give_supplement(case, "Dnr 2026-00001-02")))
    assert acts.endorse_decision(given, "lawyer", "Lisa")
    with refused("R11"):
        give_supplement(given, "again")


def test_r20_a_quote_is_accepted_or_declined_before_the_decision() -> None:
    """R20: a quote is 1,000 kr an hour, or an outside supplier's price; nothing is decided before a yes."""
    case = a_case(*approved()[:1])
    case = then(case, on(3, quote(case, 8, day(17), day(3))))
    assert case.events[-1].detail["price"] == 8_000
    assert quote(a_case(), 8, day(17), day(3), price=25_000).detail["price"] == 25_000
    with refused("R20"):
        acts.endorse_decision(case, "lawyer", "Lisa")
    with refused("R20"):
        quote(case, 9, day(17), day(3))
    assert acts.endorse_decision(then(case, on(4, answer_quote(case, accepted=True))), "lawyer", "Lisa")
    declined = then(case, on(4, answer_quote(case, accepted=False)))
    with refused("R20"):
        acts.endorse_decision(declined, "lawyer", "Lisa")
    assert proposed(declined, day(4)).outcome is Outcome.CLOSED
    with refused("R20"):
        answer_quote(declined, accepted=True)


def test_r20_a_declined_or_refused_request_costs_the_base_fee_alone() -> None:
    """R20: a new request costs 5,000 kr and a renewed one 3,000; declined or refused it costs that alone."""
    renewed = (EventKind.CODE_REVIEWED, "Rut", {"renews": "1-2025", "specification_sha256": "s", "program_sha256": "p"})
    work = {"hours": 8, "price": 8_000, "deadline": "2026-12-01"}
    quoted, accepted = (EventKind.QUOTED, "Olle", work), (EventKind.QUOTE_ACCEPTED, "Olle", {})
    declined = (EventKind.QUOTE_DECLINED, "Olle", {})
    total = [
        sum(row["price"] for row in charged(a_case(*approved(), *steps)))
        for steps in ((quoted, accepted, delivered()), (quoted, accepted), (quoted, declined), (renewed, delivered()))
    ]
    assert total == [13_000, 5_000, 5_000, 3_000]


def test_r26_the_first_review_comes_once_and_the_meeting_when_it_was_held() -> None:
    """R26: the first review is recorded once; the first meeting, with what was agreed, when it has been held."""
    case = then(a_case(), on(2, review_first(a_case(), "complete")))
    with refused("R26"):
        review_first(case, "again")
    assert meet(case, day(3), "years and registers", day(3)).detail["agreed"] == "years and registers"
    with refused("R02"):
        meet(case, day(4), "years", day(3))
