"""The charts of the report, as SVG that stands in the page: row flow, linkage shares, population pyramid; and lines.

What belongs here: Vega-Lite specifications and drawing them. What must not: counts that are not shown elsewhere too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_COLOURS = ("#1b6ca8", "#d98c2b", "#8a5a9e", "#6c8a3a", "#b5483a", "#5f6b73", "#c2a83e", "#3e9a94")
_CONFIG = {
    "font": "DejaVu Sans, sans-serif",
    "axis": {"labelFontSize": 10, "titleFontSize": 10, "labelLimit": 220, "grid": True, "gridColor": "#e4e7ea"},
    "legend": {"labelFontSize": 10, "titleFontSize": 10, "orient": "bottom", "columns": 3, "labelLimit": 260},
    "view": {"stroke": None},
}
_FRACTION = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_IDENTIFIER = re.compile(r'\bid="([^"]+)"')

_WHOLE_NUMBERS = {
    "labelExpr": "replace(format(abs(datum.value), ',.0f'), /,/g, '\u00a0')",
    "tickMinStep": 1,
    "tickCount": 6,
    "labelOverlap": True,
}

Row = Mapping[str, str | float | int]


def bars(
    name: str, rows: Sequence[Row], order: Sequence[str], kinds: Sequence[str], title: str, *, percent: bool = False
) -> str:
    """Lying bars, one for each ``of`` in ``order``, made of the ``value`` of each of ``kinds``."""
    value: dict[str, Any] = {"field": "value", "type": "quantitative", "title": title}
    value |= {"axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}} if percent else {"axis": _WHOLE_NUMBERS}
    return _drawn(
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


def lines(name: str, rows: Sequence[Row], order: Sequence[str], kinds: Sequence[str], title: str) -> str:
    """A line for each of ``kinds`` over the values of ``of`` in ``order``, from nought up."""
    along = {"labelAngle": -45, "labelOverlap": True}
    return _drawn(
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


def pyramid(name: str, rows: Sequence[Row], ages: Sequence[str], kinds: tuple[str, str], title: str) -> str:
    """Persons by age, the first of ``kinds`` to the left and the second to the right; the oldest on top."""
    return _drawn(
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


def _drawn(name: str, specification: dict[str, Any]) -> str:
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": _CONFIG, **specification}
    return _svg(name, json.dumps(whole, sort_keys=True))


@lru_cache(maxsize=32)
def _svg(name: str, specification: str) -> str:
    """The chart; drawn once for page and print. Identifiers are told from those of the other charts of the page, and
    fractions are cut to a tenth of a point: nobody sees more, and long rows of digits look like numbers of persons.
    """
    import vl_convert

    svg = str(vl_convert.vegalite_to_svg(specification))
    svg = _FRACTION.sub(lambda found: f"{float(found[0]):.1f}", svg)
    for identifier in sorted(set(_IDENTIFIER.findall(svg)), key=len, reverse=True):
        svg = svg.replace(f'id="{identifier}"', f'id="{name}-{identifier}"').replace(
            f"#{identifier})", f"#{name}-{identifier})"
        )
    return svg.replace("<svg ", '<svg role="img" ', 1)
