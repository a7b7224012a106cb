"""Random acts by random persons on random days, in memory: no state that is reached breaks a rule.

Whatever is tried, it is either recorded, and then the case still says one and the same thing of itself, or refused with
a rule and what to do. The oracle is plain: what may never be true of the events that were recorded.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.case import Case, Event, EventKind, State, acts, state_of
from samkorning.case.act import Act
from samkorning.case.agreements import delete_working_copies, record_agreement, report_results
from samkorning.case.amendments import LeadsTo, decide_amendment
from samkorning.case.assignment import Turn, assign, is_paused, officer_of, pause, resume
from samkorning.case.clocks import clocks
from samkorning.case.complaints import close_complaint, complain
from samkorning.case.days import days
from samkorning.case.endings import Outcome, end
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
from samkorning.case.follow_up import answer_questionnaire, close_incident, record_incident
from samkorning.case.hand_overs import receipt_of
from samkorning.case.holder_requests import Reason, ask_holder, refuse_by_holder, standings
from samkorning.case.ledger import ledger
from samkorning.case.next_act import next_act
from samkorning.case.offers import answer_quote, charged, invoice, quote, send_specification
from samkorning.case.reservations import reserve
from samkorning.case.restoring import Loss, StoreBack, accept_restored
from samkorning.case.rules import may_be_delivered
from samkorning.case.states import DECIDING_ROLES, state_after, states_of
from samkorning.case.suggestions import suggestions
from samkorning.errors import NotFound, RuleRefused
from samkorning.own_registers.program import program_sha256
from samkorning.transit.making import end_by_act, next_number, to_answer
from tests.examples import examples
from tests.factories import AT, CATALOGUE, a_case, an_order, delivered, read, received

K = EventKind
PROGRAM = program_sha256(read().specification, CATALOGUE)
LOSS = [Loss((StoreBack("code_key", "code_key.person", 2, "a", to, "b", 1),)) for to in (0, 1)]
PERSONS = ("Olle", "Anna", "Mia", "Lisa", "Rut", "Erik")
HOLDERS = ("SCB", "Exempelregistret", "Region Exempel", "Nobody's register")
ORDERS = (an_order(), an_order(("  repairs:", "  all_or_nothing: true\n  repairs:")))
AUTHORITY_NO_MORE = an_order(("authority: true", "authority: false"))
OTHER_TITLE = an_order((f"title: {read().title}", "title: Another title"))


@dataclass(frozen=True)
class Try:
    """One thing that somebody tries on a day."""

    act: str
    person: str
    days_later: int
    choice: int


def deliver(case: Case, now: date) -> Act:
    """The service delivers what is in place, when the rules let it."""
    rows = ledger(case, {}, now)
    may_be_delivered(case, PROGRAM, rows)
    due = [row for row in rows if row.is_due]
    if not due:
        raise RuleRefused("R13", "nothing is due", "wait for a file")
    units = [
        {"source": row.unit.source, "period": None, "input_sha256": row.input_sha256, "content_digest": "c", "rows": 1}
        for row in due
    ]
    kind, _, detail = delivered(f"L{len(case.of(K.DELIVERED)) + 1:03d}", *units)
    return Act(kind, detail)


def take_in(case: Case, source: str, content: int) -> Act:
    """A file is taken in, once the decision is approved."""
    acts.rules.decision_is_approved(case)
    kind, _, detail = received(source, f"{content}" * 64)
    return Act(kind, detail)


def dispose(case: Case) -> Act:
    """The code key goes."""
    if not case.of(K.DELIVERED) and case.last(K.ENDED) is None:
        raise RuleRefused("R16", "nothing has been delivered", "wait")
    return Act(K.DISPOSED, {"code_key": True, "held": [], "stores": []})


def hand_over(case: Case, choice: int, now: date) -> Act:
    """A list of another authority is taken, answered, or ended; or the receipt for an answer comes."""
    acts.rules.decision_is_approved(case)
    taken_before = len(case.of(K.TRANSIT_TAKEN))
    until = (now + timedelta(days=14)).isoformat()
    if choice % 4 == 0:
        return Act(K.TRANSIT_TAKEN, {"kind": "persons", "hand_over": f"L{taken_before}", "peer": "scb", "until": until})
    if choice % 4 == 1:
        asked = {"hand_over": to_answer(case, "scb", now).name, "peer": "scb", "until": until}
        return Act(K.TRANSIT_MADE, {"kind": "group", "number": next_number(case), "source": "", **asked})
    if choice % 4 == 2:
        made = next((each for each in case.of(K.TRANSIT_MADE) if receipt_of(case, each) is None), None)
        if made is None:
            raise RuleRefused("R24", "no receipt is awaited", "answer a list first")
        return Act(K.TRANSIT_RECEIPT_TAKEN, {"file": made.number})
    return end_by_act(case, f"L{taken_before - 1}", "why")


TRIES: dict[str, Callable[[Case, Try, date], Act]] = {
    "assign": lambda case, said, now: assign(case, said.person, "a note"),
    "assign out of turn": lambda case, said, now: assign(
        case, said.person, "a note", turn=Turn(("10001-2021",) * (said.choice % 2), ("urgent", None)[said.choice // 3])
    ),
    "decide amendment": lambda case, said, now: decide_amendment(
        case,
        ("title", "recipient", "specification.sources")[said.choice % 3],
        list(LeadsTo)[said.choice % 2],
        "why",
        said.person,
    ),
    "review first": lambda case, said, now: review_first(case, "complete"),
    "ask": lambda case, said, now: ask(case, ["Which years?"], now + timedelta(days=said.choice), now),
    "answer": lambda case, said, now: answer(case, "2219"),
    "supplement": lambda case, said, now: ask_for_supplement(case, now + timedelta(days=14), now),
    "supplement given": lambda case, said, now: give_supplement(case, "a reference"),
    "meet": lambda case, said, now: meet(case, now - timedelta(days=1 - said.choice), "years", now),
    "remind": lambda case, said, now: remind(
        case,
        ("questions", "supplement", "specification", "quote", "results", "files")[said.choice],
        now + timedelta(days=7),
        now,
        HOLDERS[0] if said.choice == 5 else None,
    ),
    "send specification": lambda case, said, now: send_specification(
        case, 1, said.choice, now + timedelta(days=9), now
    ),
    "approve": lambda case, said, now: acts.approve_specification(case),
    "endorse": lambda case, said, now: acts.endorse_decision(case, DECIDING_ROLES[said.choice % 3], said.person),
    "dispatch": lambda case, said, now: acts.dispatch_decision(case),
    "amend": lambda case, said, now: acts.amend(
        case, (*ORDERS, AUTHORITY_NO_MORE, OTHER_TITLE)[said.choice % 4], "o.yaml", CATALOGUE
    ),
    "quote": lambda case, said, now: quote(case, said.choice, now + timedelta(days=9), now),
    "answer quote": lambda case, said, now: answer_quote(case, accepted=bool(said.choice % 2)),
    "reserve": lambda case, said, now: reserve(case, PERSONS[: said.choice]),
    "pause": lambda case, said, now: pause(case, "why", ("orderer", "ethics", "us")[said.choice % 3]),
    "resume": lambda case, said, now: resume(case),
    "ask holder": lambda case, said, now: ask_holder(case, HOLDERS[said.choice % 4], now + timedelta(days=60), now),
    "holder refuses": lambda case, said, now: refuse_by_holder(case, HOLDERS[said.choice % 4], Reason.LAW, "why"),
    "holder releases": lambda case, said, now: acts.release_by_holder(case, HOLDERS[said.choice % 4]),
    "holder recalls": lambda case, said, now: acts.recall_by_holder(case, HOLDERS[said.choice % 4], "why"),
    "withdraw": lambda case, said, now: acts.withdraw_source(case, ("lisa", "diabetes")[said.choice % 2], "why"),
    "await again": lambda case, said, now: acts.await_source(case, ("lisa", "diabetes")[said.choice % 2], "why"),
    "review": lambda case, said, now: acts.review_program(case, said.person, PROGRAM),
    "release": lambda case, said, now: acts.release_delivery(case, PROGRAM, standing=bool(said.choice % 2)),
    "recall": lambda case, said, now: acts.recall_delivery(case, "why"),
    "take in": lambda case, said, now: take_in(case, ("population", "lisa", "diabetes")[said.choice % 3], said.choice),
    "deliver": lambda case, said, now: deliver(case, now),
    "keep key": lambda case, said, now: acts.keep_code_key(case, now + timedelta(days=said.choice), now, "why"),
    "complain": lambda case, said, now: complain(case, f"L{said.choice % 2 + 1:03d}", "why", now),
    "close complaint": lambda case, said, now: close_complaint(case, f"L{said.choice % 2 + 1:03d}", "replaced"),
    "incident": lambda case, said, now: record_incident(case, "what", now, now),
    "close incident": lambda case, said, now: close_incident(case, len(case.events), "learnt"),
    "agree": lambda case, said, now: record_agreement(case, HOLDERS[said.choice % 4], now, now, 0),
    "report results": lambda case, said, now: report_results(case, HOLDERS[said.choice % 4], now, now),
    "delete copies": lambda case, said, now: delete_working_copies(case, now, now),
    "questionnaire": lambda case, said, now: answer_questionnaire(case, said.choice, said.choice, ""),
    "invoice": lambda case, said, now: invoice(case, charged(case)),
    "end": lambda case, said, now: end(case, list(Outcome)[said.choice % 4], "why", now),
    "hand over": lambda case, said, now: hand_over(case, said.choice, now),
    "dispose": lambda case, said, now: dispose(case),
    "accept restored": lambda case, said, now: accept_restored(case, LOSS[said.choice % 2], "why", said.person, ()),
}
ONWARD = ("approve", "endorse", "review", "take in", "release", "deliver", "holder releases")
"""Tried more often, so that cases come further than chance alone would bring them."""

tries = st.builds(
    Try,
    st.one_of(st.sampled_from(ONWARD), st.sampled_from(sorted(TRIES))),
    st.sampled_from(PERSONS),
    st.integers(0, 20),
    st.integers(0, 5),
)


def taken(case: Case, said: Try, now: date) -> Case:
    """The case with the act behind it, as the case register records it."""
    act = TRIES[said.act](case, said, now)
    state_after(state_of(case.events), act.kind)
    at = AT + (now - AT.date())
    return Case(case.number, (*case.events, Event(len(case.events) + 1, act.kind, at, said.person, act.detail)))


def require_names_rule_and_remedy(refusal: RuleRefused) -> None:
    """Every refusal says which rule and what to do."""
    assert re.fullmatch(r"R\d\d", refusal.rule), refusal
    assert len(refusal.problem) > 3
    assert len(refusal.remedy) > 3


def require_no_rule_is_broken(case: Case, now: date) -> None:
    """What may never be true, said without the rules' own functions."""
    state = State.NEW
    for number, (event, after) in enumerate(zip(case.events, states_of(case.events), strict=True)):
        before = Case(case.number, case.events[:number])
        if event.kind is K.DELIVERED:
            assert state in (State.APPROVED, State.DELIVERED)
            require_was_decided(before)
        if event.kind is K.AMENDED and before.of(K.DELIVERED) and "Another title" in event.detail["order"]:
            let_in = [each.detail for each in before.of(K.AMENDMENT_DECIDED)]
            assert {"title", "amendment"} in [{each["part"], each["leads_to"]} for each in let_in], "R19"
        if event.kind is K.ASSIGNED and event.detail.get("before"):
            assert event.detail["out_of_turn"], "R02"
        if event.kind is K.CODE_REVIEWED:
            assert event.person != before.author, "R12"
        if event.kind is K.RESTORED_ACCEPTED:
            proposed = before.of(K.RESTORED_PROPOSED)[-1]
            assert proposed.person == event.detail["proposed_by"] != event.person, "R12"
            assert proposed.detail["stores"] == event.detail["stores"], "R12"
        if event.kind is K.ENDED:
            has_answered, outcome = bool(before.of(K.TRANSIT_MADE)), event.detail["outcome"]
            assert (outcome == "handed_over") == has_answered, "R24"
            assert len(before.of(K.TRANSIT_MADE)) == len(before.of(K.TRANSIT_RECEIPT_TAKEN)), "R24"
        if event.kind is K.DECISION_ENDORSED:
            assert not {each.what for each in awaited_of_orderer(before)} - {"specification"}, "R02, R11, R20"
            assert not is_paused(before)
            assert event.detail["role"] != "case_officer" or officer_of(before) in (None, event.person), "R11"
        assert state is not State.ENDED or event.kind in (K.INVOICED, K.DISPOSED, K.REMINDER_SENT, K.ASSIGNED,
            K.INCIDENT_RECORDED, K.INCIDENT_CLOSED, K.RESULTS_REPORTED, K.QUESTIONNAIRE_ANSWERED,
            K.RESTORED_PROPOSED, K.RESTORED_ACCEPTED, K.TRANSIT_ENDED), "R02"  # fmt: skip
        state = after
    ages = (case.events[-1].at.date() if state in (State.ENDED, State.DISPOSED) else now) - AT.date()
    assert sum(span.days for span in days(case, now)) <= ages.days


