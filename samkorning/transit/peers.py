"""The other authority of a hand-over, for one case: its address is named by one person and confirmed by another.

What belongs here: the two acts and the rule that nothing goes to, or comes from, an address that is not confirmed. What
must not: making or reading files.

An address is all that a file is bound to: the other authority's own case number, the age key that files are sealed
for, and the key that its signatures are verified with. Persons compare one fingerprint of all three.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.rules import decision_is_approved
from samkorning.encryption.age import check_recipient
from samkorning.encryption.signing import public_key_pem
from samkorning.errors import NotFound, RuleRefused
from samkorning.order.fingerprint import fingerprint, fits


@dataclass(frozen=True)
class Address:
    """An authority's case number, age key and public signing key in one case."""

    case: str
    age_recipient: str
    signing_key: str

    @property
    def as_text(self) -> str:
        """All of it as one text, of which the fingerprint is made."""
        return "\n".join((self.case, self.age_recipient, self.signing_key))

    @property
    def fingerprint(self) -> str:
        """What persons compare."""
        return fingerprint(self.as_text)


@dataclass(frozen=True)
class Peer:
    """The other authority as the case knows it now."""

    name: str
    address: Address
    named: Event
    is_confirmed: bool


def name_peer(case: Case, name: str, address: Address) -> Act:
    """The address of another authority, or another one; nothing is handed over before another person confirms it (R24).

    :raises PackageRefused: when the age key or the signing key is none.
    """
    decision_is_approved(case)
    check_recipient(address.age_recipient)
    public_key_pem(address.signing_key)
    known = _find(case, name)
    if known is not None and known.address == address:
        raise RuleRefused("R24", "this is the other authority's address already", "confirm it, or give the new one")
    others = [
        peer.name for peer in peers(case) if peer.name != name and peer.address.signing_key == address.signing_key
    ]
    if others:
        raise RuleRefused("R24", f"{others[0]} has that signing key", "give each authority its own")
    keys = {"age_recipient": address.age_recipient, "signing_key": address.signing_key}
    return Act(
        EventKind.TRANSIT_PEER_NAMED,
        {"peer": name, "peer_case": address.case, **keys, "fingerprint": address.fingerprint},
    )


def confirm_peer(case: Case, name: str, typed: str, person: str) -> Act:
    """Somebody else than who named the address has compared its fingerprint with the other authority's own (R24)."""
    peer = _known(case, name)
    if peer.is_confirmed:
        raise RuleRefused("R24", f"the address of {name} is confirmed already", "nothing is left to confirm")
    if person == peer.named.person:
        raise RuleRefused("R24", "who named the address cannot confirm it", "let another person confirm it")
    if not fits(typed, peer.address.as_text):
        problem = f"this is not the fingerprint of the address of {name}"
        raise RuleRefused(
            "R24", problem, "compare it with the other authority's own again; if it differs, name it anew"
        )
    return Act(EventKind.TRANSIT_PEER_CONFIRMED, {"peer": name, "fingerprint": peer.address.fingerprint})


def confirmed_peer(case: Case, name: str) -> Peer:
    """The other authority of that name.

    :raises NotFound: when the case knows none.
    :raises RuleRefused: before a second person has confirmed its address (R24).
    """
    peer = _known(case, name)
    if not peer.is_confirmed:
        raise RuleRefused(
            "R24",
            f"the address of {name} is not confirmed",
            f"let another person than {peer.named.person} compare its fingerprint and record `transit confirm-peer`",
        )
    return peer


def peers(case: Case) -> Iterator[Peer]:
    """Every other authority that the case knows, as it is known now, by name."""
    newest = {event.detail["peer"]: event for event in case.of(EventKind.TRANSIT_PEER_NAMED)}
    for name, event in sorted(newest.items()):
        detail = event.detail
        address = Address(detail["peer_case"], detail["age_recipient"], detail["signing_key"])
        yield Peer(name, address, event, _is_confirmed(case, event, address))


def _find(case: Case, name: str) -> Peer | None:
    return next((peer for peer in peers(case) if peer.name == name), None)


def _known(case: Case, name: str) -> Peer:
    found = _find(case, name)
    if found is None:
        known = ", ".join(peer.name for peer in peers(case)) or "none"
        raise NotFound(f"case {case.number} knows no such authority; `transit peer` names one; known: {known}")
    return found


def _is_confirmed(case: Case, named: Event, address: Address) -> bool:
    """By an event behind the naming, of another person, for this very address."""
    return any(
        event.number > named.number
        and event.person != named.person
        and (event.detail["peer"], event.detail["fingerprint"]) == (named.detail["peer"], address.fingerprint)
        for event in case.of(EventKind.TRANSIT_PEER_CONFIRMED)
    )
