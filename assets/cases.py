"""The order and the case it became.

What belongs here: showing what was ordered and how far the case has come. What must not: acts on the case.
"""

from collections.abc import Iterator

import dagster as dg

from assets.graph import CASE, cases
from assets.guard import guarded
from assets.holders import DESCRIPTIONS, holder_asset
from assets.steps.case_account import CaseAccount, case_account
from assets.steps.case_view import require_may_extract
from assets.steps.safekeeping.fitting import require_fits_to_deliver
from assets.study_metadata import attrition_table
from resources.desk import Desk
from samkorning.case import Case, EventKind, state_of
from samkorning.order import SourceClass
from samkorning.own_registers.program import extraction_program
from samkorning.persons.attrition import attrition_of


@dg.asset(
    partitions_def=cases, group_name=CASE, description="The order (beställning) as it stands in the case register."
)
@guarded
def order(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Counts of what was ordered, the extraction program, and what it gave in the dry run that was reviewed."""
    opened = desk.case(context.partition_key)
    specification = opened.specification
    return dg.MaterializeResult(
        metadata={
            "specification_sha256": specification.sha256,
            "engine": specification.engine,
            "sources": len(specification.sources),
            "own_registers": len(specification.own_registers),
            "variables": sum(len(own.variables) for own in specification.own_registers),
            "program": dg.MetadataValue.md(f"```sql\n{extraction_program(specification, desk.catalogue)}```"),
            **_dry_run(opened),
        }
    )


def _dry_run(opened: Case) -> dict[str, dg.MetadataValue[str]]:
    review = opened.last(EventKind.CODE_REVIEWED)
    found = review.detail.get("dry_run") if review else None
    if not found:
        return {}
    lines = [f"{found['persons']} made-up persons\n", "| source | rows | leave | dropped |", "|---|---:|---:|---|"]
    for flow in found["row_flow"]:
        dropped = ", ".join(f"{rows} {reason.replace('_', ' ')}" for reason, rows in flow["dropped"].items())
        lines.append(f"| {flow['source']} | {flow['in']} | {flow['linked']} | {dropped} |")
    steps = attrition_of(found["attrition"])
    return {
        "dry_run": dg.MetadataValue.md("\n".join(lines)),
        "dry_run_attrition": dg.MetadataValue.md(attrition_table(steps)),
    }


@dg.asset(deps=[order], partitions_def=cases, group_name=CASE, description="The case (ärende): may it be worked on?")
@guarded
def case(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """State and ledger of the case; refuses to go on before approval, decision and code review."""
    opened = desk.case(context.partition_key)
    require_may_extract(desk, opened)
    require_fits_to_deliver(desk, opened)
    account = case_account(desk, opened)
    for came in what_came(opened):
        context.log_event(came)
    return dg.MaterializeResult(
        metadata={
            "state": str(state_of(opened.events)),
            "events": len(opened.events),
            "ledger": dg.MetadataValue.md(ledger_table(account)),
            "deliveries": dg.MetadataValue.md(deliveries_table(account)),
            "next_delivery": _next_delivery(account),
            "next_act": f"{account.next_act.what} ({account.next_act.whose})",
            "code_key": f"{account.code_key.state.replace('_', ' ')}: {account.code_key.why}",
        }
    )


def what_came(opened: Case) -> Iterator[dg.AssetMaterialization]:
    """For each class of holders, the files that count now: what the page shows at the head of the river."""
    latest = {event.detail["source"]: event.detail for event in opened.of(EventKind.FILE_RECEIVED)}
    for source_class in DESCRIPTIONS:
        names = [source.name for source in opened.specification.of_class(source_class)]
        names += ["population", "number_history"] if source_class is SourceClass.RESEARCHER else []
        files = [latest[name] for name in names if name in latest]
        if files:
            yield dg.AssetMaterialization(
                asset_key=holder_asset(source_class),
                partition=opened.number,
                metadata={
                    "files": len(files),
                    "rows": sum(file["rows"] for file in files),
                    "rows_refused": sum(file["refused_rows"] for file in files),
                },
            )


def ledger_table(account: CaseAccount) -> str:
    """The ledger as a table for the page."""
    lines = ["| source | period | holder | status | came | deliveries |", "|---|---|---|---|---|---|"]
    for entry in account.ledger:
        row = entry.row
        came = ", ".join(f"{file.on} {file.outcome}" for file in entry.files)
        sent = ", ".join(
            f"{went.delivery} (replaced by {went.replaced_by})" if went.replaced_by else went.delivery
            for went in entry.deliveries
        )
        lines.append(f"| {row.unit.source} | {row.unit.period or ''} | {row.holder} | {row.status} | {came} | {sent} |")
    return "\n".join(lines)


def deliveries_table(account: CaseAccount) -> str:
    """The deliveries that were made, as a table for the page."""
    lines = ["| delivery | day | kind | files | rows | holds |", "|---|---|---|---:|---:|---|"]
    for made in account.deliveries:
        units = ", ".join(made.units)
        lines.append(f"| {made.delivery} | {made.on} | {made.kind} | {made.files} | {made.rows} | {units} |")
    return "\n".join(lines)


def _next_delivery(account: CaseAccount) -> str:
    following = account.next_delivery
    return f"{following.delivery}, {following.kind}: {', '.join(following.units)}" if following else "nothing is due"
