"""Clocks of a case: working days, reminders, what is suggested and what is next. Feeds docs/rules.md."""

from datetime import UTC, date, datetime, timedelta

import pytest

from samkorning.case import Case, Event, EventKind
from samkorning.case.agreements import record_agreement, report_results
from samkorning.case.assignment import assign, pause
from samkorning.case.clocks import clocks
from samkorning.case.complaints import close_complaint, complain
from samkorning.case.endings import Outcome, appeal_until, end
from samkorning.case.enquiries import ask, remind
from samkorning.case.follow_up import close_incident, record_incident
from samkorning.case.holder_requests import Reason, ask_holder, refuse_by_holder
from samkorning.case.inventory import by_officer, in_order, inventory_line, is_old, report_back
from samkorning.case.ledger import Unit, ledger, years_without_key
from samkorning.case.next_act import NextAct, next_act
from samkorning.case.roles import Absence, Office
from samkorning.case.suggestions import suggestions
from samkorning.case.working_days import is_working_day, next_working_day, working_days_before
from samkorning.errors import RuleRefused
from samkorning.own_registers.program import program_sha256
from tests.factories import (
    AT,
    CATALOGUE,
    a_case,
    a_unit,
    approved,
    delivered,
    on,
    read,
    received,
    released,
    reviewed,
    then,
)

OPENED = AT.date()
PROGRAM = program_sha256(read().specification, CATALOGUE)
HOLDERS = ("SCB", "Exempelregistret", "Region Exempel")


def refused(rule: str):  # noqa: ANN201
    """Expects a refusal that names the rule."""
    return pytest.raises(RuleRefused, match=f"^{rule}:")


def day(number: int) -> date:
    """So many days after the case was opened, a Monday."""
    return OPENED + timedelta(days=number)


def next_of(case: Case, today: date, waiting: tuple[Unit, ...] = ()) -> NextAct:
    """The next act of a case."""
    return next_act(case, ledger(case, {}, today), PROGRAM, today, waiting)


def all_withdrawn() -> list[tuple[EventKind, str, dict[str, str]]]:
    """Nothing is awaited any more."""
    return [(EventKind.SOURCE_WITHDRAWN, "Olle", {"source": source, "reason": "x"}) for source in
            ("lisa", "diabetes", "region_labb")]  # fmt: skip


@pytest.mark.parametrize(
    ("free", "following"),
    [
        (date(2026, 1, 1), date(2026, 1, 2)),
        (date(2026, 1, 6), date(2026, 1, 7)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 5, 1), date(2026, 5, 4)),
        (date(2026, 5, 14), date(2026, 5, 15)),
        (date(2026, 6, 19), date(2026, 6, 22)),
        (date(2026, 10, 31), date(2026, 11, 2)),
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2025, 6, 6), date(2025, 6, 9)),
    ],
)
def test_r26_working_days_are_those_of_the_law_of_1930(free: date, following: date) -> None:
    """R26: Saturdays, Sundays, holidays, Midsummer Eve, Christmas Eve and New Year's Eve are no working days."""
    assert not is_working_day(free)
    assert next_working_day(free) == following
    assert next_working_day(following) == following


def test_the_eves_of_the_law_are_free_in_every_year() -> None:
    for year in range(2020, 2040):
        midsummer = next(d for d in (date(year, 6, n) for n in range(20, 27)) if d.weekday() == 5)
        assert not is_working_day(midsummer - timedelta(days=1))
        free = sum(not is_working_day(date(year, 1, 1) + timedelta(days=n)) for n in range(365))
        assert 110 <= free <= 118


def test_r02_an_appeal_has_three_weeks_and_a_last_day_that_is_a_working_day() -> None:
    """R02: an appeal comes in within three weeks; a last day that is free is moved, because a law sets this time."""
    assert appeal_until(date(2026, 11, 30)) == date(2026, 12, 21)
    assert appeal_until(date(2026, 12, 3)) == date(2026, 12, 28), "Christmas Eve, a Thursday, and what follows"


