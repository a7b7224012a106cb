"""Delivery contents and the delivery itself.

What belongs here: what goes out next, the checks that block it, and sealing it. What must not: choosing
(samkorning.case.plan), rendering and sealing (samkorning.delivery), or whether it may leave (samkorning.case.rules).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from assets.graph import DELIVERY, cases
from assets.guard import guarded
from assets.linked import linked_assets
from assets.steps import stores
from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.delivery.scanning import leaks
from assets.steps.linkage.linking import delivered_columns
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.plan import DeliveryPlan, PlannedFile
from samkorning.linkage import bearable_rows, in_order
from samkorning.linkage.streams import streamed
from samkorning.machine.progress import Work, counted
from samkorning.order import PERSON_SERIES


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
    for file in plan.files:
        store = stores.contents(desk, opened, file.name)
        store.replace(_rows_of(desk, opened, file), facts={"delivery": plan.number, "units": len(file.units)})
    return dg.MaterializeResult(
        metadata={
            "delivery": plan.number if plan.files else "nothing is due",
            "files": len(plan.files),
            "rows": sum(unit.rows for file in plan.files for unit in file.units),
            "unchanged": len(plan.unchanged),
            "awaited": len(plan.awaited),
        }
    )


def _rows_of(desk: Desk, opened: Case, file: PlannedFile) -> pl.LazyFrame:
    """The rows of a file in order; they are sorted as they are written."""
    columns = delivered_columns(opened, file.source)
    units = [stores.linked(desk, opened, unit.unit).parts() for unit in file.units]
    most_rows = bearable_rows(len(columns), desk.settings.memory)

    def batches() -> Iterator[pl.DataFrame]:
        for ordered in in_order(units, columns, most_rows):
            yield ordered.rows

    def watched() -> Iterator[pl.DataFrame]:
        with desk.progress.of(Work.ORDERING, sum(unit.rows for unit in file.units)) as advance:
            yield from counted(batches(), advance)

    return streamed(watched, units[0][0].rows.select(columns).collect_schema())


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def no_identity_number(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Stops the delivery when anything of it holds an identity number: cells, names, labels, documents."""
    opened = desk.case(context.partition_key)
    found = leaks(desk, opened, present_plan(desk, opened))
    counts = {f"{each.file}.{each.column} ({each.spelling})": each.rows for each in found}
    return dg.AssetCheckResult(passed=not found, metadata={"columns": len(found), **counts})


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def specification_kept(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Stops the delivery when a file has other columns or other rows than specified and linked (R09)."""
    opened = desk.case(context.partition_key)
    broken = [file.name for file in present_plan(desk, opened).files if not _as_specified(desk, opened, file)]
    return dg.AssetCheckResult(passed=not broken, metadata={"files_that_differ": len(broken)})


def _as_specified(desk: Desk, opened: Case, file: PlannedFile) -> bool:
    store = stores.contents(desk, opened, file.name)
    latest = store.latest()
    columns = store.scan().collect_schema().names()
    return (
        latest is not None
        and latest.rows == sum(unit.rows for unit in file.units)
        and columns == delivered_columns(opened, file.source)
    )


@dg.asset_check(asset=delivery_contents, blocking=True, partitions_def=cases)
@guarded
def serial_numbers_in_code_key(
    context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]
) -> dg.AssetCheckResult:
    """Stops the delivery when a serial number in it is not in the code key."""
    opened = desk.case(context.partition_key)
    strangers = sum(_strangers(desk, opened, file) for file in present_plan(desk, opened).files)
    return dg.AssetCheckResult(passed=strangers == 0, metadata={"serial_numbers_not_in_code_key": strangers})


def _strangers(desk: Desk, opened: Case, file: PlannedFile) -> int:
    """Serial numbers of a file that are not in the code key of their series."""
    rows = stores.contents(desk, opened, file.name).scan()
    found = 0
    for name, series in serial_columns(opened, file):
        serials = rows.select(pl.col(name).alias("serial_number")).drop_nulls().unique()
        strange = serials.join(stores.code_key_rows(desk, opened, series), on="serial_number", how="anti")
        found += strange.select(pl.len()).collect().item()
    return found


def serial_columns(opened: Case, file: PlannedFile) -> list[tuple[str, str]]:
    """The columns of a file that hold serial numbers, and their series."""
    source = opened.specification.source(file.source)
    if source is None:
        return [(delivered_columns(opened, file.source)[0], PERSON_SERIES)]
    return [(identifier.serial_name, identifier.identifies.series) for identifier in source.identifiers]


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
