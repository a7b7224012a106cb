"""How a case stands, for assets, jobs and commands alike: its ledger, program and gate.

What belongs here: bringing case register, register store and clock together. What must not: the rules themselves.
"""

from dataclasses import replace

from resources.desk import Desk
from resources.register_years import content_of
from samkorning.case import Case, rules
from samkorning.case.inputs import Unit, inputs_of, settled_inputs
from samkorning.case.ledger import LedgerRow, UnitStatus, ledger
from samkorning.case.repeats import with_whole_repeats
from samkorning.identity import IdentityRules, Issuer
from samkorning.order import Identifies
from samkorning.order.drawn_files import OWN_HOLDER
from samkorning.own_registers.program import program_sha256
from samkorning.own_registers.year_checks import in_words


def ledger_rows(desk: Desk, case: Case) -> list[LedgerRow]:
    """The case's ledger as it stands; of a register year that has changed it says in what."""
    rows = ledger(case, register_hashes(desk, case), desk.clock.today())
    rows = [replace(row, why=_what_differs(desk, case, row)) if _is_changed_year(row) else row for row in rows]
    return with_whole_repeats(case, rows)


def _is_changed_year(row: LedgerRow) -> bool:
    changed = row.status in (UnitStatus.CHANGED, UnitStatus.REPLACEMENT)
    return changed and row.holder == OWN_HOLDER and row.unit.period is not None


def _what_differs(desk: Desk, case: Case, row: LedgerRow) -> str:
    """The ordered variables in which a register year is not as it was delivered; empty where it is the same year."""
    settled = settled_inputs(case, row.unit)
    contents = [content_of(each) for each in desk.registers.history(row.unit)]
    delivered = [each for each in contents if inputs_of(case, row.unit, each).sha256() in settled]
    if not delivered or delivered[-1] == contents[-1]:
        return row.why
    own = next(own for own in case.specification.own_registers if own.name == row.unit.source)
    return in_words(desk.registers.what_differs(row.unit, delivered[-1]), own.variables)


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
