"""What the vault holds of linked units, and whether it is of those who stand in the study now.

What belongs here: finding a linked unit, and holding it against its inputs and the persons of the study. What must not:
linking (linking), or what was delivered of a unit before (delivery.linked_then).

The ledger's hash of a unit's inputs knows files, not persons: whoever objects or opts out changes no file, and no
delivered unit is marked as changed by it. So that nobody leaves after an objection, what was linked counts only while
population, objections and opt-outs are those that it was linked by.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assets.steps import stores
from assets.steps.case_view import ledger_rows
from assets.steps.made_from import standing
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow
from samkorning.case.made_from import MADE_FROM, READ_BY, Standing, read_by
from samkorning.case.plan import LinkedUnit
from samkorning.errors import CheckFailed
from samkorning.linkage.row_flow import RowFlow
from samkorning.vault import Generation


@dataclass(frozen=True)
class PresentPersons:
    """Whose rows a unit holds that is linked now: who stands in the study, and how identity numbers are read."""

    standing: Standing
    read_by: str

    def are_those_of(self, linked: Generation) -> bool:
        """Whether a unit was linked by just that. One of before it was kept what units are linked by was not."""
        made_from = linked.facts.get(MADE_FROM)
        if made_from is None or linked.facts.get(READ_BY) != self.read_by:
            return False
        return Standing.read(str(made_from)).is_of_the_same_persons(self.standing)


def linked_unit(desk: Desk, case: Case, unit: Unit) -> LinkedUnit | None:
    """What the vault holds of a linked unit, or nothing."""
    latest = stores.latest_linked(desk, case, unit)
    return _as_linked(unit, latest) if latest is not None else None


def row_flow(desk: Desk, case: Case, unit: Unit) -> RowFlow | None:
    """The row flow of a linked unit, or nothing."""
    latest = stores.latest_linked(desk, case, unit)
    return RowFlow.from_facts(latest.facts) if latest else None


def linked_from_inputs(desk: Desk, case: Case, rows: Iterable[LedgerRow]) -> dict[Unit, LinkedUnit]:
    """The open units that are linked from their present files, whoever stood in the study then."""
    return {row.unit: _as_linked(row.unit, found) for row, found in _from_inputs(desk, case, rows)}


def linked_as_is(desk: Desk, case: Case, rows: Iterable[LedgerRow]) -> dict[Unit, LinkedUnit]:
    """The open units that are linked from their present files for those who stand in the study now."""
    found, persons = list(_from_inputs(desk, case, rows)), present_persons(desk, case)
    return {row.unit: _as_linked(row.unit, linked) for row, linked in found if persons.are_those_of(linked)}


def require_linked_as_is(desk: Desk, case: Case) -> None:
    """Refuses to deliver while a unit that is due is linked for others than those who stand in the study.

    :raises CheckFailed: with the units and what to do.
    """
    due = [row for row in ledger_rows(desk, case) if row.is_due]
    others = linked_from_inputs(desk, case, due).keys() - linked_as_is(desk, case, due).keys()
    if others:
        units = ", ".join(sorted(map(str, others)))
        raise CheckFailed(
            f"case {case.number}: since {units} was linked somebody has objected or opted out, or the study is "
            "another; run it again, which links it anew"
        )


def present_persons(desk: Desk, case: Case) -> PresentPersons:
    """By whom and what a unit would be linked now."""
    return PresentPersons(standing(desk, case, ()), read_by(case))


def _from_inputs(desk: Desk, case: Case, rows: Iterable[LedgerRow]) -> Iterable[tuple[LedgerRow, Generation]]:
    for row in rows:
        linked = stores.latest_linked(desk, case, row.unit) if row.is_open else None
        if linked is not None and str(linked.facts["input_sha256"]) == row.input_sha256:
            yield row, linked


def _as_linked(unit: Unit, linked: Generation) -> LinkedUnit:
    digest = linked.facts.get("content_digest")
    return LinkedUnit(unit, str(linked.facts["input_sha256"]), str(digest) if digest else None, linked.rows)
