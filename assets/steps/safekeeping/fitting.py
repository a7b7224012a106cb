"""Whether the parts of one case are of one moment: vault, keystore, case register, audit log and outbox.

What belongs here: what does not fit, and refusing work on it. What must not: events (they prove themselves when a case
is read), or what a delivered file must be like (delivered_files). Any mixture of older and newer parts works on as if
nothing had happened, or is refused here by what is missing.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from assets.steps import stores
from assets.steps.case_view import register_hashes
from assets.steps.persons.same_code_key import require_same_code_key
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind, State, state_of
from samkorning.case.anchor import ANCHOR, anchor_file
from samkorning.case.inputs import Unit
from samkorning.case.ledger import last_received, material_is_disposed
from samkorning.case.plan import next_delivery_number
from samkorning.delivery.package.names import names_of
from samkorning.errors import SamkorningError, VaultDamaged
from samkorning.keystore import RetentionClass


@dataclass(frozen=True)
class Misfit:
    """Something that does not fit: in which part, of which case (none for what is common to all), and what to do."""

    part: str
    case: str | None
    problem: str
    is_grave: bool = True
    """False for what a crash leaves and the next act completes: reported, and no hindrance."""

    def __str__(self) -> str:
        return self.problem


CASE_REGISTER, AUDIT_LOG, VAULT, KEYSTORE = "case register", "audit log", "vault", "keystore"
OUTBOX, RECEIPTS, REGISTERS, SIGNING = "outbox", "receipts", "own registers", "signing key"


def require_fits(desk: Desk, case: Case, coming: str | None = None) -> None:
    """Refuse work on a case whose parts are not of one moment.

    :param coming: a source whose file is being received: that the vault has lost the one before is no hindrance.
    :raises VaultDamaged: naming what is older or missing, and what to restore.
    """
    grave = next((misfit for misfit in case_misfits(desk, case, coming) if misfit.is_grave), None)
    if grave is not None:
        raise VaultDamaged(str(grave))


def require_fits_to_deliver(desk: Desk, case: Case) -> None:
    """The same before anything is linked or delivered: no byte of the audit log may be another either."""
    desk.audit.require_whole()
    desk.cases.numbers()
    require_fits(desk, case)


def case_misfits(desk: Desk, case: Case, coming: str | None = None) -> Iterator[Misfit]:
    """What does not fit in one case, whose events are proven."""
    yield from _lost_anchor(desk, case)
    yield from _unknown_packages(desk, case)
    if disposal_broke_off(case):
        problem = f"case {case.number}: a confirmed disposal was broken off; `samkorning dispose` completes it"
        yield Misfit(VAULT, case.number, problem, is_grave=False)
        return
    yield from closed_stores(desk, case.number)
    if state_of(case.events) is State.DISPOSED:
        return
    yield from _lost_files(desk, case, coming)
    yield from _lost_years(desk, case)
    try:
        require_same_code_key(desk, case)
    except SamkorningError as refused:
        yield Misfit(VAULT, case.number, str(refused))


def disposal_broke_off(case: Case) -> bool:
    """Whether a disposal is confirmed and not carried out: what it takes is half gone."""
    done = {event.detail["disposal"] for event in case.of(EventKind.DISPOSED)}
    return any(event.detail["disposal"] not in done for event in case.of(EventKind.DISPOSAL_CONFIRMED))


def closed_stores(desk: Desk, number: str) -> Iterator[Misfit]:
    """The stores that vault or keystore know and that do not open, or are older than the keystore knows."""
    for retention_class in RetentionClass:
        for name in desk.vault.stores(number, retention_class):
            try:
                desk.vault.open_store(number, retention_class, name)
            except SamkorningError as refused:
                yield Misfit(VAULT, number, str(refused))


def _lost_anchor(desk: Desk, case: Case) -> Iterator[Misfit]:
    """The first event makes the case's anchor: a vault without it is not the one that was written."""
    if not anchor_file(desk.home.vault, case.number).exists() and len(case.events) > 1:
        problem = f"case {case.number}: {ANCHOR} is missing in the vault; stop and restore the vault from backup"
        yield Misfit(VAULT, case.number, problem)


def _lost_files(desk: Desk, case: Case, coming: str | None) -> Iterator[Misfit]:
    for event in lost_files(desk, case, coming):
        yield Misfit(VAULT, case.number, stores.not_held(case, event))


def lost_files(desk: Desk, case: Case, coming: str | None = None) -> Iterator[Event]:
    """The events of received files that the vault does not hold, and of held ones that do not wait there."""
    for source in sorted({event.detail["source"] for event in case.of(EventKind.FILE_RECEIVED)} - {coming}):
        event = last_received(case, source)
        with suppress(SamkorningError):  # what does not open is reported already
            if event and not material_is_disposed(case, source) and not stores.holds_received(desk, case, event):
                yield event
    held = set(desk.vault.stores(case.number, RetentionClass.MATERIAL))
    for event in case.held_files():
        source, sha256 = event.detail["source"], event.detail["sha256"]
        if source != coming and f"held.{source}.{sha256[:16]}" not in held:
            yield event


def _lost_years(desk: Desk, case: Case) -> Iterator[Misfit]:
    """Years of own registers that were delivered and that the register store does not have."""
    try:
        loaded = set(register_hashes(desk, case))
    except SamkorningError as refused:
        yield Misfit(REGISTERS, None, str(refused))
        return
    delivered = {Unit(entry["source"], entry["period"]) for entry in case.delivered_units() if entry["period"]}
    for unit in sorted(delivered - loaded):
        if case.specification.source(unit.source) is None:
            yield Misfit(
                REGISTERS,
                case.number,
                f"case {case.number}: {unit.source} {unit.period} was delivered and is not in the register store: "
                "vault and keystore are older than the case register; restore both, or load that year again",
            )


def _unknown_packages(desk: Desk, case: Case) -> Iterator[Misfit]:
    """Sealed deliveries that the case register does not have and no crash can have left."""
    known = {event.detail["delivery"] for event in case.of(EventKind.DELIVERED)}
    begun = desk.audit.trails.of(case.number).delivering
    for folder in sorted(desk.home.outbox(case.number).glob("L*")):
        number = folder.name
        sealed = [folder / name for name in names_of(case.number, number)]
        if number in known or not any(path.exists() for path in sealed):
            continue
        if number != begun or number != next_delivery_number(case):
            yield Misfit(
                OUTBOX,
                case.number,
                f"case {case.number}: the outbox holds {number}, which neither case register nor audit log knows: both "
                "are older than the outbox; stop and restore the newer ones",
            )
