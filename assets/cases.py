"""The order and the case it became.

What belongs here: showing what was ordered and how far the case has come. What must not: acts on the case.
"""

import dagster as dg

from assets.case_view import ledger_rows, require_may_extract
from assets.graph import CASE, cases
from assets.guard import guarded
from resources.desk import Desk
from samkorning.case import state_of
from samkorning.case.ledger import LedgerRow


@dg.asset(
    partitions_def=cases, group_name=CASE, description="The order (beställning) as it stands in the case register."
)
@guarded
def order(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Counts of what was ordered."""
    specification = desk.case(context.partition_key).specification
    return dg.MaterializeResult(
        metadata={
            "specification_sha256": specification.sha256,
            "engine": specification.engine,
            "sources": len(specification.sources),
            "own_registers": len(specification.own_registers),
            "variables": sum(len(own.variables) for own in specification.own_registers),
        }
    )


@dg.asset(deps=[order], partitions_def=cases, group_name=CASE, description="The case (ärende): may it be worked on?")
@guarded
def case(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """State and ledger of the case; refuses to go on before approval, decision and code review."""
    opened = desk.case(context.partition_key)
    require_may_extract(opened)
    rows = ledger_rows(desk, opened)
    return dg.MaterializeResult(
        metadata={
            "state": str(state_of(opened.events)),
            "events": len(opened.events),
            "ledger": dg.MetadataValue.md(ledger_table(rows)),
        }
    )


def ledger_table(rows: list[LedgerRow]) -> str:
    """The ledger as a table for the page."""
    lines = ["| source | period | holder | status | deliveries |", "|---|---|---|---|---|"]
    for row in rows:
        deliveries = ", ".join(row.deliveries)
        lines.append(f"| {row.unit.source} | {row.unit.period or ''} | {row.holder} | {row.status} | {deliveries} |")
    return "\n".join(lines)