def test_r15_the_time_to_complain_is_not_moved_by_a_free_day() -> None:
    """R15: the time to complain is the service's own, and stands as it was said, also on a free day."""
    case = a_case(*approved(), delivered())
    assert date(2027, 2, 2) in [clock.due for clock in clocks(case, [], OPENED) if clock.rule == "R15"]
    letter = Event(1, EventKind.DELIVERED, datetime(2027, 3, 25, 9, tzinfo=UTC), "samkorning", delivered()[2])
    midsummer_eve = [clock.due for clock in clocks(Case("1-2027", (a_case().events[0], letter)), [], OPENED)]
    assert date(2027, 6, 25) in midsummer_eve


def test_r02_the_orderer_is_reminded_before_and_an_ending_suggested_after() -> None:
    """R02: a reminder is suggested three working days before the last day, and an ending only after a reminder's."""
    case = then(a_case(), on(0, ask(a_case(), ["Which years?"], day(14), day(0))))
    assert suggestions(case, day(8)) == [], "a Tuesday"
    (before,) = suggestions(case, day(9))
    assert before.command == "case remind 36759-2021 questions"
    assert before.since == working_days_before(day(14), 3) == day(9)
    case = then(case, on(12, remind(case, "questions", day(26), day(12))))
    assert suggestions(case, day(26)) == []
    (after,) = suggestions(case, day(27))
    assert (after.command, after.since) == ("case end 36759-2021 dismissed", day(27))
    assert next_of(case, day(27)).whose == "case officer"
    assert "`case end 36759-2021 dismissed`" in next_of(case, day(27)).what
    rests = then(case, on(27, pause(case, "the orderer is ill")))
    assert suggestions(rests, day(99)) == []
    with refused("R02"):
        end(rests, Outcome.DISMISSED, "no answer", day(99))
    over = then(case, on(28, end(case, Outcome.DISMISSED, "no answer", day(28))))
    assert suggestions(over, day(99)) == []
    assert next_of(over, day(99)).whose == "nobody"


def test_r02_while_the_orderer_is_waited_for_the_next_act_is_the_orderers() -> None:
    """R02: while questions are open the next act is the orderer's answer, by its last day."""
    case = then(a_case(), on(0, ask(a_case(), ["Which years?"], day(14), day(0))))
    assert (next_of(case, day(3)).whose, next_of(case, day(3)).due) == ("Kontakt Exempel", day(14))
    assert "case remind" in next_of(case, day(15)).what


def test_r04_a_holder_that_does_not_decide_is_reminded_and_one_that_refuses_is_named() -> None:
    """R04: a holder whose decision is overdue is reminded; one that refuses is the next act, until that is settled."""
    case = then(a_case(*approved()), on(1, ask_holder(a_case(), "SCB", day(30), day(1))))
    assert suggestions(case, day(30)) == []
    (late,) = suggestions(case, day(31))
    assert late.command == 'case remind 36759-2021 files --holder "SCB"'
    case = then(case, on(31, remind(case, "files", day(45), day(31), "SCB")))
    assert suggestions(case, day(45)) == []
    case = then(case, on(46, refuse_by_holder(case, "SCB", Reason.MISSING_DATA, "not for these years")))
    assert suggestions(case, day(99)) == []
    assert "SCB has refused lisa" in next_of(case, day(46)).what


def test_r17_a_kept_code_key_is_reminded_of_before_it_goes() -> None:
    """R17: a month before a kept code key goes its orderer is reminded of the extension."""
    kept = (EventKind.CODE_KEY_KEPT, "Olle", {"until": "2027-11-02", "reason": "repeats"})
    case = a_case(*approved(), delivered(), kept)
    assert suggestions(case, date(2027, 10, 2)) == []
    assert [each.rule for each in suggestions(case, date(2027, 10, 3))] == ["R17"]
    assert suggestions(case, date(2027, 11, 3)) == [], "it has gone"


def test_r18_new_years_that_wait_for_a_kept_code_key_say_so() -> None:
    """R18: a new year that was ordered and waits for a kept code key is named, with the act that it waits for."""
    steps = [*approved(), reviewed(), released(), received("population"), *all_withdrawn()]
    case = a_case(*steps, delivered("L001", a_unit("lmed", 2219), a_unit("lmed", 2220)))
    waiting = years_without_key(case, {Unit("lmed", 2221): "h"}, OPENED)
    assert waiting == [Unit("lmed", 2221)]
    assert "`case keep-key 36759-2021`" in NextAct("", "", None).what + _waiting(case, waiting)
    kept = (EventKind.CODE_KEY_KEPT, "Olle", {"until": "2027-11-02", "reason": "repeats"})
    assert years_without_key(a_case(*steps, delivered(), kept), {Unit("lmed", 2221): "h"}, OPENED) == []
    assert years_without_key(a_case(*steps), {Unit("lmed", 2221): "h"}, OPENED) == [], "nothing is delivered yet"


