"""Handing sealed deliveries over to where their recipient takes them: which are due, the act, and its event.

What belongs here: the order of trace, act and event. What must not: how a file gets to its target
(samkorning.delivery.handing_over, resources.targets). A delivery is made whether or not it is handed over: this act
undoes nothing, and can be repeated until it holds.
"""

import hashlib
from pathlib import Path
from typing import Any

from resources.desk import Desk
from resources.targets import open_target
from samkorning.case import Case, Event, EventKind
from samkorning.case.ledger_account import not_handed_over
from samkorning.delivery.handing_over import HandedOver, hand_over_file
from samkorning.delivery.package.names import receipt_beside
from samkorning.delivery.package.receipt import read_receipt
from samkorning.encryption.signing import public_key
from samkorning.errors import HandOverRefused, NotFound, SamkorningError


def hand_over(desk: Desk, case: Case, person: str, number: str | None = None) -> list[dict[str, Any]]:
    """Hand over what is not handed over yet, or one delivery of it; gives what each event remembers.

    :raises NotFound: when the case has no such delivery.
    :raises HandOverRefused: when the target is not the one that was named, or holds another file under the name.
    :raises HandOverFailed: when it cannot be reached; the same again goes on from there.
    """
    with desk.vault.lock(case.number):
        case = desk.case(case.number)
        desk.require_role(case, person, EventKind.HANDED_OVER)
        if number is not None:
            _delivered(case, number)
        due = [each for each in not_handed_over(case) if number in (None, each)]
        return [_hand_over(desk, case.number, each, person) for each in due]


def handed_over_after_sealing(desk: Desk, case: Case, person: str) -> str:
    """The same after a delivery was made: what came of it in words, since the delivery stands whatever happens."""
    try:
        done = hand_over(desk, case, person)
    except SamkorningError as refused:
        return f"not handed over: {refused}"
    return ", ".join(f"{each['delivery']} to {each['target']}" for each in done) or "nothing is to be handed over"


def _hand_over(desk: Desk, case_number: str, number: str, person: str) -> dict[str, Any]:
    case = desk.case(case_number)
    delivered, target = _delivered(case, number), case.order.recipient.deliver_to
    sealed = desk.home.root / delivered.detail["path"]
    receipt = receipt_beside(sealed)
    sha256 = {sealed: str(delivered.detail["sealed_sha256"]), receipt: _receipt_sha256(desk, delivered, receipt)}
    desk.audit.append("hand over", person, case.number, desk.clock.now(), delivery=number, target=target)
    with open_target(desk.settings.targets, target) as place:
        files = [
            hand_over_file(place, path, wanted) for path, wanted in sha256.items()
        ]  # the receipt says: all is there
        where = place.where
    detail = {"delivery": number, "target": target, "where": where, "files": [_entry(file) for file in files]}
    desk.cases.record(case, EventKind.HANDED_OVER, desk.clock.now(), person, detail)
    return detail


def _receipt_sha256(desk: Desk, delivered: Event, receipt: Path) -> str:
    """The hash of the receipt that lies beside a delivery, once it is the one that was signed for it."""
    content = receipt.read_bytes() if receipt.is_file() else b""
    said = read_receipt(content, receipt.name, public_key(desk.signing_seed))
    if (said.delivery, said.sha256) != (delivered.detail["delivery"], delivered.detail["sealed_sha256"]):
        raise HandOverRefused(f"{receipt.name}: is not of this delivery; `samkorning doctor` says what to restore")
    return hashlib.sha256(content).hexdigest()


def _entry(file: HandedOver) -> dict[str, Any]:
    return {"name": file.name, "sha256": file.sha256, "bytes": file.bytes}


def _delivered(case: Case, number: str) -> Event:
    delivered = {event.detail["delivery"]: event for event in case.of(EventKind.DELIVERED)}
    if number not in delivered:
        raise NotFound(f"case {case.number} has no delivery {number}; it has: {', '.join(delivered) or 'none'}")
    return delivered[number]