def require_was_decided(before: Case) -> None:
    """R11, R20, R04: three persons in three roles on the order as it stands, and a release."""
    since = max(event.number for event in before.of(K.OPENED, K.AMENDED))
    endorsed = {event.detail["role"]: event.person for event in before.of(K.DECISION_ENDORSED) if event.number > since}
    assert set(endorsed) == set(DECIDING_ROLES)
    assert len(set(endorsed.values())) == 3
    assert before.of(K.DELIVERY_RELEASED)
    assert not is_paused(before)


def require_every_day_is_somebodys(case: Case, now: date) -> None:
    """R26: each day once, in a row, from the order to the end or today."""
    spans, following = days(case, now), AT.date()
    for span in spans:
        assert span.first == following
        assert span.days > 0
        assert bool(span.name) == (span.whose in ("us", "holder"))
        following += timedelta(days=span.days)
    over = state_of(case.events) in (State.ENDED, State.DISPOSED)
    assert following == now or over
    assert following <= now


DECIDED = [Try("approve", "Olle", 1, 0), *(Try("endorse", person, 1, n) for n, person in enumerate(PERSONS[1:4]))]
DELIVERED = [
    *DECIDED,
    Try("review", "Rut", 1, 0),
    Try("take in", "Erik", 1, 0),
    Try("take in", "Erik", 1, 1),
    Try("holder releases", "Olle", 1, 0),
    Try("release", "Olle", 1, 0),
    Try("deliver", "Erik", 1, 0),
]
ANSWERED = [*DECIDED, *(Try("hand over", "Erik", 1, choice) for choice in range(4))]
"""How a case comes to a state where chance alone seldom brings it."""


