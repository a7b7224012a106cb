"""Linked sources: every received file and every own-register year under serial numbers, with its row flow.

What belongs here: one asset a source class, and the checks that hold them. What must not: the linkage itself
(samkorning.linkage, samkorning.own_registers.extraction).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg

from assets.checks import outcome
from assets.graph import LINKAGE, cases, column_lineage_metadata, row_flow_metadata
from assets.guard import guarded
from assets.holders import holder_asset
from assets.persons import code_key
from assets.steps.case_view import ledger_rows
from assets.steps.linkage.linking import link_own_register_year, link_source, row_flow
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.ledger import LedgerRow
from samkorning.order import OwnRegister, Source, SourceClass
from samkorning.own_registers.identifier_columns import delivered_variables

CHECKS = ("linkage_rate", "row_flow_adds_up")


def linked_asset(source_class: SourceClass) -> dg.AssetsDefinition:
    """The asset of one source class; the files of the class live inside it."""
    origin, name, description = _shown_as(source_class)

    @dg.asset(
        name=name,
        deps=[code_key, dg.AssetKey(origin)],
        partitions_def=cases,
        group_name=LINKAGE,
        description=description,
        check_specs=[dg.AssetCheckSpec(check, asset=name, blocking=True) for check in CHECKS],
    )
    @guarded
    def linked(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
        opened = desk.case(context.partition_key)
        sources = opened.specification.of_class(source_class)
        rows = {row.unit.source: row for row in ledger_rows(desk, opened)}
        for source in sources:
            link_source(desk, opened, source, rows[source.name])
        lineage = column_lineage_metadata(dict(_source_lineage(origin, sources)))
        limits = {source.name: source.linked_share_at_least for source in sources}
        return _result(desk, opened, [rows[source.name] for source in sources], lineage, limits)

    return linked


def _shown_as(source_class: SourceClass) -> tuple[str, str, str]:
    """Where a class comes from, its asset's name and description."""
    if source_class is SourceClass.OWN:
        return "population", "linked_study", "Who is in the study, as the service drew it, under serial numbers."
    text = f"Files of class {source_class} under serial numbers; awaited until they come."
    return holder_asset(source_class), f"linked_{source_class}", text


@dg.asset(
    deps=[code_key, dg.AssetKey("own_registers"), dg.AssetKey("linked_study")],
    partitions_def=cases,
    group_name=LINKAGE,
    description="Extracts from the own registers, year by year, for the persons of the population.",
    check_specs=[dg.AssetCheckSpec(name, asset="linked_own_register", blocking=True) for name in CHECKS],
)
@guarded
def linked_own_register(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Extracts every register year that is due."""
    opened = desk.case(context.partition_key)
    registers = {own.name: own for own in opened.specification.own_registers}
    rows = [row for row in ledger_rows(desk, opened) if row.unit.source in registers]
    for row in rows:
        link_own_register_year(desk, opened, registers[row.unit.source], row)
    return _result(desk, opened, rows, column_lineage_metadata(dict(_own_lineage(desk, registers.values()))), {})


linked_assets = [*(linked_asset(source_class) for source_class in SourceClass), linked_own_register]


def _result(
    desk: Desk, opened: Case, rows: Sequence[LedgerRow], lineage: dict[str, Any], limits: dict[str, float]
) -> dg.MaterializeResult:
    """What the page shows of the sources: all that have been linked, in this run or before."""
    statuses = dict(Counter(f"units {row.status}".replace("_", " ") for row in rows))
    flows = [flow for row in rows if (flow := row_flow(desk, opened, row.unit)) is not None]
    shares = {flow.source: flow.linked_share for flow in flows}
    below = [flow.source for flow in flows if flow.linked_share < limits.get(flow.source, 0.0)]
    unexplained = {flow.source: flow.unexplained for flow in flows if flow.unexplained}
    return dg.MaterializeResult(
        metadata={**statuses, **row_flow_metadata(flows), **lineage},
        check_results=[
            outcome(desk, opened, "linkage_rate", not below, shares, {name: shares[name] for name in below}),
            outcome(desk, opened, "row_flow_adds_up", not unexplained, unexplained, unexplained),
        ],
    )


def _source_lineage(origin: str, sources: Iterable[Source]) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    for source in sources:
        for identifier in source.identifiers:
            columns = [(origin, f"{source.name}.{identifier.column}"), ("code_key", "serial_number")]
            yield f"{source.name}.{identifier.serial_name}", columns
        for column in source.delivered_columns:
            yield f"{source.name}.{column}", [(origin, f"{source.name}.{column}")]


def _own_lineage(desk: Desk, registers: Iterable[OwnRegister]) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    for own in registers:
        yield f"{own.name}.{own.serial_name}", [("own_registers", f"{own.name}.number"), ("code_key", "serial_number")]
        names = delivered_variables(own, desk.catalogue.find(own.register_name))
        for variable, name in zip(own.variables, names, strict=True):
            replaced = [("code_key", "serial_number")] if name != variable else []
            yield f"{own.name}.{name}", [("own_registers", f"{own.name}.{variable}"), *replaced]
