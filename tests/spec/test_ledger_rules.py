"""The ledger's words, repeats, announcements and stopped deliveries, one test a side of each rule (docs/rules.md)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from samkorning.case import Case, Event, EventKind, State, state_of
from samkorning.case.acts import amend
from samkorning.case.amendments import LeadsTo, decide_amendment
from samkorning.case.announcements import announce, announcement
from samkorning.case.blocking import REMEDIES, blocked, digest_of
from samkorning.case.changes import decline_change
from samkorning.case.clocks import clocks
from samkorning.case.ledger import LedgerRow, Unit, UnitStatus, ledger
from samkorning.case.ledger_account import deliveries_of, files_of
from samkorning.case.next_act import next_act
from samkorning.case.plan import LinkedUnit, awaited_sources, kind_of, plan_delivery
from samkorning.case.population import is_frozen
from samkorning.case.repeats import next_repeat, repeat_has_come, with_whole_repeats
from samkorning.case.rules import decision_is_approved, is_dispatched
from samkorning.case.suggestions import suggestions
from samkorning.delivery.kind import DeliveryKind
from samkorning.delivery.standing import StandingUnit, Why
from samkorning.errors import NotFound, RuleRefused
from samkorning.order.fingerprint import fingerprint
from samkorning.own_registers.program import program_sha256
from samkorning.retention.standing import code_key_standing
from tests.factories import (
    AT,
    CATALOGUE,
    Step,
    a_case,
    a_unit,
    an_order,
    approved,
    delivered,
    holder_released,
    received,
    released,
    reviewed,
    then,
)
from tests.factories import (
    on as on_day,
)

TODAY = AT.date()
KEPT = (EventKind.CODE_KEY_KEPT, "Olle", {"until": "2029-12-31", "reason": "repeats"})
NEW_YEAR = {Unit("lmed", 2221): "h"}
WHOLE = an_order(("  own_registers:\n", "  repeats: {ships: whole}\n  own_registers:\n"))


def standing(case: Case, source: str, hashes: dict[Unit, str] | None = None, period: int | None = None) -> LedgerRow:
    return next(row for row in ledger(case, hashes or {}, TODAY) if row.unit == Unit(source, period))


def quarantined(source: str) -> tuple[EventKind, str, dict[str, str]]:
    return EventKind.FILE_QUARANTINED, "Erik", {"source": source, "file": f"{source}.csv", "sha256": "a" * 64}


def withdrawn(source: str) -> Step:
    return EventKind.SOURCE_WITHDRAWN, "Olle", {"source": source, "reason": "declined"}


def awaited_again(source: str) -> Step:
    return EventKind.SOURCE_AWAITED, "Olle", {"source": source, "reason": "it comes after all"}


LEDGER_WORDS = {
    "nothing has come": ([], UnitStatus.AWAITED),
    "it lies in quarantine": ([quarantined("lisa")], UnitStatus.RECEIVED),
    "its file was refused": (
        [(EventKind.FILE_REFUSED, "Erik", {"source": "lisa", "file": "f", "sha256": "b", "problem": "p"})],
        UnitStatus.REFUSED,
    ),
    "its holder has not released it": ([received("lisa")], UnitStatus.AWAITS_RELEASE),
    "it may leave in the first delivery": ([received("lisa"), holder_released("SCB")], UnitStatus.ACCEPTED),
    "it came after the first delivery": (
        [delivered("L001", a_unit("diabetes")), received("lisa"), holder_released("SCB")],
        UnitStatus.LATE,
    ),
    "it will not come": (
        [withdrawn("lisa")],
        UnitStatus.WITHDRAWN,
    ),
    "it is awaited after all": ([withdrawn("lisa"), awaited_again("lisa")], UnitStatus.AWAITED),
    "another is awaited after all": (
        [withdrawn("lisa"), withdrawn("diabetes"), awaited_again("diabetes")],
        UnitStatus.WITHDRAWN,
    ),
    "it is awaited after all, and its file had come": (
        [received("lisa"), withdrawn("lisa"), awaited_again("lisa")],
        UnitStatus.AWAITS_RELEASE,
    ),
}


@pytest.mark.parametrize("situation", LEDGER_WORDS)
def test_the_ledger_says_where_a_unit_stands(situation: str) -> None:
    events, status = LEDGER_WORDS[situation]
    assert standing(a_case(*approved(), received("population"), *events), "lisa").status is status


def test_r13_a_late_file_is_due_and_what_is_not_in_place_is_awaited() -> None:
    """R13: a file that comes after the first delivery is late and due; one in quarantine is still awaited."""
    late = a_case(*approved(), received("population"), delivered(), received("lisa"), holder_released("SCB"))
    assert standing(late, "lisa").is_due
    held = ledger(a_case(*approved(), quarantined("lisa")), {}, TODAY)
    assert "lisa" in awaited_sources(held)
    assert not standing(a_case(*approved(), quarantined("lisa")), "lisa").is_due


def test_the_ledger_keeps_each_file_and_each_delivery_of_a_unit() -> None:
    case = a_case(
        *approved(),
        (EventKind.FILE_REFUSED, "Erik", {"source": "lisa", "file": "f", "sha256": "b" * 64, "problem": "p"}),
        received("lisa", "c" * 64),
        delivered("L001", a_unit("lisa"), a_unit("diabetes")),
        received("lisa", "d" * 64),
        delivered("L002", a_unit("lisa")),
    )
    came = [(file.outcome, file.sha256[0], file.person) for file in files_of(case, Unit("lisa"))]
    assert came == [("refused", "b", "Erik"), ("accepted", "c", "Erik"), ("accepted", "d", "Erik")]
    sent = [(went.delivery, went.state, went.replaced_by) for went in deliveries_of(case, Unit("lisa"))]
    assert sent == [("L001", "replaced", "L002"), ("L002", "delivered", None)]
    assert [went.state for went in deliveries_of(case, Unit("diabetes"))] == ["delivered"]
    assert deliveries_of(case, Unit("region_labb")) == []


@pytest.mark.parametrize(
    ("every", "last", "first_day"),
    [
        ("month", date(2026, 11, 2), date(2026, 12, 1)),
        ("month", date(2026, 12, 31), date(2027, 1, 1)),
        ("quarter", date(2026, 11, 2), date(2027, 1, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("year", date(2026, 1, 1), date(2027, 1, 1)),
        ("year", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_r18_a_repeat_comes_once_in_each_period(every: str, last: date, first_day: date) -> None:
    """R18: repeats come at most once in each month, quarter or year; a time when nothing ran is made up for."""
    text = an_order(("  own_registers:\n", f"  repeats: {{every: {every}}}\n  own_registers:\n"))
    case = on(a_case(*approved(text), delivered(), order=text), last)
    assert next_repeat(case) == first_day
    assert not repeat_has_come(case, first_day - timedelta(days=1))
    assert repeat_has_come(case, first_day)
    assert repeat_has_come(case, first_day + timedelta(days=400)), "a time when nothing ran is made up for"
    assert next_repeat(a_case(*approved(text), order=text)) is None


def on(case: Case, day: date) -> Case:
    """The same case, all of it on one day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Case(case.number, tuple(Event(e.number, e.kind, at, e.person, e.detail) for e in case.events))


