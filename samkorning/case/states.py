"""States of a case and the transitions between them, as one table.

What belongs here: which event may follow in which state, and where it leads. What must not: conditions that need more
than the state (rules).
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from samkorning.case.events import Event, EventKind
from samkorning.errors import RuleRefused


class State(StrEnum):
    """Where a case stands."""

    NEW = "new"
    OPENED = "opened"
    SPECIFIED = "specified"
    APPROVED = "approved"
    DELIVERED = "delivered"
    DISPOSED = "disposed"
    """Code key and population are destroyed: what is archived stays, and nothing is added."""
    ENDED = "ended"
    """Dismissed, rejected or closed without a delivery, or ended with its answer to another authority: it is archived,
    and what comes late is a new order (R02, R24)."""


K, S = EventKind, State

WORKED_ON = (S.OPENED, S.SPECIFIED, S.APPROVED, S.DELIVERED)
"""Where a case is being handled."""
DECIDED = (S.APPROVED, S.DELIVERED)
AFTERWARDS = (S.DELIVERED, S.ENDED, S.DISPOSED)
EVER = (*WORKED_ON, S.ENDED, S.DISPOSED)

LEADS: dict[tuple[State, EventKind], State] = {
    (S.NEW, K.OPENED): S.OPENED,
    (S.OPENED, K.AMENDED): S.OPENED,
    (S.OPENED, K.SPECIFICATION_APPROVED): S.SPECIFIED,
    (S.SPECIFIED, K.AMENDED): S.OPENED,
    (S.SPECIFIED, K.DECISION_ENDORSED): S.SPECIFIED,  # the third endorsement approves: see state_of
    (S.APPROVED, K.AMENDED): S.OPENED,
    (S.APPROVED, K.DELIVERED): S.DELIVERED,
    (S.DELIVERED, K.DELIVERED): S.DELIVERED,
    **{(state, K.ENDED): S.ENDED for state in (S.OPENED, S.SPECIFIED, S.APPROVED)},
}
"""What leads from one state to another."""

STAYS: tuple[tuple[tuple[State, ...], tuple[EventKind, ...]], ...] = (
    # what may still change (R19): amendments. It is approved and decided again before anything leaves: rules
    ((S.DELIVERED,), (K.AMENDED, K.SPECIFICATION_APPROVED, K.DECISION_ENDORSED, K.COMPLAINT_OPENED)),
    ((S.DELIVERED,), (K.AMENDMENT_DECIDED, K.HANDED_OVER, K.FOUND_UNCHANGED)),
    ((S.DELIVERED,), (K.REPLACEMENT_RELEASED, K.CHANGE_DECLINED)),
    ((S.OPENED, S.SPECIFIED), (K.REVIEWED_FIRST,)),
    ((S.OPENED, S.DELIVERED), (K.SPECIFICATION_SENT,)),
    (
        DECIDED,
        (
            K.DECISION_DISPATCHED,
            K.CODE_REVIEWED,
            K.RECIPIENT_EXCHANGED,
            K.RECIPIENT_CONFIRMED,
            K.DISCLOSURE_ACCEPTED,
            K.DELIVERY_RELEASED,
            K.DELIVERY_RECALLED,
            K.DELIVERY_BLOCKED,
            K.POPULATION_FROZEN,
            K.POPULATION_CHANGE_ENDORSED,
            K.FILE_RECEIVED,
            K.FILE_REFUSED,
            K.CODE_KEY_KEPT,
            K.CODE_KEY_IMPORTED,
            K.CODE_KEY_EXPORTED,
            K.SERIAL_NUMBERS_LOOKED_UP,
            K.PERSON_REMOVED,
            K.LINK_CUT,
            K.TRANSIT_PEER_NAMED,
            K.TRANSIT_PEER_CONFIRMED,
            K.TRANSIT_MADE,
            K.TRANSIT_TAKEN,
            K.TRANSIT_RECEIPT_TAKEN,
        ),
    ),
    (
        WORKED_ON,
        (
            K.MET,
            K.QUESTIONS_ASKED,
            K.QUESTIONS_ANSWERED,
            K.SUPPLEMENT_ASKED,
            K.SUPPLEMENT_GIVEN,
            K.QUOTED,
            K.QUOTE_ACCEPTED,
            K.QUOTE_DECLINED,
            K.RESERVED,
            K.PAUSED,
            K.RESUMED,
            K.REPORTED_BACK,
            K.HOLDER_ASKED,
            K.HOLDER_REFUSED,
            K.HOLDER_RELEASED,
            K.HOLDER_RECALLED,
            K.AGREEMENT_RECORDED,
            K.SOURCE_WITHDRAWN,
            K.SOURCE_AWAITED,
            K.FILE_QUARANTINED,  # after the decision a second file of a source: second_files
            K.FILE_ANNOUNCED,
            K.ATTACHED,
        ),
    ),
    (
        (*WORKED_ON, S.ENDED),
        (
            K.ENCRYPTION_KEYS_ROTATED,
            K.TAKEN_OVER,
            K.TRANSIT_ENDED,  # its last day passes also while an amended order waits for its approval
        ),
    ),
    (AFTERWARDS, (K.RESULTS_REPORTED, K.WORKING_COPIES_DELETED, K.QUESTIONNAIRE_ANSWERED, K.INVOICED)),
    (
        EVER,
        (
            K.ASSIGNED,
            K.REMINDER_SENT,
            K.LETTER_SENT,
            K.INCIDENT_RECORDED,
            K.INCIDENT_CLOSED,
            K.COMPLAINT_CLOSED,
            K.RESTORED_PROPOSED,
            K.RESTORED_ACCEPTED,
            K.DISPOSAL_ORDERED,
            K.DISPOSAL_CONFIRMED,
            K.DISPOSED,  # where it takes the code key: see state_of
            K.DISPOSAL_COMPLETED,
        ),
    ),
)
"""What may happen in some states and leaves the case in them."""

TRANSITIONS: dict[tuple[State, EventKind], State] = LEADS | {
    (state, kind): state for states, kinds in STAYS for state in states for kind in kinds
}

DECIDING_ROLES = ("case_officer", "manager", "lawyer")
"""Who takes part in the disclosure decision (R11)."""

FIRST_NEEDS = {
    S.NEW: ("R01", "the case is not open", "open it with its order"),
    S.OPENED: ("R09", "the orderer has not approved the specification", "record it with `case approve`"),
    S.SPECIFIED: ("R10", "the disclosure decision is not approved", "record it with `case decide`"),
    S.APPROVED: ("R10", "the disclosure decision is approved already", "go on with the review, or amend the order"),
    S.DELIVERED: ("R19", "the case has delivered", "a change of what is delivered is a new order"),
    S.DISPOSED: ("R16", "the code key and the population of the case are disposed of", "open a new case"),
    S.ENDED: ("R02", "the case has ended", "what comes late is a new order: `case open`"),
}


def state_of(events: Iterable[Event]) -> State:
    """The state that the events lead to.

    :raises RuleRefused: when an event stands where the table has no place for it.
    """
    reached = State.NEW
    for state in states_of(events):
        reached = state
    return reached


def states_of(events: Iterable[Event]) -> Iterator[State]:
    """The state after each event; refused as in ``state_of``."""
    state = State.NEW
    endorsed: set[str] = set()
    for event in events:
        state = state_after(state, event.kind)
        if event.kind is K.AMENDED:
            endorsed.clear()
        if event.kind is K.DECISION_ENDORSED:
            endorsed.add(event.detail["role"])
            is_decided = state is S.SPECIFIED and endorsed.issuperset(DECIDING_ROLES)
            state = S.APPROVED if is_decided else state
        if event.kind is K.DISPOSED and event.detail["code_key"]:
            state = S.DISPOSED
        yield state


def state_after(state: State, kind: EventKind) -> State:
    """Where an event leads from a state.

    :raises RuleRefused: the rule that is not met in that state, and whose act it waits for.
    """
    if (state, kind) not in TRANSITIONS:
        rule, problem, remedy = FIRST_NEEDS[state]
        raise RuleRefused(rule, f"{kind.value.replace('_', ' ')} is not possible: {problem}", remedy)
    return TRANSITIONS[state, kind]
