"""The deliveries that are wanted, and what their runs are tagged with.

What belongs here: from what is due to runs that may be asked for. What must not: what is due
(assets.steps.delivery.due), or asking (pipelines.asking).
"""

from collections.abc import Iterable

from assets.steps.case_view import ledger_rows
from assets.steps.delivery.due import due_cases
from pipelines.asking import DELIVERY, HOLDER, KIND, Wanted
from resources.desk import Desk
from samkorning.case.due import Due
from samkorning.case.plan import kind_of, next_delivery_number
from samkorning.errors import SamkorningError


def late_wanted(desk: Desk, rows: Iterable[Due]) -> list[Wanted]:
    """The deliveries that late files and decided replacements make due."""
    return [_wanted(desk, row, row.late) for row in rows if row.late]


def repeats_wanted(desk: Desk) -> tuple[int, list[Wanted]]:
    """How many cases there are, and the repeats that are due among them."""
    rows = due_cases(desk, most=len(desk.cases.counts()))
    return len(rows), [_wanted(desk, row, row.repeat) for row in rows if row.repeat]


def delivery_tags(desk: Desk, number: str) -> dict[str, str]:
    """The delivery that would be made now, its kind, and whose files go with it."""
    try:
        case = desk.cases.case(number)
        leaving = [row for row in ledger_rows(desk, case) if row.is_due]
        kind, holders = kind_of(case, leaving), sorted({row.holder for row in leaving})
        return {DELIVERY: next_delivery_number(case), KIND: str(kind or "nothing"), HOLDER: ", ".join(holders)}
    except SamkorningError:
        return {}


def _wanted(desk: Desk, due: Due, what: str) -> Wanted:
    return Wanted(f"{due.events}:{what}", due.case_number, lambda: delivery_tags(desk, due.case_number))
