"""A case that answers another authority (R24): how it ends, what it costs then, and when what it had goes.

Each name reads as the rule; each docstring is the sentence a lawyer reads. docs/rules.md is generated from it.
"""

from datetime import date, timedelta

import pytest

from samkorning.case import Case, EventKind, State, state_of
from samkorning.case.endings import Outcome, end, proposed
from samkorning.case.ledger import ledger
from samkorning.case.next_act import next_act
from samkorning.case.offers import charged
from samkorning.case.suggestions import suggestions
from samkorning.errors import NotFound, RuleRefused
from samkorning.retention import code_key_clock, transit_clock, unit_clock
from samkorning.retention.standing import KeyState, code_key_standing
from tests.factories import AT, Step, delivered, on, then
from tests.spec.test_disposal_rules import LISA
from tests.spec.test_transit_rules import LATER, NAME, TODAY, known, made, taken

AFTER = LATER + timedelta(days=1)
LIST = taken()
GROUP, ROWS = made(kind="group", number="T001"), made(kind="rows", number="T002", source="lisa")
ENDED: Step = (EventKind.TRANSIT_ENDED, "Olle", {"hand_over": NAME, "reason": "all is answered"})
OTHERS = (Outcome.DISMISSED, Outcome.REJECTED, Outcome.CLOSED)


def proven(*steps: Step) -> list[Step]:
    """The same steps, and the receipt for every file that was made in them."""
    files = [event.number for event in known(*steps).of(EventKind.TRANSIT_MADE)]
    return [*steps, *((EventKind.TRANSIT_RECEIPT_TAKEN, "Olle", {"file": number}) for number in files)]


def answered(*more: Step) -> Case:
    """A case that has answered a list with a group and rows, with both receipts, and whose hand-over has ended."""
    return known(*proven(LIST, GROUP, ROWS), ENDED, *more)


def ended(case: Case, *given_up: str, outcome: Outcome = Outcome.HANDED_OVER) -> Case:
    """The case ended on the day on which it was opened."""
    return then(case, on(0, end(case, outcome, "the answer is handed over", TODAY, given_up)))


def test_r24_a_case_ends_with_its_answer_once_every_receipt_has_come() -> None:
    """R24: a case ends as handed over once an answer was made, no hand-over is open and every receipt has come."""
    act = end(answered(), Outcome.HANDED_OVER, "the answer is handed over", TODAY)
    assert (act.detail["outcome"], act.detail["answered"]) == ("handed_over", ["scb"])
    assert state_of(ended(answered()).events) is State.ENDED
    for case, day, words in (
        (known(), TODAY, "the case has answered no other authority"),
        (known(*proven(made()), ENDED), TODAY, "the case has answered no other authority"),
        (known(*proven(LIST, GROUP)), LATER, f"the hand-over {NAME} with scb is open until {LATER}; .*`transit end"),
        (known(LIST, GROUP, ENDED), TODAY, "the receipts for T001 have not come; take them in with `transit take`"),
        (known(*proven(LIST, GROUP), ROWS, ENDED), TODAY, "the receipts for T002 have not come"),
    ):
        with pytest.raises(RuleRefused, match=f"^R24: {words}"):
            end(case, Outcome.HANDED_OVER, "why", day)
    assert end(known(*proven(LIST, GROUP)), Outcome.HANDED_OVER, "why", AFTER), "its last day has passed"


def test_r24_a_receipt_that_will_never_come_is_named() -> None:
    """R24: a person who ends a case without a receipt names the file, and the event keeps which."""
    lost = known(*proven(LIST, GROUP), ROWS, ENDED)
    assert end(lost, Outcome.HANDED_OVER, "why", TODAY, ["T002"]).detail["without_receipt"] == ["T002"]
    assert "without_receipt" not in end(answered(), Outcome.HANDED_OVER, "why", TODAY).detail
    with pytest.raises(NotFound, match="waits for no such receipt; it waits for: T002"):
        end(lost, Outcome.HANDED_OVER, "why", TODAY, ["T001", "T002"])
    with pytest.raises(RuleRefused, match=r"^R24: .* leave --without-receipt out"):
        end(known(), Outcome.CLOSED, "why", TODAY, ["T001"])


