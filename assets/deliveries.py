"""Delivery contents and the delivery itself.

What belongs here: what goes out next, the checks that block it, and sealing it. What must not: choosing
(samkorning.case.plan), rendering and sealing (samkorning.delivery), or whether it may leave (samkorning.case.rules).
"""

from typing import Any

import dagster as dg

from assets.checks import Look, outcome, shown
from assets.graph import cases
from assets.guard import guarded
from assets.linked import linked_assets
from assets.page_report import report_case
from assets.river import NODES
from assets.shown.columns import columns_metadata
from assets.shown.disclosure import disclosure_metadata
from assets.shown.last_runs import last_runs
from assets.shown.tables import table
from assets.steps.columns import contents_columns, lineage_of, sealed_columns
from assets.steps.delivery.contents import render_files, rendered_facts
from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.delivery.disclosing import disclosures
from assets.steps.delivery.disclosing_together import reckon_together
from assets.steps.delivery.handing_over import handed_over_after_sealing
from assets.steps.delivery.scanning import leaks
from assets.steps.letters.by_themselves import send_by_themselves
from assets.steps.linkage.linking import delivered_columns
from resources.cluster.session import leave_cluster
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.disclosure import DECIDE, has_fallen, is_accepted
from samkorning.case.plan import DeliveryPlan, PlannedFile
from samkorning.case.roles import SERVICE
from samkorning.delivery.rendering.serial_numbers import strange_serial_numbers, withdrawn_serial_numbers
from samkorning.delivery.rendering.unit_contents import unit_facts


