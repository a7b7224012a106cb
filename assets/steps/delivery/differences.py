"""What a replacement differs in from what was delivered: rows and cells of each unit that is delivered again.

What belongs here: finding both states of a unit in the vault. What must not: pairing rows (samkorning.delivery).
"""

from collections.abc import Iterator, Sequence

from assets.steps import stores
from assets.steps.delivery.linked_then import linked_then
from assets.steps.linkage.linking import delivered_columns
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit, is_entry_of
from samkorning.case.plan import PlannedFile
from samkorning.delivery.description import UnitDifference
from samkorning.delivery.row_difference import row_difference


def differences(desk: Desk, case: Case, files: Sequence[PlannedFile]) -> Iterator[UnitDifference]:
    """Of every planned unit that takes the place of a delivered one: what differs, or that the former is not kept."""
    for file in files:
        for unit in file.units:
            if unit.replaces:
                yield _difference(desk, case, file.source, unit.unit, unit.replaces)


def _difference(desk: Desk, case: Case, source: str, unit: Unit, replaced: str) -> UnitDifference:
    store, columns = stores.linked(desk, case, unit), delivered_columns(desk, case, source)
    delivered = [entry for entry in case.delivered_units() if is_entry_of(entry, unit)][-1]
    former = linked_then(desk, case, unit, delivered)
    if former is None:
        return UnitDifference(str(unit), replaced, None)
    now = store.scan().select(columns)
    before = now if former == store.latest() else store.scan(former.number).select(columns)
    return UnitDifference(str(unit), replaced, row_difference(before, now, columns[0]))
