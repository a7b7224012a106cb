"""Acts on what has been delivered and changed since: deliver it again as a replacement, or let the delivered one stand.

What belongs here: the two acts. What must not: whether a change needs one of them (inputs), or the replacement itself.
"""

from collections.abc import Sequence

from samkorning.case.act import Act
from samkorning.case.events import Case, EventKind
from samkorning.case.inputs import Unit, change_is_declined, replacement_is_released
from samkorning.case.ledger import LedgerRow, UnitStatus, material_is_disposed
from samkorning.errors import NotFound, RuleRefused

NOT_LEFT = (UnitStatus.REPLACEMENT, UnitStatus.AWAITS_RELEASE)
"""Where a replacement stands that a person has released and that no delivery has held yet."""


def release_replacement(case: Case, rows: Sequence[LedgerRow], unit: Unit, reason: str) -> Act:
    """A person lets a unit that has changed since its delivery be delivered again (R15): as it is now, and no other;
    also one whose change was declined before, while its file is there.

    :raises NotFound: when the case has no such unit.
    """
    row = _row_of(case, rows, unit)
    if not _was_declined(case, row):
        _waits_for_a_person(row)
    return Act(
        EventKind.REPLACEMENT_RELEASED, {"replaces": row.deliveries[-1], "reason": reason, "units": [_entry(row)]}
    )


def decline_change(case: Case, rows: Sequence[LedgerRow], unit: Unit, reason: str) -> Act:
    """A person lets what was delivered stand (R15), until the unit changes once more; also in place of a replacement
    that was released and has not left.

    :raises NotFound: when the case has no such unit.
    """
    row = _row_of(case, rows, unit)
    if row.status not in NOT_LEFT or not replacement_is_released(case, unit, row.input_sha256):
        _waits_for_a_person(row)
    return Act(EventKind.CHANGE_DECLINED, {"stands": row.deliveries[-1], "reason": reason, "units": [_entry(row)]})


def _row_of(case: Case, rows: Sequence[LedgerRow], unit: Unit) -> LedgerRow:
    row = next((row for row in rows if row.unit == unit), None)
    if row is None:
        raise NotFound(f"case {case.number} has no {unit}; it has: {', '.join(str(row.unit) for row in rows)}")
    return row


def _was_declined(case: Case, row: LedgerRow) -> bool:
    """Whether the delivered one stands by a person's decision, and what came after it can still be delivered."""
    is_there = row.status is UnitStatus.DELIVERED and not material_is_disposed(case, row.unit.source)
    return is_there and change_is_declined(case, row.unit, row.input_sha256)


def _waits_for_a_person(row: LedgerRow) -> None:
    if row.status is not UnitStatus.CHANGED:
        problem = f"{row.unit} is {row.status.replace('_', ' ')}: nothing of it waits for this decision"
        raise RuleRefused("R15", problem, "`case show` lists what has changed since it was delivered")


def _entry(row: LedgerRow) -> dict[str, object]:
    return {"source": row.unit.source, "period": row.unit.period, "input_sha256": row.input_sha256}