def _waiting(case: Case, years: list[Unit]) -> str:
    """What is next once nothing else is."""
    return next_act(case, [], PROGRAM, OPENED, years).what


def test_r27_an_open_complaint_or_incident_is_the_next_act() -> None:
    """R27: while a complaint or an incident is open it is the next act, unless something is to be delivered."""
    case = a_case(*approved(), reviewed(), received("population"), delivered())
    case = then(case, on(1, complain(case, "L001", "rows are missing", day(1))))
    found = next_act(case, [], PROGRAM, day(1))
    assert (found.whose, "`case complain 36759-2021 L001 --close`" in found.what) == ("case officer", True)
    case = then(case, on(2, close_complaint(case, "L001", "replaced")))
    assert next_act(case, [], PROGRAM, day(2)).what == "nothing"
    case = then(case, on(3, record_incident(case, "a letter to a wrong address", day(3), day(3))))
    number = case.events[-1].number
    assert f"--close {number}" in next_act(case, [], PROGRAM, day(3)).what
    assert next_act(then(case, on(4, close_incident(case, number, "learnt"))), [], PROGRAM, day(4)).whose == "nobody"


def test_r02_old_cases_are_listed_by_stage_with_their_act_and_officer() -> None:
    """R02: an inventory lists old cases by stage with the act that is due and who has each, or stands in for them."""
    office = Office(absences={"Olle": (Absence(day(90), day(200), "Anna"),)})
    quick, slow = a_case(number="1-2026"), a_case(*approved(), number="2-2026")
    slow = then(slow, on(2, assign(slow, "Olle", "new")))
    assert [is_old(slow, day(n)) for n in (90, 91)] == [False, True]
    lines = [inventory_line(case, next_of(case, day(100)), office, day(95), day(100)) for case in (slow, quick)]
    assert [(line.case, str(line.stage), line.goes_to) for line in in_order(lines)] == [
        ("1-2026", "queue", "no officer"),
        ("2-2026", "extraction", "Anna"),
    ]
    assert list(by_officer(lines)) == ["Anna", "no officer"]
    with refused("R02"):
        report_back(quick, "nothing")
    said = then(slow, on(96, report_back(slow, "the holder is reminded")))
    assert inventory_line(said, next_of(said, day(100)), office, day(95), day(100)).reported == "the holder is reminded"
    assert inventory_line(said, next_of(said, day(100)), office, day(97), day(100)).reported == "", "sent anew since"
    over = then(quick, on(99, end(quick, Outcome.CLOSED, "as the orderer wishes", day(99))))
    assert not is_old(over, day(200))


def test_r28_results_and_the_end_of_an_agreement_are_kept_and_reminded_of() -> None:
    """R28: the day for results and the end of an agreement are clocks of the case, and reminded of a month before."""
    case = a_case(*approved(), delivered())
    case = then(case, on(0, record_agreement(case, "Exempelregistret", date(2030, 1, 1), date(2029, 1, 1), 0)))
    dates = {clock.rule: clock.due for clock in clocks(case, [], OPENED)}
    assert (dates["R21"], dates["R28"]) == (date(2030, 1, 1), date(2029, 1, 1))
    assert suggestions(case, date(2028, 12, 1)) == []
    assert [each.command for each in suggestions(case, date(2028, 12, 2))] == ["case remind 36759-2021 results"]
    sent = remind(case, "results", date(2029, 1, 20), date(2028, 12, 5))
    case = then(case, on((date(2028, 12, 5) - OPENED).days, sent))
    assert suggestions(case, date(2029, 1, 20)) == []
    assert suggestions(case, date(2029, 1, 21)), "the reminder's own last day has passed"
    case = then(case, on(900, report_results(case, "Exempelregistret", date(2029, 1, 21), date(2029, 1, 21))))
    assert suggestions(case, date(2029, 1, 22)) == []
    assert [each.command for each in suggestions(case, date(2029, 12, 5))] == ["case remind 36759-2021 working_copies"]
