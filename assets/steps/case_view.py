"""How a case stands, for assets, jobs and commands alike: its ledger, program and gate.

What belongs here: bringing case register, register store and clock together. What must not: the rules themselves.
"""

from resources.desk import Desk
from samkorning.case import Case, rules
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow, ledger
from samkorning.identity import IdentityRules, Issuer
from samkorning.order import Identifies
from samkorning.own_registers.program import program_sha256

SERVICE = "samkorning"
"""Who acts when the service itself enters what it has done."""


def ledger_rows(desk: Desk, case: Case) -> list[LedgerRow]:
    """The case's ledger as it stands."""
    return ledger(case, register_hashes(desk, case), desk.clock.today())


def register_hashes(desk: Desk, case: Case) -> dict[Unit, str]:
    """The present hash of every year of the own registers that the case takes from."""
    return desk.registers.hashes({own.name for own in case.specification.own_registers})


def require_may_extract(desk: Desk, case: Case) -> None:
    """Refuses work on persons before everything that must precede it is recorded."""
    rules.may_extract(case, program_of(desk, case))


def require_may_be_delivered(desk: Desk, case: Case) -> None:
    """Refuses a delivery before everything that must precede it is recorded."""
    rules.may_be_delivered(case, program_of(desk, case), ledger_rows(desk, case))


def program_of(desk: Desk, case: Case) -> str:
    """Hash of the case's extraction program, by the register catalogue as it is (R12)."""
    return program_sha256(case.specification, desk.catalogue)


def identity_rules(
    case: Case, identifies: Identifies = Identifies.PERSON, issuer: Issuer | None = None
) -> IdentityRules:
    """How the identity numbers of a column are read."""
    return case.order.identity_rules(identifies, issuer)
