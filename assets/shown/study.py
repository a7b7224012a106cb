"""What the page shows of a study that the service drew: its attrition, and how like their controls the cases are.

What belongs here: tables and one small picture of counts and shares. What must not: drawing, or any value of a person.
"""

import base64
from collections.abc import Sequence
from typing import Any

import dagster as dg
import polars as pl

from samkorning.persons.attrition import AttritionStep, in_words

SHOWN = 8
"""Rows of the balance with the largest differences; the whole table leaves with the delivery."""
LEFT, WIDTH, STEP, WIDEST = 120, 160, 13, 0.5


def study_metadata(steps: Sequence[AttritionStep], balance: pl.DataFrame | None) -> dict[str, Any]:
    """Nothing for a population that was sent and has no controls or relatives."""
    shown: dict[str, Any] = {}
    if steps:
        shown["attrition"] = dg.MetadataValue.md(attrition_table(steps))
    if balance is not None and not balance.is_empty():
        furthest = _furthest(balance)
        shown["balance"] = dg.MetadataValue.md(balance_picture(furthest))
        shown["balance_table"] = dg.MetadataValue.md(balance_table(furthest))
    return shown


def attrition_table(steps: Sequence[AttritionStep]) -> str:
    """One line a criterion, in their order."""
    lines = ["| of | criterion | persons left | removed |", "|---|---|---:|---:|"]
    lines += [f"| {' | '.join(row)} |" for row in in_words(steps)]
    return "\n".join(lines)


def balance_table(balance: pl.DataFrame) -> str:
    """Cases, those who could be drawn and those who were, and how far each is from the cases."""
    lines = [
        "| of | level | cases | eligible | drawn | difference before | after |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in balance.iter_rows(named=True):
        numbers = [_rounded(row[name]) for name in ("cases", "eligible", "drawn", *DIFFERENCES)]
        lines.append(f"| {row['column']} | {row['level'] or 'mean'} | {' | '.join(numbers)} |")
    return "\n".join(lines)


DIFFERENCES = ("difference_before", "difference_after")


def balance_picture(balance: pl.DataFrame) -> str:
    """A line a level: the standardised difference before drawing as a ring, after it as a dot; the middle is none."""
    lines = "".join(_line(STEP * place, row) for place, row in enumerate(balance.iter_rows(named=True)))
    height, middle = STEP * balance.height, LEFT + WIDTH // 2
    axis = f'<path stroke="#999" d="M{middle} 0v{height}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="9" width="{LEFT + WIDTH}" height="{height}">'
    encoded = base64.b64encode(f"{svg}{axis}{lines}</svg>".encode()).decode()
    return f"![differences before and after drawing](data:image/svg+xml;base64,{encoded})"


def _line(top: int, row: dict[str, Any]) -> str:
    name = f"{row['column']} {row['level'] or ''}".strip()[:22]
    marks = ""
    for difference, look in zip(DIFFERENCES, ('fill="none" stroke="#246"', 'fill="#246"'), strict=True):
        if row[difference] is not None:
            place = LEFT + WIDTH / 2 * (1 + max(-1.0, min(1.0, row[difference] / WIDEST)))
            marks += f'<circle cx="{place:.0f}" cy="{top + 6}" r="3" {look}/>'
    return f'<text y="{top + 9}">{name}</text>{marks}'


def _furthest(balance: pl.DataFrame) -> pl.DataFrame:
    return balance.sort(pl.col("difference_before").abs(), descending=True, nulls_last=True).head(SHOWN)


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
