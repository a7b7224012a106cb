"""For whom the deliveries of a case are sealed: the recipient's age key, who decided on it, and its exchange.

What belongs here: the acts on the recipient's age key and the rule that holds sealing to it. What must not: sealing
itself (samkorning.delivery), or the form of a fingerprint (samkorning.order.fingerprint).

The decision by three persons covers the recipient that the order named then. An exchange is an act of its own, also
after a delivery (R19 allows it), and stops every delivery until another person has confirmed the new fingerprint.
"""

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.states import DECIDING_ROLES
from samkorning.errors import RuleRefused
from samkorning.order.fingerprint import fingerprint, fits

NAMED_BY = (EventKind.OPENED, EventKind.AMENDED, EventKind.RECIPIENT_EXCHANGED)
"""The events that name a recipient; the newest counts."""


def recipient_is_decided(case: Case) -> None:
    """R20: a delivery is sealed only for an age key that the decision covers or a second person has confirmed."""
    if not is_decided(case):
        raise RuleRefused(
            "R20",
            f"the recipient's age key {case.recipient_fingerprint} is not confirmed",
            f"let another person than {_naming(case).person} compare it with the recipient's own and record "
            "`case confirm-recipient`",
        )


def is_decided(case: Case) -> bool:
    """Whether the decision covers the recipient's age key as it stands, or a second person has confirmed it."""
    return _is_endorsed(case) or _is_confirmed(case)


def key_to_seal_for(case: Case) -> str:
    """The age key that a package is sealed for, asked for at the moment of sealing.

    :raises RuleRefused: when it is neither covered by the decision nor confirmed (R20).
    """
    recipient_is_decided(case)
    return case.recipient_key


def takes_a_passphrase(case: Case) -> bool:
    """Whether deliveries are locked with a passphrase: the order says so, and no age key has been named since."""
    newest = _naming(case)
    return newest.kind is not EventKind.RECIPIENT_EXCHANGED and case.order.recipient.sealed_as == "7z"


def exchange_recipient(case: Case, age_recipient: str, reason: str) -> Act:
    """Another age key for the recipient; no delivery leaves before another person has confirmed it.

    :raises PackageRefused: when it is no age key.
    """
    from samkorning.encryption.age import check_recipient  # and cryptography with it: other acts need the rule

    check_recipient(age_recipient)
    if age_recipient == case.recipient_key:
        raise RuleRefused("R20", "this is the recipient's age key already", "confirm it, or give the new one")
    named = {"age_recipient": age_recipient, "recipient": fingerprint(age_recipient)}
    return Act(EventKind.RECIPIENT_EXCHANGED, {**named, "before": case.recipient_fingerprint, "reason": reason})


def confirm_recipient(case: Case, typed: str, person: str) -> Act:
    """Somebody else than who named the recipient's age key has compared its fingerprint with the recipient's own."""
    if is_decided(case):
        raise RuleRefused("R20", "the recipient's age key is confirmed already", "nothing is left to confirm")
    if person == _naming(case).person:
        raise RuleRefused("R20", "who named the age key cannot confirm it", "let another person confirm it")
    if not fits(typed, case.recipient_key):
        problem = "this is not the fingerprint of the recipient's age key"
        raise RuleRefused("R20", problem, "compare it with the recipient's own again; if it differs, exchange the key")
    return Act(EventKind.RECIPIENT_CONFIRMED, {"recipient": case.recipient_fingerprint})


def _naming(case: Case) -> Event:
    event = case.last(*NAMED_BY)
    assert event is not None, "a case starts with its order"  # noqa: S101
    return event


def _is_endorsed(case: Case) -> bool:
    """Whether all three of the decision endorsed it for this very key."""
    since = _naming(case).number
    covered = {
        event.detail["role"]
        for event in case.of(EventKind.DECISION_ENDORSED)
        if event.number > since and event.detail.get("recipient") == case.recipient_fingerprint
    }
    return covered.issuperset(DECIDING_ROLES)


def _is_confirmed(case: Case) -> bool:
    naming = _naming(case)
    return any(
        event.number > naming.number
        and event.person != naming.person
        and event.detail["recipient"] == case.recipient_fingerprint
        for event in case.of(EventKind.RECIPIENT_CONFIRMED)
    )
