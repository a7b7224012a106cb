"""The facts of a letter: the frozen model that every template reads.

What belongs here: its shape. What must not: where the facts come from (gathering), whom a letter goes to (registry),
words (phrases), pages. No fact holds a value from a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from samkorning.case.ledger import NOT_IN_PLACE, UnitStatus
from samkorning.case.letters.invoice import Invoice
from samkorning.case.letters.parties import HolderAddress, Payer, Service
from samkorning.order import Order, Source
from samkorning.own_registers.catalogue import RegisterCatalogue


@dataclass(frozen=True)
class Surroundings:
    """What a letter needs beside its case: the settings' parties, the catalogue, the service's public keys, the day."""

    service: Service
    holders: Mapping[str, HolderAddress]
    payers: Mapping[str, Payer]
    catalogue: RegisterCatalogue
    seal_to: str
    signing_key: str
    today: date


@dataclass(frozen=True)
class LedgerLine:
    """One unit of the ledger: a holder's file, or the years of an own register that stand alike."""

    title_sv: str
    title_en: str
    holder: str
    is_own: bool
    period: str
    status: str
    deliveries: tuple[str, ...]


@dataclass(frozen=True)
class DeliveryFacts:
    """One delivery as its letter tells of it."""

    number: str
    kind: str
    on: date
    complaint_until: date
    files: tuple[tuple[str, int], ...]
    sealed_name: str
    sealed_sha256: str
    is_first: bool
    by_post: bool
    is_passphrase: bool


@dataclass(frozen=True)
class RegisterFacts:
    """An extract from an own register, as the specification has it."""

    name: str
    title_sv: str
    title_en: str
    years: str
    variables: tuple[str, ...]
    repeats_until: int | None


@dataclass(frozen=True)
class HolderFacts:
    """A register holder and the files that are asked of it."""

    name: str
    person: str | None
    email: str | None
    sources: tuple[Source, ...]
    sends_population: bool


@dataclass(frozen=True)
class DecisionFacts:
    """The disclosure decision: when the last of the three approved it, who they were, and the reservation."""

    approved: date | None
    persons: tuple[tuple[str, str], ...]
    reserved: tuple[str, ...]


@dataclass(frozen=True)
class LetterFacts:
    """Everything that a template may say. ``said`` are the particulars of the event that the letter is about."""

    service: Service
    case: str
    today: date
    opened: date
    order: Order
    officer: str | None
    event: int
    on: date
    by: str
    said: Mapping[str, Any]
    recipient_fingerprint: str
    registers: tuple[RegisterFacts, ...]
    holders: tuple[str, ...]
    holder: HolderFacts | None
    ledger: tuple[LedgerLine, ...]
    deliveries: tuple[DeliveryFacts, ...]
    delivery: DeliveryFacts | None
    decision: DecisionFacts
    kept_until: date | None
    kept_without_limit: bool
    invoice: Invoice | None
    seal_to: str
    signing_key: str

    @property
    def awaited(self) -> tuple[LedgerLine, ...]:
        """What has not come yet."""
        return tuple(line for line in self.ledger if line.status in NOT_IN_PLACE)

    @property
    def is_last(self) -> bool:
        """Whether nothing more is to be delivered, as far as is known today."""
        return all(
            line.status in (UnitStatus.DELIVERED, UnitStatus.WITHDRAWN, UnitStatus.DISPOSED) for line in self.ledger
        )