KINDS = {
    "nothing": ([], None),
    "a late file": ([LedgerRow(Unit("lisa"), "SCB", UnitStatus.LATE, "i", ())], DeliveryKind.SUPPLEMENT),
    "a corrected file": (
        [LedgerRow(Unit("lisa"), "SCB", UnitStatus.REPLACEMENT, "i", ("L001",))],
        DeliveryKind.REPLACEMENT,
    ),
    "a new year": ([LedgerRow(Unit("lmed", 2221), "own", UnitStatus.ACCEPTED, "i", ())], DeliveryKind.REPEAT),
    "a year that has grown": (
        [LedgerRow(Unit("lmed", 2221), "own", UnitStatus.REPLACEMENT, "i", ("L002",))],
        DeliveryKind.REPEAT,
    ),
    "a new year and a late file": (
        [
            LedgerRow(Unit("lmed", 2221), "own", UnitStatus.ACCEPTED, "i", ()),
            LedgerRow(Unit("lisa"), "SCB", UnitStatus.LATE, "i", ()),
        ],
        DeliveryKind.SUPPLEMENT,
    ),
    "everything once more": (
        [LedgerRow(Unit("lisa"), "SCB", UnitStatus.DELIVERED, "i", ("L001",), goes_again=True)],
        DeliveryKind.COMPLETE,
    ),
}


