"""What a case depends on beside its own events, as marks that change whenever it does: own registers, the catalogue.

What belongs here: the marks, and which a case depends on. What must not: what is kept by them (delivery.due, overview).
"""

from resources.desk import Desk
from samkorning.case import Case

CATALOGUE = "~catalogue"


def register_marks(desk: Desk) -> dict[str, str]:
    """How the own registers stand, and the register catalogue, on which every review depends."""
    return {**desk.registers.marks(), CATALOGUE: desk.catalogue.mark()}


def registers_of(case: Case) -> list[str]:
    """The names in those marks that a case depends on."""
    return [CATALOGUE, *sorted({own.name for own in case.specification.own_registers})]