@pytest.mark.parametrize("outcome", OTHERS)
def test_r24_a_case_that_has_answered_ends_in_no_other_way(outcome: Outcome) -> None:
    """R24: once an answer was made the case is not dismissed, rejected or closed: data may have left."""
    for case in (answered(), known(LIST, GROUP)):
        with pytest.raises(RuleRefused, match=r"^R24: the case has answered scb with T00[12], and data may have left"):
            end(case, outcome, "why", TODAY)
    assert end(known(*proven(made()), LIST), Outcome.CLOSED, "why", TODAY), "a list is no answer"


def test_r02_a_case_that_has_delivered_is_not_ended_as_handed_over() -> None:
    """R02: a case that has delivered ends by its disposal alone, also where it has answered another authority."""
    case = answered(delivered())
    with pytest.raises(RuleRefused, match=r"^R02: the case has delivered"):
        end(case, Outcome.HANDED_OVER, "why", TODAY)
    assert proposed(case, TODAY) is None


def test_r24_that_a_case_ends_with_its_answer_is_proposed_and_a_person_decides() -> None:
    """R24: the end of a case that has answered is proposed beside what else it could do; a person decides."""
    found = proposed(answered(), TODAY)
    assert found is not None and (found.outcome, found.rule, found.since) == (Outcome.HANDED_OVER, "R24", TODAY)
    [suggested] = suggestions(answered(), TODAY)
    assert suggested.command == "case end 36759-2021 handed_over"
    act = next_act(answered(), [], "program", TODAY)
    assert act.what.startswith(
        "decide: handed_over is proposed, its answer is handed over and every receipt has come; "
    )
    assert "; or, if it is to deliver as well: " in act.what and act.whose == "case officer"
    waits = known(*proven(LIST, GROUP))
    assert proposed(waits, LATER) is None
    late = proposed(waits, AFTER + timedelta(days=9))
    assert late is not None and late.since == AFTER, "the day after its last"
    for case in (
        known(LIST, GROUP, ENDED),
        ended(answered()),
        answered((EventKind.PAUSED, "Olle", {"reason": "why", "waits_for": "us"})),
    ):
        assert proposed(case, TODAY) is None
    assert next_act(ended(answered()), [], "program", TODAY).what == "nothing: its answer is handed over"


def test_r16_what_an_answering_case_had_goes_three_months_after_its_end() -> None:
    """R16: code key, population and material of a case that ended with its answer go three months after that."""
    before = answered()
    assert code_key_clock(before, ledger(before, {}, TODAY)).first_day is None, "it may deliver yet"
    case, first = ended(before), date(2027, 2, 3)
    rows = ledger(case, {}, TODAY)
    code_key = code_key_clock(case, rows)
    assert (code_key.first_day, code_key.rule) == (first, "R16")
    assert code_key.why == "three months after the case ended with its answer handed over"
    assert unit_clock(case, LISA, rows, code_key) == code_key
    assert transit_clock(None, code_key, TODAY).has_passed(TODAY), "its identifiers go at once"
    assert code_key_standing(case, rows, TODAY).state is KeyState.ENDED
    assert code_key_standing(case, rows, first).state is KeyState.DUE


def test_r20_work_for_an_answer_that_was_handed_over_is_charged() -> None:
    """R20: work that was quoted and accepted is charged when its answer is handed over, as when it is delivered."""
    quoted: Step = (EventKind.QUOTED, "Olle", {"hours": 8, "price": 8_000, "deadline": "2026-12-01"})
    work = (quoted, (EventKind.QUOTE_ACCEPTED, "Olle", {}))
    closed = then(known(*work), on(0, end(known(*work), Outcome.CLOSED, "the orderer takes it back", AT.date())))
    total = [sum(row["price"] for row in charged(each)) for each in (ended(answered(*work)), answered(*work), closed)]
    assert total == [13_000, 5_000, 5_000]