@pytest.mark.parametrize("what", KINDS)
def test_a_delivery_is_of_the_kind_that_its_units_make_it(what: str) -> None:
    leaving, kind = KINDS[what]
    assert kind_of(a_case(*approved(), received("population"), delivered()), leaving) is kind
    if leaving:
        assert kind_of(a_case(*approved(), received("population")), leaving) is DeliveryKind.FIRST


def lisa_as_it_is(steps: Sequence[Step]) -> str:
    """The hash of what lisa is made from after these steps."""
    rows = ledger(a_case(*approved(WHOLE), *steps, order=WHOLE), {}, TODAY)
    return str(next(row.input_sha256 for row in rows if row.unit.source == "lisa"))


def test_r18_a_repeat_that_ships_whole_sends_everything_again_that_is_kept() -> None:
    """R18: a repeat holds what is new; where the specification says whole, everything that is still kept goes again."""
    first = [received("population"), received("lisa"), holder_released("SCB", WHOLE)]
    sent = delivered("L001", a_unit("lisa", input_sha256=lisa_as_it_is(first)))
    case = a_case(*approved(WHOLE), *first, sent, KEPT, order=WHOLE)
    rests = with_whole_repeats(case, ledger(case, {}, TODAY))
    assert not any(row.is_due for row in rests), "nothing goes again by itself"
    with_new = with_whole_repeats(case, ledger(case, NEW_YEAR, TODAY))
    assert {str(row.unit) for row in with_new if row.is_due} == {"lisa", "lmed 2221"}
    plain = a_case(*approved(), *first[:1], delivered(), KEPT)
    assert {str(row.unit) for row in with_whole_repeats(plain, ledger(plain, NEW_YEAR, TODAY)) if row.is_due} == {
        "lmed 2221"
    }


def test_r18_what_was_declined_does_not_go_with_a_repeat_that_ships_whole() -> None:
    """R18: a file whose change a person has declined does not leave with a repeat that sends everything again."""
    first = [received("population"), received("lisa"), holder_released("SCB", WHOLE)]
    sent = delivered("L001", a_unit("lisa", input_sha256=lisa_as_it_is(first)))
    came = [*approved(WHOLE), *first, sent, KEPT, received("lisa", "c" * 64)]
    changed = a_case(*came, order=WHOLE)
    act = decline_change(changed, ledger(changed, {}, TODAY), Unit("lisa"), "another year's file")
    case = a_case(*came, (act.kind, "Olle", act.detail), order=WHOLE)
    leaving = [row for row in with_whole_repeats(case, ledger(case, NEW_YEAR, TODAY)) if row.is_due]
    assert [str(row.unit) for row in leaving] == ["lmed 2221"]


STANDS = {
    "its change is not decided": ([received("lisa", "c" * 64)], Why.UNDECIDED),
    "two files have come": (
        [received("lisa", "c" * 64), (EventKind.FILE_QUARANTINED, "inbox", {**received("lisa")[2], "beside": 9})],
        Why.TWO_FILES,
    ),
    "it is withdrawn": ([withdrawn("lisa")], Why.WITHDRAWN),
    "its material is disposed of": (
        [(EventKind.DISPOSED, "Olle", {"stores": [{"store": "received.lisa"}], "code_key": False, "held": []})],
        Why.DISPOSED,
    ),
    "it goes again": ([], None),
}


@pytest.mark.parametrize("situation", STANDS)
def test_r18_a_repeat_of_everything_says_what_stands_as_it_was_and_why(situation: str) -> None:
    """R18: a repeat that sends everything says what it leaves out, in which delivery that stands, and why."""
    later, why = STANDS[situation]
    first = [received("population"), received("lisa"), holder_released("SCB", WHOLE)]
    sent = delivered("L001", a_unit("lisa", input_sha256=lisa_as_it_is(first)))
    case = a_case(*approved(WHOLE), *first, sent, KEPT, *later, order=WHOLE)
    assert standing_in_repeat(case) == ([StandingUnit("lisa", "L001", why)] if why else [])


