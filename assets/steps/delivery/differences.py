"""What a replacement differs in from what was delivered: rows and cells of each unit that is delivered again.

What belongs here: finding both states of a unit in the vault. What must not: pairing rows (samkorning.delivery).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assets.steps import stores
from assets.steps.linkage.linking import delivered_columns
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit, is_entry_of
from samkorning.case.plan import PlannedFile
from samkorning.delivery.description import UnitDifference
from samkorning.delivery.row_difference import row_difference
from samkorning.vault import Generation


def differences(desk: Desk, case: Case, files: Sequence[PlannedFile]) -> Iterator[UnitDifference]:
    """Of every planned unit that takes the place of a delivered one: what differs, or that the former is not kept."""
    for file in files:
        for unit in file.units:
            if unit.replaces:
                yield _difference(desk, case, file.source, unit.unit, unit.replaces)


def _difference(desk: Desk, case: Case, source: str, unit: Unit, replaced: str) -> UnitDifference:
    store, columns = stores.linked(desk, case, unit), delivered_columns(desk, case, source)
    generations = store.generations()
    delivered = [entry for entry in case.delivered_units() if is_entry_of(entry, unit)][-1]
    former = next((each for each in reversed(generations[-2:]) if _holds(each, delivered)), None)
    if former is None:
        return UnitDifference(str(unit), replaced, None)
    now = store.scan().select(columns)
    before = now if former.number == generations[-1].number else store.scan(former.number).select(columns)
    return UnitDifference(str(unit), replaced, row_difference(before, now, columns[0]))


def _holds(linked: Generation, delivered: Mapping[str, Any]) -> bool:
    """Whether a generation is what was delivered: from the same inputs, or from others with the same content."""
    return any(linked.facts.get(name) == delivered[name] for name in ("input_sha256", "content_digest"))
