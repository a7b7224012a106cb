"""Linked sources: every received file and every own-register year under serial numbers, with its row flow.

What belongs here: one asset a source class, and the checks that hold them. What must not: the linkage itself
(samkorning.linkage, samkorning.own_registers.extraction).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import dagster as dg

from assets.checks import Look, outcome
from assets.graph import cases
from assets.guard import guarded
from assets.holders import holder_asset
from assets.persons import code_key
from assets.river import NODES
from assets.shown.columns import columns_metadata
from assets.shown.last_runs import last_runs
from assets.shown.row_flow import row_flow_metadata
from assets.steps.case_view import ledger_rows
from assets.steps.columns import lineage_of, linked_columns
from assets.steps.linkage.linked_units import row_flow
from assets.steps.linkage.linking import link_own_register_year, link_source
from assets.steps.linkage.none_linked import none_linked
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.ledger import LedgerRow
from samkorning.case.none_linked import is_let_pass
from samkorning.linkage.row_flow import RowFlow
from samkorning.order import SourceClass

CHECKS = {
    "linkage_rate": "Does as large a share of the rows of each file link as the specification says at least, and any?",
    "row_flow_adds_up": "Is every row that came either linked or dropped for a named reason?",
}


def linked_asset(source_class: SourceClass) -> dg.AssetsDefinition:
    """The asset of one source class; the files of the class live inside it."""
    origin, name = _named(source_class)

    @dg.asset(
        name=name,
        deps=[code_key, dg.AssetKey(origin)],
        partitions_def=cases,
        **NODES[name].words,
        check_specs=_check_specs(name),
    )
    @guarded
    def linked(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
        opened = desk.case(context.partition_key)
        sources = opened.specification.of_class(source_class)
        rows = {row.unit.source: row for row in ledger_rows(desk, opened)}
        for source in sources:
            link_source(desk, opened, source, rows[source.name])
        limits = {source.name: source.linked_share_at_least for source in sources}
        return _result(context, desk, opened, [rows[source.name] for source in sources], limits)

    return linked


def _named(source_class: SourceClass) -> tuple[str, str]:
    """Where a class comes from, and the name of its asset."""
    if source_class is SourceClass.OWN:
        return "population", "linked_study"
    return holder_asset(source_class), f"linked_{source_class}"


def _check_specs(name: str) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(check, asset=name, blocking=True, description=asked) for check, asked in CHECKS.items()]


@dg.asset(
    deps=[code_key, dg.AssetKey("own_registers"), dg.AssetKey("linked_study")],
    partitions_def=cases,
    **NODES["linked_own_register"].words,
    check_specs=_check_specs("linked_own_register"),
)
@guarded
def linked_own_register(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Extracts every register year that is due."""
    opened = desk.case(context.partition_key)
    registers = {own.name: own for own in opened.specification.own_registers}
    rows = [row for row in ledger_rows(desk, opened) if row.unit.source in registers]
    for row in rows:
        link_own_register_year(desk, opened, registers[row.unit.source], row)
    return _result(context, desk, opened, rows, {})


linked_assets = [*(linked_asset(source_class) for source_class in SourceClass), linked_own_register]


def _result(
    context: dg.AssetExecutionContext, desk: Desk, opened: Case, rows: Sequence[LedgerRow], limits: dict[str, float]
) -> dg.MaterializeResult:
    """What the page shows of the sources: all that have been linked, in this run or before."""
    statuses = dict(Counter(f"units {row.status}".replace("_", " ") for row in rows))
    flows = [flow for row in rows if (flow := row_flow(desk, opened, row.unit)) is not None]
    node = context.asset_key.to_user_string()
    linked_now = sum(flow.linked for flow in flows)
    columns = columns_metadata(linked_columns(desk, opened, node), lineage_of(desk, opened))
    last = {"last_runs": last_runs(context, "rows_linked", linked_now)} if flows else {}
    found = none_linked(desk, opened, rows)
    waiting = {name: came for name, came in found.items() if not is_let_pass(opened, name)}
    return dg.MaterializeResult(
        metadata={**statuses, **row_flow_metadata(flows), **last, **columns},
        check_results=[_linkage_rate(desk, opened, flows, limits, waiting), _adds_up(desk, opened, flows)],
    )


def _linkage_rate(
    desk: Desk, opened: Case, flows: Sequence[RowFlow], limits: Mapping[str, float], waiting: Mapping[str, int]
) -> dg.AssetCheckResult:
    """
    :param waiting: the files of which no row links, which nobody has let pass, with how many rows came.
    """
    shares = {flow.source: flow.linked_share for flow in flows}
    below = {name: share for name, share in shares.items() if share < limits.get(name, 0.0)}
    said = [f"of {name} {share:.1%} linked, at least {limits[name]:.1%} are to" for name, share in below.items()]
    said += [f"of the {came} rows of {name} none link" for name, came in waiting.items()]
    lowest = f"; the lowest share is {min(shares.values()):.1%}" if shares else ""
    looked = Look(f"{len(flows)} linked files and years, {sum(flow.rows_in for flow in flows)} rows{lowest}", said)
    return outcome(
        desk,
        opened,
        "linkage_rate",
        looked,
        {name: round(share, 4) for name, share in below.items()} | dict.fromkeys(waiting, 0.0),
        {f"linked share of {name}": round(share, 4) for name, share in shares.items()},
    )


def _adds_up(desk: Desk, opened: Case, flows: Sequence[RowFlow]) -> dg.AssetCheckResult:
    unexplained = {flow.source: flow.unexplained for flow in flows if flow.unexplained}
    said = [f"{rows} rows of {name} were neither linked nor dropped for a reason" for name, rows in unexplained.items()]
    looked = Look(f"{sum(flow.rows_in for flow in flows)} rows of {len(flows)} linked files and years", said)
    return outcome(desk, opened, "row_flow_adds_up", looked, unexplained)
