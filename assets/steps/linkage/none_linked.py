"""Which files that are to leave have rows of which none link: most often another case's file, or another population's.

What belongs here: looking at what was linked. What must not: whether a person may let it pass (samkorning.case).
"""

from collections.abc import Iterable

from assets.steps.case_view import ledger_rows, program_of
from assets.steps.linkage.linked_units import linked_unit, row_flow
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.act import Act
from samkorning.case.ledger import LedgerRow
from samkorning.case.none_linked import release_although_none_linked


def none_linked(desk: Desk, case: Case, rows: Iterable[LedgerRow]) -> dict[str, int]:
    """The sources whose files are due and link nowhere, as linked from what they are now, with how many rows came.

    Where the specification says how large a share must link, that holds and no person lets it pass; a year of an own
    register holds the whole country, and may well have nobody of a study.
    """
    found = dict[str, int]()
    for row in rows:
        source = case.specification.source(row.unit.source)
        if source is None or source.linked_share_at_least or not row.is_due:
            continue
        linked, flow = linked_unit(desk, case, row.unit), row_flow(desk, case, row.unit)
        if linked is not None and flow is not None and linked.input_sha256 == row.input_sha256:
            found |= {source.name: flow.rows_in} if flow.rows_in and not flow.linked else {}
    return found


def let_pass(desk: Desk, case: Case, source: str, reason: str, standing: bool = False) -> Act:
    """The act by which a person lets such a file leave with the next delivery; refused where the linkage has found
    nothing of the kind.
    """
    found = none_linked(desk, case, ledger_rows(desk, case))
    return release_although_none_linked(case, program_of(desk, case), found, source, reason, standing)
