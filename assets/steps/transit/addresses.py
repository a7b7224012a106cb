"""Addresses of authorities: the home's own in a case, and how the hand-overs of a case stand.

What belongs here: what persons compare and look at. What must not: the acts on other authorities' addresses
(samkorning.transit.peers).
"""

from typing import Any

from assets.steps.intake import sealing
from assets.steps.transit.identifiers import destroy_ended, end_expired
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.hand_overs import hand_overs, has_ended, made_files, receipt_of, taken_files
from samkorning.encryption.signing import public_key
from samkorning.transit.making import end_by_act
from samkorning.transit.peers import Address, peers


def own_address(desk: Desk, case: Case, person: str) -> Address:
    """What another authority names this one by, in this case; a home without an age identity gets one."""
    return Address(case.number, sealing.recipient(desk, person), public_key(desk.signing_seed))


def standing(desk: Desk, number: str, person: str) -> dict[str, Any]:
    """The home's own address, the authorities that the case knows, and its hand-overs with their files."""
    with desk.vault.lock(number):
        end_expired(desk, number)
    case = desk.case(number)
    ours = own_address(desk, case, person)
    return {
        "case": number,
        "address": {
            "case": ours.case,
            "recipient": ours.age_recipient,
            "signing_key": ours.signing_key,
            "fingerprint": ours.fingerprint,
        },
        "peers": [
            {
                "peer": peer.name,
                "case": peer.address.case,
                "fingerprint": peer.address.fingerprint,
                "confirmed": peer.is_confirmed,
            }
            for peer in peers(case)
        ],
        "hand_overs": [
            {
                "hand_over": each.name,
                "peer": each.peer,
                "list": "made" if each.is_ours else "taken",
                "until": each.until,
                "ended": has_ended(case, each),
                "files": [*_made(case, each.name), *_taken(case, each.name)],
            }
            for each in hand_overs(case)
        ],
    }


def end(desk: Desk, number: str, name: str, reason: str, person: str) -> None:
    """Ends a hand-over by a person's act and destroys its transit identifiers.

    :raises NotFound: when none of that name is open.
    """
    with desk.vault.lock(number):
        end_expired(desk, number)
        case = desk.case(number)
        act = end_by_act(case, name, reason)
        now = desk.clock.now()
        desk.audit.append("end transit", person, number, now, hand_over=name)
        destroy_ended(desk, desk.cases.record(case, act.kind, now, person, act.detail))


def _made(case: Case, name: str) -> list[dict[str, Any]]:
    return [
        {
            "number": event.detail["number"],
            "kind": event.detail["kind"],
            "persons": event.detail["persons"],
            "rows": event.detail["rows"],
            "path": event.detail["path"],
            "receipt": "has come" if receipt_of(case, event) else "awaited",
        }
        for event in made_files(case, name)
    ]


def _taken(case: Case, name: str) -> list[dict[str, Any]]:
    return [
        {
            "number": event.detail["number"],
            "kind": event.detail["kind"],
            "persons": event.detail["persons"],
            "rows": event.detail["rows"],
            "path": event.detail["receipt"],
            "receipt": "made",
        }
        for event in taken_files(case, name)
    ]