@settings(max_examples=examples(250), deadline=None)
@given(st.sampled_from(([], DECIDED, ANSWERED, DELIVERED)), st.sampled_from(ORDERS), st.lists(tries, max_size=40))
def test_whatever_is_tried_no_rule_is_broken_and_every_refusal_says_what_to_do(
    first: list[Try], order: str, seen: list[Try]
) -> None:
    case, now = a_case(order=order), AT.date()
    for said in (*first, *seen):
        now += timedelta(days=said.days_later)
        try:
            case = taken(case, said, now)
        except RuleRefused as refusal:
            require_names_rule_and_remedy(refusal)
        except NotFound as missing:
            assert case.number in str(missing)
    require_no_rule_is_broken(case, now)
    require_every_day_is_somebodys(case, now)
    again = Case(case.number, tuple(case.events))
    assert state_of(again.events) is state_of(case.events)
    rows = ledger(case, {}, now)
    act = next_act(case, rows, PROGRAM, now)
    assert act.what
    assert act.whose
    assert (next_act(again, rows, PROGRAM, now), standings(again)) == (act, standings(case))
    assert clocks(again, rows, now) == clocks(case, rows, now)
    assert all(each.since <= now for each in suggestions(case, now))


def test_chance_brings_cases_to_every_state() -> None:
    """The walk is no walk on the spot: each state is reached by some acts that hypothesis could find."""
    for seen, state in (
        ([], State.OPENED),
        (DECIDED[:1], State.SPECIFIED),
        (DECIDED, State.APPROVED),
        (DELIVERED, State.DELIVERED),
        ([*DECIDED, Try("end", "Olle", 1, 2)], State.ENDED),
        ([*ANSWERED, Try("end", "Olle", 1, 3)], State.ENDED),
        ([*DELIVERED, Try("dispose", "Olle", 1, 0)], State.DISPOSED),
    ):
        case, now = a_case(), AT.date()
        for said in seen:
            now += timedelta(days=said.days_later)
            case = taken(case, said, now)
        assert state_of(case.events) is state
