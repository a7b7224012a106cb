"""What all assets of the graph share: the case partitions, groups and the small forms in which counts are shown.

What belongs here: names and shapes for the Dagster page. What must not: work on a case.
"""

import base64
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from samkorning.linkage.row_flow import RowFlow

CASE_PARTITIONS = "case"
# Checks of partitioned assets need a partitions_def of their own, which Dagster still calls a preview.
warnings.filterwarnings("ignore", message="Specifying a partitions_def", category=dg.PreviewWarning)

cases = dg.DynamicPartitionsDefinition(name=CASE_PARTITIONS)

HOLDERS, CASE, PERSONS, LINKAGE, DELIVERY = "holders", "case", "persons", "linkage", "delivery"
BAR_WIDTH, BAR_STEP, BARS = 290, 13, 5


def row_flow_metadata(flows: Sequence[RowFlow]) -> dict[str, Any]:
    """Row flows as a picture and a table, and the sums for the page's plots."""
    if not flows:
        return {}
    return {
        "rows_in": sum(flow.rows_in for flow in flows),
        "rows_linked": sum(flow.linked for flow in flows),
        "row_flow": dg.MetadataValue.md(row_flow_picture(flows)),
        "row_flow_table": dg.MetadataValue.md(row_flow_table(flows)),
    }


def row_flow_table(flows: Sequence[RowFlow]) -> str:
    """One line a source and reason."""
    lines = ["| source | rows | what became of them |", "|---|---:|---|"]
    for flow in flows:
        lines.append(f"| {flow.source} | {flow.rows_in} | came |")
        lines.append(f"| {flow.source} | {flow.linked} | linked |")
        lines += [f"| {flow.source} | {rows} | dropped: {reason} |" for reason, rows in sorted(flow.dropped.items())]
        for column, reasons in sorted(flow.blanks.items()):
            lines += [
                f"| {flow.source} | {rows} | {column} left blank: {reason} |"
                for reason, rows in sorted(reasons.items())
            ]
        for column, counts in sorted(flow.readings.items()):
            lines += [f"| {flow.source} | {rows} | {column} read: {how} |" for how, rows in sorted(counts.items())]
    return "\n".join(lines)


def row_flow_picture(flows: Sequence[RowFlow]) -> str:
    """A bar a source or register, linked rows dark and dropped ones light, small enough to be drawn in place."""
    shares = list(_linked_shares(flows).items())[:BARS]
    bars = "".join(_bar(BAR_STEP * position, name, share) for position, (name, share) in enumerate(shares))
    size = f'width="{BAR_WIDTH}" height="{BAR_STEP * len(shares)}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="9" {size}>{bars}</svg>'
    return f"![linked and dropped rows](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _linked_shares(flows: Sequence[RowFlow]) -> dict[str, float]:
    """The share of rows that linked, by source; the years of a register together."""
    rows: dict[str, int] = {}
    linked: dict[str, int] = {}
    for flow in flows:
        name = flow.source.split(" ")[0]
        rows[name] = rows.get(name, 0) + flow.rows_in
        linked[name] = linked.get(name, 0) + flow.linked
    return {name: linked[name] / rows[name] if rows[name] else 1.0 for name in rows}


def _bar(top: int, name: str, share: float) -> str:
    whole = f'<path fill="#ccd" d="M90 {top}h200v9h-200z"/>'
    return f'<text y="{top + 8}">{name[:14]}</text>{whole}<path fill="#246" d="M90 {top}h{round(200 * share)}v9H90z"/>'


def column_lineage_metadata(columns: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Any]:
    """Where each delivered column comes from: for Dagster's lineage, and as a table that the page shows.

    :param columns: delivered column → pairs of asset and column that it is made from.
    """
    lineage = {
        name: [dg.TableColumnDep(asset_key=dg.AssetKey(asset), column_name=column) for asset, column in origins]
        for name, origins in columns.items()
    }
    lines = ["| delivered | from |", "|---|---|"]
    lines += [
        f"| {name} | {', '.join(f'{asset}.{column}' for asset, column in origins)} |"
        for name, origins in columns.items()
    ]
    return {
        "dagster/column_lineage": dg.TableColumnLineage(lineage),
        "column_lineage_table": dg.MetadataValue.md("\n".join(lines)),
    }