def test_r18_what_a_person_let_stand_is_said_to_stand_in_a_repeat_of_everything() -> None:
    """R18: so it says of what a person has declined to replace, and of what gave the same content as before."""
    first = [received("population"), received("lisa"), holder_released("SCB", WHOLE)]
    sent = delivered("L001", a_unit("lisa", input_sha256=lisa_as_it_is(first)))
    changed = a_case(*approved(WHOLE), *first, sent, KEPT, received("lisa", "c" * 64), order=WHOLE)
    act = decline_change(changed, ledger(changed, {}, TODAY), Unit("lisa"), "another year's file")
    assert standing_in_repeat(then(changed, on_day(1, act))) == [StandingUnit("lisa", "L001", Why.DECLINED)]
    assert standing_in_repeat(changed, content="c") == [StandingUnit("lisa", "L001", Why.UNCHANGED)]
    plain = a_case(*approved(), *first[:1], delivered("L001", a_unit("lisa")), KEPT)
    assert standing_in_repeat(plain) == [], "a repeat of what is new leaves out nothing that could be looked for"


def standing_in_repeat(case: Case, content: str | None = None) -> list[StandingUnit]:
    """What the repeat that is due with a new year says of what is not in it."""
    rows = with_whole_repeats(case, ledger(case, NEW_YEAR, TODAY))
    linked = {row.unit: LinkedUnit(row.unit, str(row.input_sha256), content, 1) for row in rows if row.is_open}
    plan = plan_delivery(case, rows, linked)
    assert plan.files
    return list(plan.standing)


def test_r13_an_announced_file_is_awaited_for_its_day_and_held_to_its_rows() -> None:
    """R13: a holder's announcement of rows and day holds for the next file of its source, and for that one alone."""
    act = announce(a_case(*approved()), "lisa", 12, TODAY + timedelta(days=3), TODAY)
    said = (act.kind, "Olle", act.detail)
    case = a_case(*approved(), reviewed(), received("population"), released(), said)
    held = announcement(case, "lisa")
    assert held is not None and held.detail["rows"] == 12
    rows = ledger(case, {}, TODAY)
    assert [clock.due for clock in clocks(case, rows, TODAY) if clock.rule == "R13"] == [TODAY + timedelta(days=3)]
    refused = (EventKind.FILE_REFUSED, "Erik", {"source": "lisa", "file": "f", "sha256": "b", "problem": "p"})
    assert announcement(a_case(*approved(), said, refused), "lisa") is not None, "a refused file has not used it up"
    assert announcement(a_case(*approved(), said, received("lisa")), "lisa") is None
    assert announcement(case, "diabetes") is None


def test_r13_an_announcement_that_says_nothing_or_too_late_is_refused() -> None:
    """R13: an announcement names an awaited source, and its rows or a day to come."""
    case = a_case(*approved())
    with pytest.raises(NotFound, match="no source lissa"):
        announce(case, "lissa", 1, None, TODAY)
    with pytest.raises(RuleRefused, match="nothing is announced"):
        announce(case, "lisa", None, None, TODAY)
    with pytest.raises(RuleRefused, match="has passed"):
        announce(case, "lisa", None, TODAY - timedelta(days=1), TODAY)
    withdrawn = a_case(*approved(), (EventKind.SOURCE_WITHDRAWN, "Olle", {"source": "lisa", "reason": "declined"}))
    with pytest.raises(RuleRefused, match="R30"):
        announce(withdrawn, "lisa", 1, None, TODAY)


FURTHER_HOLDER = (
    "  own_registers:\n",
    """    - name: spine
      source_class: quality_register
      holder: Ryggregistret
      identifiers: [{column: PNR}]
      file: {columns: [{name: PNR, label: Number}, {name: Opdatum, label: Day, type: date}]}
  own_registers:
""",
)


