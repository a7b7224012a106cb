"""Row flow (radflöde) as the page shows it: what came, linked and was dropped, as a picture, a table and sums.

What belongs here: the forms of a row flow. What must not: counting (samkorning.linkage).
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from assets.shown.tables import by_year, table
from samkorning.linkage.row_flow import RowFlow

NOT_COUNTED, NO_NUMBER = "not counted", "no readable number"
BAR_WIDTH, BAR_STEP, BARS = 290, 13, 5


def row_flow_metadata(flows: Sequence[RowFlow]) -> dict[str, Any]:
    """Row flows as a picture and a table, and the sums for the page's plots."""
    if not flows:
        return {}
    years = by_year(_shares_by_year(flows), "linked share by year")
    linked = sum(flow.linked for flow in flows)
    return {
        "rows_in": sum(flow.rows_in for flow in flows),
        "rows_linked": linked,
        "dagster/row_count": linked,
        **({"linked_share_by_year": dg.MetadataValue.md(years)} if years else {}),
        "row_flow": dg.MetadataValue.md(row_flow_picture(flows)),
        "row_flow_table": dg.MetadataValue.md(row_flow_table(flows)),
    }


def row_flow_table(flows: Sequence[RowFlow]) -> str:
    """One line a source and reason; of dropped rows also the persons behind them, as many as they are."""
    rows: list[tuple[str, int, int | str, str]] = []
    for flow in flows:
        rows += [(flow.source, flow.rows_in, "", "came"), (flow.source, flow.linked, "", "linked"), *_dropped(flow)]
        for what, columns in (("left blank", flow.blanks), ("read", flow.readings)):
            rows += [
                (flow.source, count, "", f"{column} {what}: {_words(reason)}")
                for column, counts in sorted(columns.items())
                for reason, count in sorted(counts.items())
            ]
    return table(["source", "#rows", "#persons", "what became of them"], rows)


def _dropped(flow: RowFlow) -> Iterator[tuple[str, int, int | str, str]]:
    lost = flow.lost
    for reason, count in sorted(flow.dropped.items()):
        persons = NOT_COUNTED if lost is None else lost.by_reason.get(reason, NO_NUMBER)
        yield flow.source, count, persons, f"dropped: {_words(reason)}"
    if lost is not None and len(flow.dropped) > 1:
        yield flow.source, sum(flow.dropped.values()), lost.in_all, "dropped in all"


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def row_flow_picture(flows: Sequence[RowFlow]) -> str:
    """A bar a source or register, linked rows dark and dropped ones light, small enough to be drawn in place."""
    shares = list(_linked_shares(flows).items())[:BARS]
    bars = "".join(_bar(BAR_STEP * position, name, share) for position, (name, share) in enumerate(shares))
    size = f'width="{BAR_WIDTH}" height="{BAR_STEP * len(shares)}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="9" {size}>{bars}</svg>'
    return f"![linked and dropped rows](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _shares_by_year(flows: Sequence[RowFlow]) -> dict[str, dict[int, float]]:
    """The share of rows that linked, by register and year; sources that have no years are left out."""
    shares: dict[str, dict[int, float]] = {}
    for flow in flows:
        name, _, year = flow.source.partition(" ")
        if year.isdigit():
            shares.setdefault(name, {})[int(year)] = flow.linked_share
    return shares


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
