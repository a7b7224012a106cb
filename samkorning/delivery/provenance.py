"""What a delivery was made from and by whose leave, so that it can be shown later: hashes, dates and references.

What belongs here: the values that the manifest carries of it. What must not: finding them (assets.steps.delivery), or a
hash by which anybody could try whether a person is in the study: digests of code keys and inputs are keyed.
"""

from dataclasses import dataclass
from datetime import date

from samkorning.encryption.primitives import derive, mac


@dataclass(frozen=True)
class CodeKeyFacts:
    """The code key (kodnyckel) of the persons as the delivery found it.

    ``first`` is the keyed digest of the code key when an event of the case first remembered it: the same in every
    delivery of the case. ``digest`` is that of all its rows now, ``previous`` the one that the delivery before carried.
    """

    first: str
    digest: str
    generation: int
    rows: int
    previous: str | None = None


@dataclass(frozen=True)
class Approvals:
    """By whose leave: the specification's approval, the disclosure decision of three, the ethics application."""

    specification_approved: date | None
    decision_approved: date | None
    ethics_application: str | None
    ethics_decided: date | None


@dataclass(frozen=True)
class Provenance:
    """What made the delivery. ``lock_of`` says what ``lock_sha256`` is the hash of (samkorning.program_hash)."""

    specification_sha256: str
    program_sha256: str
    lock_sha256: str
    lock_of: str
    code_key: CodeKeyFacts
    approvals: Approvals


def input_digest(secret: bytes, case: str, input_sha256: str) -> str:
    """The hash of a unit's inputs as it may leave: keyed, since the input may be small enough to be guessed."""
    return mac(derive(secret, "input of a delivered unit", case), input_sha256.encode()).hex()