@dg.asset(
    deps=linked_assets,
    partitions_def=cases,
    **NODES["delivery_contents"].words,
)
@guarded
def delivery_contents(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Puts the units that are due together into files."""
    leave_cluster()  # all is linked
    opened = desk.case(context.partition_key)
    plan = present_plan(desk, opened)
    render_files(desk, opened, plan.files)
    reckon_together(desk, opened, plan)
    facts = [rendered_facts(desk, opened, file) for file in plan.files]
    rows = sum(found.rows for found in facts)
    columns = contents_columns(desk, opened, [file.source for file in plan.files])
    return dg.MaterializeResult(
        metadata={
            "delivery": plan.number if plan.files else "nothing is due",
            "files": len(plan.files),
            "rows": rows,
            "dagster/row_count": rows,
            "repeated_rows": sum(unit.repeated for found in facts for unit in unit_facts(found)),
            "bytes": sum(form.bytes for found in facts for form in found.forms),
            "unchanged": len(plan.unchanged),
            "awaited": len(plan.awaited),
            **disclosure_metadata(disclosures(desk, opened, plan)),
            **({"last_runs": last_runs(context, "rows", rows)} if plan.files else {}),
            **columns_metadata(columns, lineage_of(desk, opened)),
        }
    )


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def disclosure_accepted(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Has a person accepted how few are alike in what is to leave, and are they no fewer now?"""
    opened = desk.case(context.partition_key)
    files = disclosures(desk, opened, present_plan(desk, opened))
    waiting = [each for each in files if not is_accepted(opened, each)]
    fell = sum(has_fallen(opened, each) for each in waiting)
    found = {"files_not_accepted": len(waiting), "files_whose_smallest_group_fell": fell}
    said = [f"{len(waiting)} files have not been accepted, in {fell} the smallest group is smaller than accepted"]
    look = Look(f"{len(files)} files whose quasi-identifiers are named", said if waiting else ())
    if waiting and not opened.of(EventKind.DISCLOSURE_ACCEPTED):  # put together to be looked at for the first time
        return shown("disclosure_accepted", look, DECIDE, found)
    return outcome(desk, opened, "disclosure_accepted", look, found)


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def no_identity_number(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Does anything that is to leave hold an identity number: cells, names, labels, documents?"""
    opened = desk.case(context.partition_key)
    plan = present_plan(desk, opened)
    found = leaks(desk, opened, plan)
    counts = {f"{each.file}.{each.column} ({each.spelling})": each.rows for each in found}
    said = [f"{each.rows} rows of {each.file}.{each.column} ({each.spelling})" for each in found]
    look = Look(f"every cell of {_in_files(plan)}, names, labels and documents, in all spellings", said)
    return outcome(desk, opened, "no_identity_number", look, {"columns": len(found)}, counts)


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def specification_kept(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Does each file have just the columns and rows that were specified and linked (R09)?"""
    opened = desk.case(context.partition_key)
    plan = present_plan(desk, opened)
    broken = [file.name for file in plan.files if not _as_specified(desk, opened, file)]
    look = Look(f"columns and rows of {_in_files(plan)}", [f"{name} differs" for name in broken])
    return outcome(desk, opened, "specification_kept", look, {"files_that_differ": len(broken)})


def _as_specified(desk: Desk, opened: Case, file: PlannedFile) -> bool:
    found = rendered_facts(desk, opened, file)
    rows, columns = [unit.rows for unit in unit_facts(found)], list(found.columns)
    return rows == [unit.rows for unit in file.units] and columns == delivered_columns(desk, opened, file.source)


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def serial_numbers_in_code_key(
    context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]
) -> dg.AssetCheckResult:
    """Is every serial number that is to leave in the code key, and of nobody who was taken out or has opted out?"""
    opened = desk.case(context.partition_key)
    plan = present_plan(desk, opened)
    rendered = [rendered_facts(desk, opened, file) for file in plan.files]
    strangers, gone = sum(map(strange_serial_numbers, rendered)), sum(map(withdrawn_serial_numbers, rendered))
    said = [f"{strangers} serial numbers are not in it"] if strangers else []
    said += [f"{gone} are of persons who were taken out, object or have opted out"] if gone else []
    kept = {"serial_numbers_not_in_code_key": strangers, "serial_numbers_of_persons_out_of_the_study": gone}
    look = Look(f"the serial numbers of {_in_files(plan)}, against the code key", said)
    return outcome(desk, opened, "serial_numbers_in_code_key", look, kept)


def _in_files(plan: DeliveryPlan) -> str:
    rows = sum(unit.rows for file in plan.files for unit in file.units)
    return f"{len(plan.files)} files with {rows} rows"


@dg.asset(
    deps=[delivery_contents],
    partitions_def=cases,
    **NODES["delivery"].words,
)
@guarded
def delivery(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Seals and hands over what is due; nothing when nothing is."""
    opened = desk.case(context.partition_key)
    plan = present_plan(desk, opened)
    made = deliver(desk, opened, plan)
    handed_over = handed_over_after_sealing(desk, desk.case(opened.number), SERVICE)
    send_by_themselves(desk, opened.number)
    after = desk.case(opened.number)
    shown_now = _shown(made, present_plan(desk, after))
    columns = columns_metadata(
        sealed_columns(desk, after, [file.source for file in plan.files] if made else []), lineage_of(desk, after)
    )
    report_case(desk, context.instance, after.number)
    return dg.MaterializeResult(metadata={**shown_now, "handed_over": handed_over, **columns})


def _shown(made: dict[str, Any] | None, after: DeliveryPlan) -> dict[str, Any]:
    if made is None:
        return {"delivery": "nothing was due", "awaited": len(after.awaited)}
    rows = [(file["name"], file["rows"], f"{file['sha256'][:12]}…") for file in made["files"]]
    return {
        "delivery": made["delivery"],
        "kind": made["kind"],
        "files": dg.MetadataValue.md(table(["file", "#rows", "SHA-256"], rows)),
        "dagster/row_count": sum(file["rows"] for file in made["files"]),
        "package": made["path"],
        "sealed_sha256": made["sealed_sha256"],
        "awaited": len(after.awaited),
    }
