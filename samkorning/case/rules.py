"""Rules that hold an act back until somebody has done something else: each one function that raises with the reason.

What belongs here: the conditions of the service's acts, judged from a case's events. What must not: the state table
(states), the order's own rules (samkorning.order.rules).
"""

from collections.abc import Callable, Iterable

from samkorning.case.assignment import case_does_not_rest, officer_of
from samkorning.case.disclosure import disclosure_is_decided
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.ledger import WAITING, LedgerRow, UnitStatus
from samkorning.case.recipient import recipient_is_decided
from samkorning.case.second_files import CHOOSE, one_file_says_who_is_studied, waiting_files
from samkorning.case.states import DECIDING_ROLES, WORKED_ON, State, state_of
from samkorning.errors import RuleRefused


def specification_is_approved(case: Case) -> None:
    """R09: the orderer has approved the specification as it now stands."""
    approval = case.last(EventKind.SPECIFICATION_APPROVED)
    if approval is None or approval.detail["specification_sha256"] != case.specification.sha256:
        raise RuleRefused("R09", "the orderer has not approved the specification", "record it with `case approve`")


def decision_is_approved(case: Case) -> None:
    """R10: the disclosure decision is approved before extraction and before files are accepted."""
    nothing_follows_the_disposal(case)
    nothing_follows_the_end(case)
    specification_is_approved(case)
    if state_of(case.events) not in (State.APPROVED, State.DELIVERED) or not _is_decided_as_amended(case):
        raise RuleRefused("R10", "the disclosure decision is not approved", "record it with `case decide`")


def _is_decided_as_amended(case: Case) -> bool:
    """Whether all three have endorsed the order as it stands, three different persons.

    The rule asks each of them; this also holds a case to it that was decided under an earlier form of the rule.
    """
    persons = {event.detail["role"]: event.person for event in case.endorsements()}
    return persons.keys() >= {*DECIDING_ROLES} and len(set(persons.values())) == len(persons)


def nothing_follows_the_disposal(case: Case) -> None:
    """R16: a case whose code key and population are disposed of is closed to everything that would need them."""
    if state_of(case.events) is State.DISPOSED:
        raise RuleRefused("R16", "the code key and population of the case are disposed of", "open a new case")


def nothing_follows_the_end(case: Case) -> None:
    """R02: a case that has ended is not worked on; a late answer is a new order."""
    if state_of(case.events) is State.ENDED:
        raise RuleRefused("R02", "the case has ended", "what comes late is a new order")


def link_is_whole(case: Case) -> None:
    """R16: once the link between persons and serial numbers is cut, nobody is linked again."""
    if case.last(EventKind.LINK_CUT) is not None:
        raise RuleRefused("R16", "the link between persons and serial numbers was cut", "open a new case")


def three_persons_take_part_in_the_decision(case: Case, role: str, person: str) -> None:
    """R11: a case officer, that officer's manager and a lawyer take part, three different persons.

    Of an assigned case the officer is the one who has it.
    """
    officer = officer_of(case)
    if role == "case_officer" and officer is not None and person != officer:
        problem = f"the case is {officer}'s"
        raise RuleRefused("R11", problem, "let that officer endorse, or hand the case over with `case assign`")
    three_persons_take_part(case.endorsements(), role, person)


def three_persons_take_part(endorsements: Iterable[Event], role: str, person: str) -> None:
    """R11: each role of a decision is another person's."""
    if role not in DECIDING_ROLES:
        raise RuleRefused("R11", "no such role in a decision", f"use one of {', '.join(DECIDING_ROLES)}")
    if any(event.person == person and event.detail["role"] != role for event in endorsements):
        raise RuleRefused("R11", "one person cannot act in two roles", "let another person endorse the decision")


def decision_is_dispatched_in_time(case: Case) -> None:
    """R10: where the specification says so, the decision is dispatched before extraction."""
    early = case.specification.dispatch == "before_extraction"
    if early and not is_dispatched(case):
        raise RuleRefused("R10", "the decision is not dispatched", "record it with `case decide --dispatch`")


def is_dispatched(case: Case) -> bool:
    """R10: whether the decision on the order as it stands is sent; one on an amended order is sent anew."""
    newest = case.last(EventKind.DECISION_DISPATCHED, EventKind.AMENDED)
    return newest is not None and newest.kind is EventKind.DECISION_DISPATCHED


def nobody_reviews_their_own(case: Case, person: str) -> None:
    """R12: a person other than the author reviews the extraction program."""
    if person == case.author:
        raise RuleRefused("R12", "the author cannot review the program", "let another person review it")


def program_is_reviewed(case: Case, program_sha256: str) -> None:
    """R12: the review is bound to the specification's and the program's hash; a change of either resets it."""
    review = case.last(EventKind.CODE_REVIEWED)
    bound = (review.detail["specification_sha256"], review.detail["program_sha256"]) if review else None
    if bound != (case.specification.sha256, program_sha256):
        raise RuleRefused("R12", "the extraction program is not reviewed as it stands", "record it with `case review`")