@pytest.mark.parametrize(
    "change",
    [
        FURTHER_HOLDER,
        ("name: Synthetic University\n", "name: Synthetic University of the North\n"),
        ("email: kontakt@university.example", "email: other@university.example"),
        ("attachments:\n", "attachments:\n  - {kind: agreement, title: Agreement, dated: 2221-05-01}\n"),
    ],
)
def test_r19_three_kinds_of_amendment_are_taken_after_a_delivery(change: tuple[str, str]) -> None:
    """R19: after a delivery another principal or contact and further holders' files are accepted, and decided anew."""
    assert an_order(change) != an_order()
    act = amend(a_case(*approved(), delivered()), an_order(change), "order.yaml", CATALOGUE)
    amended = (act.kind, "Erik", act.detail)
    case = a_case(*approved(), delivered(), amended)
    assert state_of(case.events) is State.DELIVERED
    with pytest.raises(RuleRefused, match=r"^R09|^R10"):
        decision_is_approved(case)
    again = approved(an_order(change))
    two_of_three = a_case(*approved(), delivered(), amended, *again[:3])
    with pytest.raises(RuleRefused, match=r"^R10"):
        decision_is_approved(two_of_three)
    decided = a_case(*approved(), delivered(), amended, *again)
    decision_is_approved(decided)
    assert not is_dispatched(decided), "the decision on it is sent anew"
    assert is_frozen(decided), "nobody comes to the study by it"


def test_r19_another_amendment_is_let_in_by_a_decision_once_and_never_what_was_agreed() -> None:
    """R19: on a change beside the three kinds a person decides who did not write the order, with a reason: it is let
    in until a delivery is made on it, or is a new order; codes, registers, period and execution are never let in."""
    other = an_order(("title: Diabetes", "title: Diabetes again,"))
    sent = a_case(*approved(), delivered())
    with pytest.raises(RuleRefused, match=r"^R19: .*title.*`case decide-amendment`"):
        amend(sent, other, "order.yaml", CATALOGUE)
    with pytest.raises(RuleRefused, match=r"^R19: who wrote the order"):
        decide_amendment(sent, "title", LeadsTo.AMENDMENT, "misspelt", "Erik")
    with pytest.raises(RuleRefused, match=r"^R19: nothing has been delivered"):
        decide_amendment(a_case(*approved()), "title", LeadsTo.AMENDMENT, "misspelt", "Mia")
    for agreed in ("specification.own_registers", "specification", "synthetic", "deceased_only"):
        with pytest.raises(RuleRefused, match=r"^R19: .*is of what was agreed"):
            decide_amendment(sent, agreed, LeadsTo.AMENDMENT, "one more variable", "Mia")
    refused = decide_amendment(sent, "one more register", LeadsTo.NEW_ORDER, "data are added", "Mia")
    with pytest.raises(RuleRefused, match=r"^R19"):
        amend(then(sent, on_day(1, refused, "Mia")), other, "order.yaml", CATALOGUE)
    let_in = then(sent, on_day(1, decide_amendment(sent, "title", LeadsTo.AMENDMENT, "misspelt", "Mia"), "Mia"))
    assert [(each.rule, each.command) for each in suggestions(let_in, TODAY + timedelta(days=1))] == [
        ("R19", "case amend 36759-2021")
    ]
    both = an_order(("title: Diabetes", "title: Diabetes again,"), ("from_year: 2219", "from_year: 2218"))
    with pytest.raises(RuleRefused, match=r"^R19: .*own_registers"):
        amend(let_in, both, "order.yaml", CATALOGUE)
    amended = then(let_in, on_day(2, amend(let_in, other, "order.yaml", CATALOGUE)))
    assert suggestions(amended, TODAY + timedelta(days=2)) == []
    amend(amended, an_order(), "order.yaml", CATALOGUE)
    [again] = a_case(delivered("L002")).events[1:]
    with pytest.raises(RuleRefused, match=r"^R19: .*title"):
        amend(then(amended, again), an_order(), "order.yaml", CATALOGUE)


def test_r19_a_document_that_the_delivery_rested_on_stays_as_it_was() -> None:
    """R19: after a delivery further documents come to the order; those that are there stay as they are."""
    decision = "  - {kind: ethics_decision, title: Ethics decision 2221-00001-01, dated: 2220-11-15}\n"
    for change in ((decision, ""), (decision, decision.replace("2220", "2219"))):
        with pytest.raises(RuleRefused, match=r"^R19: .*attachments"):
            amend(a_case(*approved(), delivered()), an_order(change), "order.yaml", CATALOGUE)


