"""The next act of a case: what it waits for, whose that is, and by when.

What belongs here: the order in which it is looked at. What must not: the rules themselves, or the clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samkorning.case import rules
from samkorning.case.assignment import is_paused
from samkorning.case.blocking import blocked, remedy_of
from samkorning.case.clocks import announced_clocks, delivery_clocks, has_had_first_action
from samkorning.case.complaints import open_complaints
from samkorning.case.endings import Outcome, Proposal, proposed
from samkorning.case.enquiries import awaited_of_orderer
from samkorning.case.events import Case, EventKind
from samkorning.case.follow_up import open_incidents
from samkorning.case.hand_overs import ended_with_its_answer
from samkorning.case.holder_requests import has_refused
from samkorning.case.inputs import Unit, is_drawn
from samkorning.case.ledger import NOT_IN_PLACE, WAITING, LedgerRow, UnitStatus
from samkorning.case.population import decided_change
from samkorning.case.states import DECIDING_ROLES, State, state_of
from samkorning.errors import RuleRefused

UNDECIDED = (State.OPENED, State.SPECIFIED)
OFFICER, ENGINEER, NOBODY = "case officer", "data engineer", "nobody"
NOTHING = "nothing"


@dataclass(frozen=True)
class NextAct:
    """What the case waits for, whose it is, and by when it should be done, if a clock says so."""

    what: str
    whose: str
    due: date | None
    how: str = ""
    """What to do, where a rule holds the case back and says so."""


def next_act(
    case: Case, rows: Sequence[LedgerRow], program_sha256: str, today: date, waiting_years: Sequence[Unit] = ()
) -> NextAct:
    """The first thing that somebody has to do.

    :param waiting_years: register years that would be a repeat delivery if the code key were kept (R18).
    """
    running = delivery_clocks(case, rows)
    due = running[0].due if running else None
    found = (
        _closed(case)
        or _resting(case)
        or (_of_orderer(case, today) if state_of(case.events) in UNDECIDED else None)
        or _stopped(case, rows, program_sha256, due)
        or _two_files(rows)
        or _of_deliveries(case, rows, due)
        or _of_orderer(case, today)
        or _afterwards(case)
        or _awaited(case, rows, due)
        or _waiting_years(case, waiting_years)
    )
    return _or_end(case, found or NextAct(NOTHING, NOBODY, None), today)


def _closed(case: Case) -> NextAct | None:
    ended = case.last(EventKind.ENDED)
    if ended is not None:
        how = "its answer is handed over" if ended_with_its_answer(case) else f"the case was {ended.detail['outcome']}"
        return NextAct(f"nothing: {how}", NOBODY, None)
    if state_of(case.events) is State.DISPOSED and not open_incidents(case):
        return NextAct("nothing: the code key and population are disposed of", NOBODY, None)
    return None


def _or_end(case: Case, otherwise: NextAct, today: date) -> NextAct:
    """R24: a case that has answered another authority may end with that; a person decides whether it also delivers."""
    ending = proposed(case, today)
    if ending is None or ending.outcome is not Outcome.HANDED_OVER:
        return otherwise
    what = _decide_to_end(case, ending)
    if otherwise.what != NOTHING:
        what += f"; or, if it is to deliver as well: {otherwise.what}"
    return NextAct(what, OFFICER, otherwise.due, otherwise.how)


def _decide_to_end(case: Case, ending: Proposal) -> str:
    return f"decide: {ending.outcome} is proposed, {ending.why}; `case end {case.number} {ending.outcome}`"


def _resting(case: Case) -> NextAct | None:
    if not is_paused(case):
        return None
    paused = case.last(EventKind.PAUSED)
    rests_for = paused.detail["waits_for"] if paused else ""
    return NextAct(f"the case rests: take it up with `case resume {case.number}`", str(rests_for), None)


def _of_orderer(case: Case, today: date) -> NextAct | None:
    """R02: what was asked and not answered; once it is overdue and reminded of, what a person decides on."""
    ending, has_delivered = proposed(case, today), state_of(case.events) is State.DELIVERED
    if ending is not None and ending.outcome is not Outcome.HANDED_OVER and not has_delivered:
        return NextAct(_decide_to_end(case, ending), OFFICER, None)
    waiting = awaited_of_orderer(case)
    if not waiting:
        return None
    first = waiting[0]
    if not first.is_overdue(today):
        return NextAct(f"the orderer's answer is awaited: {first.what}", case.order.contact.name, first.deadline)
    return NextAct(f"no answer: {first.what}; `case remind {case.number} {first.what}`", OFFICER, None)


def _stopped(case: Case, rows: Sequence[LedgerRow], program_sha256: str, due: date | None) -> NextAct | None:
    if not has_had_first_action(case):
        return NextAct(f"review the order: `case review-first {case.number}`", OFFICER, due)
    refused = _refused_holder(case, rows)
    if refused is not None:
        return refused
    refusal = _what_holds_back(case, rows, program_sha256)
    if refusal is not None:
        return NextAct(refusal.problem, _whose(refusal, case), due, refusal.remedy)
    stopped = blocked(case, rows)
    if stopped is None:
        return None
    check = str(stopped.detail["check"])
    return NextAct(f"{check} stopped the delivery: {remedy_of(check)}", ENGINEER, due)


def _refused_holder(case: Case, rows: Sequence[LedgerRow]) -> NextAct | None:
    """R04: a holder has refused what is still awaited of it; in a case that is all or nothing nothing leaves then."""
    row = next((row for row in rows if row.status in WAITING and has_refused(case, row.holder)), None)
    if row is None:
        return None
    remedy = f"`case withdraw {case.number} {row.unit.source}`, amend the order, or end the case"
    return NextAct(f"{row.holder} has refused {row.unit.source}: {remedy}", OFFICER, None)


def _two_files(rows: Sequence[LedgerRow]) -> NextAct | None:
    """R13: a second file of a source waits beside one that has not been delivered."""
    row = next((row for row in rows if row.status is UnitStatus.TWO_FILES), None)
    return NextAct(f"decide which file of {row.unit} counts", OFFICER, None, row.why) if row is not None else None


def _of_deliveries(case: Case, rows: Sequence[LedgerRow], due: date | None) -> NextAct | None:
    if any(row.is_due for row in rows):
        return NextAct("deliver what is in place", ENGINEER, due)
    changed = next((row for row in rows if row.status is UnitStatus.CHANGED), None)
    return NextAct(_decide_on(case, changed), OFFICER, None) if changed is not None else None


def _afterwards(case: Case) -> NextAct | None:
    """R27: a complaint or an incident that nobody has followed up yet."""
    complaints, incidents = open_complaints(case), open_incidents(case)
    if complaints:
        what = f"follow the complaint on {complaints[0]} up: `case complain {case.number} {complaints[0]} --close`"
        return NextAct(what, OFFICER, None)
    if incidents:
        number = incidents[0].number
        what = f"follow incident {number} up: `case incident {case.number} --close {number}`"
        return NextAct(what, OFFICER, None)
    return None


def _awaited(case: Case, rows: Sequence[LedgerRow], due: date | None) -> NextAct | None:
    if decided_change(case) is not None:
        return NextAct("the population that was decided is awaited", case.specification.population.holder, None)
    if any(row.status is UnitStatus.AWAITED and is_drawn(case, row.unit) for row in rows):
        return NextAct("deliver: who is in the study is found first", ENGINEER, due)
    awaited = sorted({row.holder for row in rows if row.status in NOT_IN_PLACE})
    if not awaited:
        return None
    expected = [clock.due for clock in announced_clocks(case, rows)]
    return NextAct("files are awaited", ", ".join(awaited), min(expected, default=None))


def _waiting_years(case: Case, years: Sequence[Unit]) -> NextAct | None:
    """R18: new register years that were ordered, and that nothing links while no decision keeps the code key."""
    if not years:
        return None
    named = ", ".join(str(unit) for unit in years)
    what = f"{named} would be a repeat delivery, but no decision keeps the code key: `case keep-key {case.number}`"
    return NextAct(what, OFFICER, None)


def _decide_on(case: Case, row: LedgerRow) -> str:
    """A change that waits for a person, and the commands of both decisions."""
    unit = f"{case.number} {row.unit.source}" + (f" --period {row.unit.period}" if row.unit.period else "")
    replaced = f"{row.unit} is not as it was in {row.deliveries[-1]}"
    return f"decide on a change: {replaced}; `case replace {unit}` or `case decline {unit}`"


def _what_holds_back(case: Case, rows: Sequence[LedgerRow], program_sha256: str) -> RuleRefused | None:
    """The first rule that forbids a delivery now; a release is asked for only while something is due."""
    try:
        rules.may_extract(case, program_sha256)
        rules.holders_have_released(rows)
        if any(row.is_due for row in rows):
            rules.may_be_delivered(case, program_sha256, list(rows))
    except RuleRefused as refusal:
        return refusal
    return None


def _whose(refusal: RuleRefused, case: Case) -> str:
    return {
        "R04": "register holder",
        "R09": case.order.contact.name,
        "R10": ", ".join(DECIDING_ROLES),
        "R12": "reviewer",
        "R13": case.specification.population.holder,
        "R29": "register holder",
    }.get(refusal.rule, OFFICER)
