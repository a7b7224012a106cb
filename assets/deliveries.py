"""Delivery contents and the delivery itself.

What belongs here: what goes out next, the checks that block it, and sealing it. What must not: choosing
(samkorning.case.plan), rendering and sealing (samkorning.delivery), or whether it may leave (samkorning.case.rules).
"""

from typing import Any

import dagster as dg

from assets.checks import outcome
from assets.graph import DELIVERY, cases
from assets.guard import guarded
from assets.linked import linked_assets
from assets.steps.delivery.contents import render_files, rendered_facts
from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.delivery.scanning import leaks
from assets.steps.linkage.linking import delivered_columns
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.plan import DeliveryPlan, PlannedFile
from samkorning.delivery.rendering.serial_numbers import strange_serial_numbers
from samkorning.delivery.rendering.unit_contents import unit_facts


@dg.asset(
    deps=linked_assets,
    partitions_def=cases,
    group_name=DELIVERY,
    description="What the next delivery holds, in the vault; nothing that has gone out unchanged before.",
)
@guarded
def delivery_contents(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Puts the units that are due together into files."""
    opened = desk.case(context.partition_key)
    plan = present_plan(desk, opened)
    render_files(desk, opened, plan.files)
    facts = [rendered_facts(desk, opened, file) for file in plan.files]
    return dg.MaterializeResult(
        metadata={
            "delivery": plan.number if plan.files else "nothing is due",
            "files": len(plan.files),
            "rows": sum(found.rows for found in facts),
            "repeated_rows": sum(unit.repeated for found in facts for unit in unit_facts(found)),
            "bytes": sum(found.bytes for found in facts),
            "unchanged": len(plan.unchanged),
            "awaited": len(plan.awaited),
        }
    )


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def no_identity_number(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Stops the delivery when anything of it holds an identity number: cells, names, labels, documents."""
    opened = desk.case(context.partition_key)
    found = leaks(desk, opened, present_plan(desk, opened))
    counts = {f"{each.file}.{each.column} ({each.spelling})": each.rows for each in found}
    return outcome(
        desk, opened, "no_identity_number", not found, {"columns": len(found), **counts}, {"columns": len(found)}
    )


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def specification_kept(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Stops the delivery when a file has other columns or other rows than specified and linked (R09)."""
    opened = desk.case(context.partition_key)
    broken = [file.name for file in present_plan(desk, opened).files if not _as_specified(desk, opened, file)]
    differ = {"files_that_differ": len(broken)}
    return outcome(desk, opened, "specification_kept", not broken, differ, differ)


def _as_specified(desk: Desk, opened: Case, file: PlannedFile) -> bool:
    found = rendered_facts(desk, opened, file)
    rows, columns = [unit.rows for unit in unit_facts(found)], list(found.columns)
    return rows == [unit.rows for unit in file.units] and columns == delivered_columns(desk, opened, file.source)


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def serial_numbers_in_code_key(
    context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]
) -> dg.AssetCheckResult:
    """Stops the delivery when a serial number in it is not in the code key."""
    opened = desk.case(context.partition_key)
    files = present_plan(desk, opened).files
    strangers = sum(strange_serial_numbers(rendered_facts(desk, opened, file)) for file in files)
    found = {"serial_numbers_not_in_code_key": strangers}
    return outcome(desk, opened, "serial_numbers_in_code_key", strangers == 0, found, found)


@dg.asset(
    deps=[delivery_contents],
    partitions_def=cases,
    group_name=DELIVERY,
    description="The sealed delivery (utlämning), handed over in the outbox and entered in the ledger.",
)
@guarded
def delivery(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Seals and hands over what is due; nothing when nothing is."""
    opened = desk.case(context.partition_key)
    made = deliver(desk, opened, present_plan(desk, opened))
    return dg.MaterializeResult(metadata=_shown(made, present_plan(desk, desk.case(opened.number))))


def _shown(made: dict[str, Any] | None, after: DeliveryPlan) -> dict[str, Any]:
    if made is None:
        return {"delivery": "nothing was due", "awaited": len(after.awaited)}
    lines = ["| file | rows | SHA-256 |", "|---|---:|---|"]
    lines += [f"| {file['name']} | {file['rows']} | {file['sha256'][:12]}… |" for file in made["files"]]
    return {
        "delivery": made["delivery"],
        "kind": made["kind"],
        "files": dg.MetadataValue.md("\n".join(lines)),
        "sealed_sha256": made["sealed_sha256"],
        "awaited": len(after.awaited),
    }