def test_r19_a_holder_that_was_added_wrongly_is_put_right_or_taken_back_before_anything_of_it_leaves() -> None:
    """R19: what an amendment added may be amended again, or taken back, until a delivery has been made on it."""
    added = amend(a_case(*approved(), delivered()), an_order(FURTHER_HOLDER), "order.yaml", CATALOGUE)
    waits = a_case(*approved(), delivered(), (added.kind, "Erik", added.detail))
    mended = (FURTHER_HOLDER[0], FURTHER_HOLDER[1].replace("Opdatum", "Operationsdatum"))
    amend(waits, an_order(mended), "order.yaml", CATALOGUE)
    amend(waits, an_order(), "order.yaml", CATALOGUE)
    with pytest.raises(RuleRefused, match=r"^R19: .*says nothing else"):
        amend(waits, an_order(FURTHER_HOLDER), "order.yaml", CATALOGUE)
    left = a_case(*approved(), delivered(), (added.kind, "Erik", added.detail), delivered("L002"))
    with pytest.raises(RuleRefused, match=r"^R19: .*sources.spine"):
        amend(left, an_order(mended), "order.yaml", CATALOGUE)


def test_r19_an_amendment_does_not_bring_an_exchanged_age_key_back() -> None:
    """R19: an order that is amended after a delivery names the recipient's age key as it stands."""
    other = "age1" + "q" * 58
    exchanged = (EventKind.RECIPIENT_EXCHANGED, "Olle", {"age_recipient": other, "recipient": fingerprint(other)})
    case = a_case(*approved(), delivered(), exchanged)
    with pytest.raises(RuleRefused, match=r"^R20: .*from before it was exchanged"):
        amend(case, an_order(FURTHER_HOLDER), "order.yaml", CATALOGUE)


@pytest.mark.parametrize("check", REMEDIES)
def test_a_stopped_delivery_waits_for_a_person_until_something_changes(check: str) -> None:
    base = [*approved(), reviewed(), received("population"), received("lisa"), holder_released("SCB"), released()]
    due = [row for row in ledger(a_case(*base), {}, TODAY) if row.is_due]
    stopped = (EventKind.DELIVERY_BLOCKED, "samkorning", {"check": check, "found": {}, "wanted": digest_of(due)})
    case = a_case(*base, stopped)
    rows = ledger(case, {}, TODAY)
    assert blocked(case, rows) is not None
    act = next_act(case, rows, program_sha256(case.specification, CATALOGUE), TODAY)
    assert (check in act.what, act.whose) == (True, "data engineer")
    other = a_case(*base, stopped, received("lisa", "e" * 64))
    assert blocked(other, ledger(other, {}, TODAY)) is None, "another file is another delivery"
    done = a_case(*base, stopped, delivered("L001", a_unit("lisa")))
    assert blocked(done, ledger(done, {}, TODAY)) is None


def test_the_code_key_is_in_one_place_at_a_time() -> None:
    """R17: one word says how the code key stands: before a delivery, on hold, in the complaint window, kept, due."""
    everything = [a_unit(name) for name in ("lisa", "diabetes")]
    withdrawn = (EventKind.SOURCE_WITHDRAWN, "Olle", {"source": "region_labb", "reason": "declined"})
    complaint = (EventKind.COMPLAINT_OPENED, "Olle", {"delivery": "L001", "reason": "a column is missing"})

    def state(*events: object, today: date = TODAY, rows: tuple[LedgerRow, ...] = ()) -> str:
        return str(code_key_standing(a_case(*approved(), *events), rows, today).state)  # type: ignore[arg-type]

    awaited = LedgerRow(Unit("region_labb"), "Region Exempel", UnitStatus.AWAITED, None, ())
    assert state() == "before_delivery"
    assert state(delivered("L001", *everything), rows=(awaited,)) == "on_hold"
    assert state(delivered("L001", *everything), complaint) == "complaint"
    assert state(delivered("L001", *everything), withdrawn) == "complaint_window"
    assert state(delivered("L001", *everything), withdrawn, KEPT) == "kept"
    assert state(delivered("L001", *everything), withdrawn, today=TODAY + timedelta(days=120)) == "due"
