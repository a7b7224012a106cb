"""The steps that led to a delivery (behandlingssteg): each act of the case with its time and the role that took it.

What belongs here: what a step says, its exact text and its signature. What must not: which acts are told (the caller),
or how a document shows them (machine_readable). A step names roles and organisations, never an official or a value.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from samkorning.encryption import signing


@dataclass(frozen=True)
class Step:
    """The n-th step, from 1 without a gap: what was done, when, in which role, and about what, where that is said."""

    number: int
    act: str
    at: datetime
    role: str
    about: str = ""


@dataclass(frozen=True)
class SignedStep:
    """A step, the exact text that says it, and the Ed25519 signature of that text in base64; empty where unsigned."""

    step: Step
    statement: str
    signature: str


def statement_of(case: str, delivery: str, step: Step) -> str:
    """What is signed: one line of JSON, names sorted, time in UTC. It names the delivery, so that no step of another
    stands in its place.
    """
    said = {
        "case": case,
        "delivery": delivery,
        "step": step.number,
        "act": step.act,
        "at": written(step.at),
        "role": step.role,
        "about": step.about,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def written(at: datetime) -> str:
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed_steps(case: str, delivery: str, steps: Iterable[Step], seed: bytes | None) -> tuple[SignedStep, ...]:
    """Every step with its signature by the service's signing key; without a seed none is signed."""
    return tuple(_signed(step, statement_of(case, delivery, step), seed) for step in steps)


def step_problems(signed: Iterable[SignedStep], case: str, delivery: str, public_key: str) -> list[str]:
    """What of some steps is not as the service signed it; nothing for steps that are whole and in their order."""
    problems = []
    for place, each in enumerate(signed, start=1):
        if each.step.number != place:
            problems.append(f"step {place} is missing or not in its place")
        elif each.statement != statement_of(case, delivery, each.step):
            problems.append(f"step {place} is shown as another than was signed")
        elif not _holds(each, public_key):
            problems.append(f"step {place} is not signed by the service")
    return problems


def _signed(step: Step, statement: str, seed: bytes | None) -> SignedStep:
    signature = b"" if seed is None else signing.sign(seed, statement.encode())
    return SignedStep(step, statement, base64.b64encode(signature).decode())


def _holds(each: SignedStep, public_key: str) -> bool:
    try:
        signature = base64.b64decode(each.signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    return signing.verify(public_key, each.statement.encode(), signature)