def holders_have_released(rows: Iterable[LedgerRow]) -> None:
    """R04: a holder's file enters a delivery only when that holder's release decision is recorded."""
    waiting = sorted({f"{row.holder} ({row.why})" for row in rows if row.status is UnitStatus.AWAITS_RELEASE})
    if waiting:
        raise RuleRefused(
            "R04",
            f"a file has come but no release decision that covers it from {', '.join(waiting)}",
            "record it with `case release --holder`, or withdraw the source",
        )


def all_or_nothing(case: Case, rows: Iterable[LedgerRow]) -> None:
    """R04: a case marked so leaves nothing before every holder has decided and sent its file."""
    if case.specification.all_or_nothing and any(row.status in WAITING for row in rows):
        raise RuleRefused("R04", "the case is all or nothing and files are awaited", "wait, or withdraw the source")


def delivery_is_released(case: Case) -> None:
    """R20: a delivery leaves on a person's act; later ones on the standing release that the case records.

    A release holds for the specification it was given on, and until it is recalled.
    """
    release = case.last(EventKind.DELIVERY_RELEASED, EventKind.DELIVERY_RECALLED)
    release = None if release is not None and release.kind is EventKind.DELIVERY_RECALLED else release
    delivered = case.last(EventKind.DELIVERED)
    agreed = release is not None and release.detail["specification_sha256"] == case.specification.sha256
    unused = release is not None and (delivered is None or release.number > delivered.number)
    if release is None or not agreed or not (unused or release.detail["standing"]):
        raise RuleRefused("R20", "the delivery is not released", "record it with `case release`")


def population_is_in_place(case: Case) -> None:
    """R13: a delivery needs the study population: its file, or that of the source whose persons it is (R22)."""
    drawn = case.specification.population.drawn
    if drawn and drawn.within and case.received_sha256(drawn.within) is None:
        problem = f"the persons of {drawn.within} are the population, and its file has not come"
        raise RuleRefused("R13", problem, f"take it in with `receive CASE {drawn.within} FILE`")
    if drawn and drawn.within and waiting_files(case, drawn.within):
        raise RuleRefused("R13", f"two files of {drawn.within} have come, and its persons are the population", CHOOSE)
    if drawn:
        return
    if not any(event.detail["source"] == "population" for event in case.of(EventKind.FILE_RECEIVED)):
        raise RuleRefused("R13", "the study population has not come", "take it in with `receive CASE population FILE`")


def source_is_awaited(case: Case, source: str) -> None:
    """R30: nothing comes in of a source that is withdrawn, until a person takes that back."""
    if source in case.withdrawn_sources and state_of(case.events) in WORKED_ON:
        remedy = f"if it is to come after all, record `case await {case.number} {source}` first"
        raise RuleRefused("R30", f"{source} is withdrawn and no longer awaited", remedy)


def region_release_covers_what_was_collected_before(case: Case, source: str) -> None:
    """R29: a region's release covers only data collected before its date: every new file needs its own release."""
    declared = case.specification.source(source)
    if declared is None or declared.source_class != "region":
        return
    delivered = [
        event for event in case.of(EventKind.DELIVERED) if any(u["source"] == source for u in event.detail["units"])
    ]
    releases = [event for event in case.of(EventKind.HOLDER_RELEASED) if event.detail["holder"] == declared.holder]
    if delivered and (not releases or releases[-1].number < delivered[-1].number):
        raise RuleRefused(
            "R29", f"{source} has a new file but no new release from {declared.holder}", "record it with `case release`"
        )


def two_persons_dispose(ordered_by: str, confirmed_by: str) -> None:
    """R16: a disposal is ordered by one person and confirmed by another."""
    if ordered_by == confirmed_by:
        raise RuleRefused("R16", "one person cannot order and confirm a disposal", "let a second person confirm it")


def two_persons_accept(proposed_by: str, accepted_by: str) -> None:
    """R12: what a restored vault has lost is given up by two persons."""
    if proposed_by == accepted_by:
        raise RuleRefused("R12", "one person cannot propose and accept a loss", "let a second person accept it")


def may_extract(case: Case, program_sha256: str) -> None:
    """Everything that must be in place before persons are linked."""
    checks: tuple[Callable[[Case], None], ...] = (
        decision_is_approved,
        decision_is_dispatched_in_time,
        link_is_whole,
        population_is_in_place,
        one_file_says_who_is_studied,
    )
    for check in checks:
        check(case)
    program_is_reviewed(case, program_sha256)


def may_be_delivered(case: Case, program_sha256: str, rows: list[LedgerRow]) -> None:
    """Everything that must be in place before a delivery is made."""
    may_extract(case, program_sha256)
    case_does_not_rest(case)
    recipient_is_decided(case)
    holders_have_released(rows)
    for row in rows:
        if row.is_due:
            region_release_covers_what_was_collected_before(case, row.unit.source)
    all_or_nothing(case, rows)
    disclosure_is_decided(case)
    delivery_is_released(case)
