"""Taking over a home of before events proved themselves: a person's act, with a digest of every case in the log.

What belongs here: the order of the steps, and when a home may be taken over. What must not: the table
(samkorning.case).

The order: the record of what stands, the secret, the events (one transaction), their confirmations and anchors, then
for every case with a code key an event that remembers it. Whatever a crash breaks off is completed by the same command;
a register that changed in between, or whose log has confirmed events before, is not taken over.
"""

import json
from dataclasses import dataclass

from assets.steps.persons.same_code_key import CODE_KEYS, marks_detail
from resources.desk import Desk
from samkorning.audit import Head
from samkorning.case import Case, EventKind, State, state_of
from samkorning.case.proof import StoredEvent
from samkorning.case.taking_over import digest_of
from samkorning.encryption.primitives import new_encryption_key
from samkorning.errors import VaultDamaged
from samkorning.keystore import CASE_EVENTS
from samkorning.order import read_order

ACT = "take over"
RESTORE = "stop and restore the newer case register and keystore from backup"


@dataclass(frozen=True)
class TakenOver:
    """How many events of a case were taken over as they stood."""

    case: str
    events: int


def take_over(desk: Desk, person: str) -> list[TakenOver]:
    """Authenticates every event as it stands; nothing where they prove themselves already.

    :raises VaultDamaged: when log or register are not of one moment: taking over would hide that.
    """
    before = desk.cases.events_from_before()
    if before:
        _require_never_taken_over(desk)
        _require_log(desk)
        _require_as_recorded(desk, before)
        head = _recorded(desk, before, person)
        if not desk.keystore.has_secret(CASE_EVENTS):
            desk.keystore.keep_secret(CASE_EVENTS, new_encryption_key())
        desk.cases.take_over(desk.keystore.service_secret(CASE_EVENTS), head)
    elif not desk.keystore.has_secret(CASE_EVENTS):
        _require_never_taken_over(desk)
        desk.audit.append(ACT, person, None, desk.clock.now(), cases=0)
        desk.keystore.keep_secret(CASE_EVENTS, new_encryption_key())
    return [*_confirmed(desk, person)]


def _confirmed(desk: Desk, person: str) -> list[TakenOver]:
    """Ends what is left to do: confirmations, anchors, and the marks of code keys."""
    done = []
    acts = {record.number for record in desk.audit.records() if record.act == ACT}
    for number in desk.cases.counts():
        taken = desk.cases.confirm_taken_over(number, acts)
        case = desk.cases.case(number)
        if taken:
            done.append(TakenOver(number, len(case.events)))
        if _has_unmarked_code_key(desk, case):
            detail = marks_detail(desk, case)
            desk.cases.record(case, EventKind.TAKEN_OVER, desk.clock.now(), person, detail)
    return done


def _has_unmarked_code_key(desk: Desk, case: Case) -> bool:
    if state_of(case.events) is State.DISPOSED or any(CODE_KEYS in event.detail for event in case.events):
        return False
    return bool(marks_detail(desk, case)[CODE_KEYS])


def _require_never_taken_over(desk: Desk) -> None:
    if desk.cases.known_to_log():
        raise VaultDamaged(
            "the audit log confirms events that proved themselves, and case register or keystore are of before: "
            f"they are older than the audit log; {RESTORE}"
        )


def _require_log(desk: Desk) -> None:
    problems = desk.audit.verify(*desk.cases.heads_from_before())
    if problems:
        raise VaultDamaged(f"{desk.home.audit.name}: {problems[0]}; stop and restore the audit log from backup")


def _require_as_recorded(desk: Desk, before: dict[str, list[StoredEvent]]) -> None:
    """A try that was broken off goes on with the register that it began with, and with no other."""
    if not desk.keystore.has_secret(CASE_EVENTS):
        return
    recorded = {record.case: record.facts.get("sha256") for record in desk.audit.records() if record.act == ACT}
    if recorded != {number: digest_of(stored) for number, stored in before.items()}:
        raise VaultDamaged(f"the case register is of before events proved themselves, the keystore is not; {RESTORE}")


def holds_synthetic_cases_alone(desk: Desk) -> bool:
    """Whether no case has real persons, by the orders as they stand."""
    before = desk.cases.events_from_before()
    if not before:
        return desk.holds_synthetic_cases_alone()
    orders = [json.loads(stored[0].detail) for stored in before.values()]
    return all(read_order(order["order"], order["file"]).synthetic for order in orders)


def _recorded(desk: Desk, before: dict[str, list[StoredEvent]], person: str) -> Head:
    """A record for every case: how many events, and their digest as they stand. The last record's head is given."""
    now = desk.clock.now()
    head = Head(0, "")
    for number, stored in before.items():
        facts: dict[str, int | str] = {"events": len(stored), "sha256": digest_of(stored)}
        head = desk.audit.append(ACT, person, number, now, **facts)
    return head
