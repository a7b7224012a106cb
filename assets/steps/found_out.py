"""What has been found out of each case and still holds: so that a look at all cases costs nothing for those that rest.

What belongs here: which rows of a derived table still hold. What must not: finding anything out.
"""

from collections.abc import Mapping
from typing import TypeVar

from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.due import FoundOut, mark_of

CATALOGUE = "~catalogue"
Found = TypeVar("Found", bound=FoundOut)


def kept_and_changed(desk: Desk, rows: Mapping[str, Found]) -> tuple[list[Found], list[str]]:
    """The rows that still hold, and the cases that have none."""
    counts, marks, today = desk.cases.counts(), register_marks(desk), desk.clock.today()
    kept = [
        row
        for number, row in rows.items()
        if row.still_holds(counts.get(number, 0), mark_of(row.registers.split(","), marks), today)
    ]
    numbers_kept = {row.case_number for row in kept}
    return kept, sorted(number for number in counts if number not in numbers_kept)


def register_marks(desk: Desk) -> dict[str, str]:
    """How the own registers stand, and the register catalogue, on which every review depends."""
    return {**desk.registers.marks(), CATALOGUE: desk.catalogue.mark()}


def registers_of(case: Case) -> list[str]:
    """The names in those marks that a case depends on."""
    return [CATALOGUE, *sorted({own.name for own in case.specification.own_registers})]
