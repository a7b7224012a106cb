"""The charts of the report, as they are to be drawn: row flow, linkage shares, population pyramid; and lines.

What belongs here: Vega-Lite specifications. What must not: drawing them (finishing), and counts that are not shown
elsewhere too.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from samkorning.delivery.report.finishing import Chart

_COLOURS = ("#1b6ca8", "#d98c2b", "#8a5a9e", "#6c8a3a", "#b5483a", "#5f6b73", "#c2a83e", "#3e9a94")
_CONFIG = {
    "font": "DejaVu Sans, sans-serif",
    "axis": {"labelFontSize": 10, "titleFontSize": 10, "labelLimit": 220, "grid": True, "gridColor": "#e4e7ea"},
    "legend": {"labelFontSize": 10, "titleFontSize": 10, "orient": "bottom", "columns": 3, "labelLimit": 260},
    "view": {"stroke": None},
}

_WHOLE_NUMBERS = {
    "labelExpr": "replace(format(abs(datum.value), ',.0f'), /,/g, '\u00a0')",
    "tickMinStep": 1,
    "tickCount": 6,
    "labelOverlap": True,
}

Row = Mapping[str, str | float | int]


def bars(
    name: str, rows: Sequence[Row], order: Sequence[str], kinds: Sequence[str], title: str, *, percent: bool = False
) -> Chart:
    """Lying bars, one for each ``of`` in ``order``, made of the ``value`` of each of ``kinds``."""
    value: dict[str, Any] = {"field": "value", "type": "quantitative", "title": title}
    value |= {"axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}} if percent else {"axis": _WHOLE_NUMBERS}
    return _chart(
        name,
        {
            "data": {"values": [dict(row) for row in rows]},
            "width": 430,
            "height": {"step": 18},
            "mark": {"type": "bar", "height": 12},
            "encoding": {
                "y": {"field": "of", "type": "nominal", "sort": list(order), "title": None},
                "x": value,
                "color": _colour(kinds, legend=len(kinds) > 1),
                "order": {"field": "place", "type": "quantitative"},
            },
        },
    )


def lines(name: str, rows: Sequence[Row], order: Sequence[str], kinds: Sequence[str], title: str) -> Chart:
    """A line for each of ``kinds`` over the values of ``of`` in ``order``, from nought up."""
    along = {"labelAngle": -45, "labelOverlap": True}
    return _chart(
        name,
        {
            "data": {"values": [dict(row) for row in rows]},
            "width": 560,
            "height": 240,
            "mark": {"type": "line", "point": len(order) < 40},
            "encoding": {
                "x": {"field": "of", "type": "ordinal", "sort": list(order), "title": None, "axis": along},
                "y": {"field": "value", "type": "quantitative", "title": title, "axis": {"tickCount": 6}},
                "color": _colour(kinds, legend=len(kinds) > 1),
            },
        },
    )


def pyramid(name: str, rows: Sequence[Row], ages: Sequence[str], kinds: tuple[str, str], title: str) -> Chart:
    """Persons by age, the first of ``kinds`` to the left and the second to the right; the oldest on top."""
    return _chart(
        name,
        {
            "data": {"values": [dict(row) for row in rows]},
            "width": 430,
            "height": {"step": 20},
            "transform": [
                {"calculate": f"datum.kind == {json.dumps(kinds[0])} ? -datum.value : datum.value", "as": "to"}
            ],
            "mark": {"type": "bar", "height": 15},
            "encoding": {
                "y": {"field": "of", "type": "nominal", "sort": list(reversed(ages)), "title": None},
                "x": {
                    "field": "to",
                    "type": "quantitative",
                    "title": title,
                    "axis": _WHOLE_NUMBERS,
                },
                "color": _colour(kinds, legend=True),
            },
        },
    )


def _colour(kinds: Sequence[str], *, legend: bool) -> dict[str, Any]:
    colours = [_COLOURS[place % len(_COLOURS)] for place in range(len(kinds))]
    scale = {"domain": list(kinds), "range": colours}
    shown = {"title": None} if legend else None
    return {"field": "kind", "type": "nominal", "scale": scale, "legend": shown}


def _chart(name: str, specification: dict[str, Any]) -> Chart:
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": _CONFIG, **specification}
    return Chart(name, json.dumps(whole, sort_keys=True))
