"""Repeat deliveries (R18): which units come by them, and whether the time for one has come.

What belongs here: reckoning by the calendar's periods from the deliveries that the ledger holds, so that a time when
nothing ran is made up for. What must not: asking for a delivery (pipelines).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from samkorning.case.events import Case, EventKind
from samkorning.case.inputs import change_is_declined, is_repeat, replacement_is_released
from samkorning.case.ledger import LedgerRow, UnitStatus, material_is_disposed
from samkorning.order.repeats import Every

MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def comes_by_repeats(case: Case, row: LedgerRow) -> bool:
    """Whether a due unit goes with the repeats: a new year, or one that has grown and whose corrections follow.

    What a person has released goes at once.
    """
    return is_repeat(case, row.unit) and not replacement_is_released(case, row.unit, row.input_sha256)


def with_whole_repeats(case: Case, rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """The ledger where a repeat that is due sends everything again that is still kept."""
    whole = case.specification.repeats.ships == "whole"
    if not whole or not any(row.is_due and comes_by_repeats(case, row) for row in rows):
        return list(rows)
    return [replace(row, goes_again=True) if _is_kept(case, row) else row for row in rows]


def _is_kept(case: Case, row: LedgerRow) -> bool:
    """Whether a unit lies as it was delivered; one whose change was declined lies as it was not to be delivered."""
    is_there = row.status is UnitStatus.DELIVERED and not material_is_disposed(case, row.unit.source)
    return is_there and not change_is_declined(case, row.unit, row.input_sha256)


def next_repeat(case: Case) -> date | None:
    """The first day on which the next repeat delivery may leave; nothing before the first delivery."""
    delivered = case.of(EventKind.DELIVERED)
    if not delivered:
        return None
    repeats = [event for event in delivered if event.detail["kind"] in ("repeat", "complete")]
    last = (repeats or delivered[:1])[-1].at.date()
    months = MONTHS[case.specification.repeats.every]
    following = (last.year * 12 + last.month - 1) // months * months + months
    return date(following // 12, following % 12 + 1, 1)


def repeat_has_come(case: Case, today: date) -> bool:
    """Whether a repeat delivery may leave today, as far as its period goes."""
    first_day = next_repeat(case)
    return first_day is not None and first_day <= today
