"""The order and the case it became.

What belongs here: showing what was ordered and how far the case has come. What must not: acts on the case.
"""

import dagster as dg

from assets.graph import cases
from assets.guard import guarded
from assets.page_report import report_case, version_of
from assets.river import NODES
from assets.shown.case import case_metadata
from assets.shown.study import attrition_table
from assets.shown.tables import table
from assets.steps.case_account import case_account
from assets.steps.case_view import require_may_extract
from assets.steps.safekeeping.fitting import require_fits_to_deliver
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.order import Specification
from samkorning.own_registers.program import extraction_program
from samkorning.persons.attrition import attrition_of


@dg.asset(partitions_def=cases, **NODES["order"].words)
@guarded
def order(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """What was ordered, the extraction program, and what it gave in the dry run that was reviewed."""
    opened = desk.case(context.partition_key)
    specification = opened.specification
    return dg.MaterializeResult(
        metadata={
            "specification_sha256": specification.sha256,
            "engine": specification.engine,
            "sources": len(specification.sources),
            "own_registers": len(specification.own_registers),
            "variables": sum(len(own.variables) for own in specification.own_registers),
            "asked_for": dg.MetadataValue.md(asked_for(specification)),
            "program": dg.MetadataValue.md(f"```sql\n{extraction_program(specification, desk.catalogue)}```"),
            **_dry_run(opened),
        }
    )


def asked_for(specification: Specification) -> str:
    """What is awaited from whom, and taken from which register."""
    rows = [
        (each.name, each.holder, str(each.period or ""), len(each.delivered_columns)) for each in specification.sources
    ]
    rows += [
        (each.name, f"own register {each.register_name}", f"{each.from_year}-{each.to_year}", len(each.variables))
        for each in specification.own_registers
    ]
    return table(["source", "holder", "years", "#columns delivered"], rows)


def _dry_run(opened: Case) -> dict[str, dg.MetadataValue[str]]:
    review = opened.last(EventKind.CODE_REVIEWED)
    found = review.detail.get("dry_run") if review else None
    if not found:
        return {}
    rows = [
        (
            flow["source"],
            flow["in"],
            flow["linked"],
            ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in flow["dropped"].items()),
        )
        for flow in found["row_flow"]
    ]
    said = f"{found['persons']} made-up persons\n\n{table(['source', '#rows', '#leave', 'dropped'], rows)}"
    steps = attrition_of(found["attrition"])
    return {
        "dry_run": dg.MetadataValue.md(said),
        "dry_run_attrition": dg.MetadataValue.md(attrition_table(steps)),
    }


@dg.asset(
    deps=[order],
    partitions_def=cases,
    **NODES["case"].words,
)
@guarded
def case(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """How the case stands; refuses to go on before approval, decision and code review."""
    opened = desk.case(context.partition_key)
    require_may_extract(desk, opened)
    require_fits_to_deliver(desk, opened)
    report_case(desk, context.instance, opened.number)
    account = case_account(desk, opened)
    return dg.MaterializeResult(
        metadata=case_metadata(desk, opened, account),
        data_version=version_of(opened),
    )
