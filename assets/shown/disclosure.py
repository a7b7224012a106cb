"""What the page shows of the disclosure risk of what is to be delivered: a table of groups, and a small picture.

What belongs here: counts of persons by form of the quasi-identifiers. What must not: reckoning, or any value of a row.
"""

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import dagster as dg

from samkorning.delivery.disclosure import FileDisclosure, GroupFigures, told_together
from samkorning.delivery.disclosure.coarser import AS_DELIVERED

LEFT, WIDTH, STEP, BARS, LETTERS = 120, 170, 13, 5, 22
LOOKS = (("#ccd", ""), ("#89b", "10"), ("#46a", "5"), ("#c33", "2"))
"""All persons, those in groups under ten and under five, and those who are alone."""


def disclosure_metadata(found: Sequence[FileDisclosure]) -> dict[str, Any]:
    """Nothing where no quasi-identifiers are named."""
    if not found:
        return {}
    return {
        "smallest_group": min(each.figures.k or 0 for each in found),
        "persons_alone": max(each.figures.unique for each in found),
        **_section("disclosure", [each for each in found if not each.is_of_all]),
        **_section("disclosure_together", [each for each in found if each.is_of_all]),
    }


def _section(name: str, found: Sequence[FileDisclosure]) -> dict[str, Any]:
    """A picture and a table; of all files together also what they are of."""
    if not found:
        return {}
    said = "".join(f"{line}\n\n" for each in found for line in told_together(each))
    return {
        name: dg.MetadataValue.md(disclosure_picture(found)),
        f"{name}_table": dg.MetadataValue.md(said + disclosure_table(found)),
    }


def disclosure_table(found: Iterable[FileDisclosure]) -> str:
    """One line a form of each file's quasi-identifiers."""
    lines = [
        "| file | quasi-identifiers | persons | smallest group | alone | in groups under 3 | 5 | 10 |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for each in found:
        lines += [f"| {each.file} | {form} | {' | '.join(_cells(figures))} |" for form, figures in forms(each)]
    return "\n".join(lines)


def forms(found: FileDisclosure) -> list[tuple[str, GroupFigures]]:
    """The file as it is to be delivered, and each other form."""
    first = (f"{', '.join(found.columns)} {AS_DELIVERED}", found.figures)
    return [first, *((f"{each.column}: {each.how}", each.figures) for each in found.alternatives)]


def disclosure_picture(found: Sequence[FileDisclosure]) -> str:
    """A bar a form: the share of persons who are alone dark red, of those in small groups blue, small enough to be
    drawn in place; the forms with the fewest in groups under five.
    """
    bars = [(f"{_called(each)}{form}", figures) for each in found for form, figures in _fewest(each)][:BARS]
    drawn = "".join(_bar(STEP * place, name, figures) for place, (name, figures) in enumerate(bars))
    size = f'width="{LEFT + WIDTH}" height="{STEP * len(bars)}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="8" {size}>{drawn}</svg>'
    encoded = base64.b64encode(svg.encode()).decode()
    return f"![persons alone and in small groups](data:image/svg+xml;base64,{encoded})"


def _called(found: FileDisclosure) -> str:
    """The columns of all files together are called by their file."""
    return "" if found.is_of_all else f"{found.source} "


def _fewest(found: FileDisclosure) -> list[tuple[str, GroupFigures]]:
    """As delivered, and the two other forms that leave the fewest persons in groups under five."""
    others = sorted(found.alternatives, key=lambda each: each.figures.in_groups_under["5"])
    return [(AS_DELIVERED, found.figures), *((f"{each.column} {each.how}", each.figures) for each in others[:2])]


def _bar(top: int, name: str, figures: GroupFigures) -> str:
    counts = {"": figures.persons, "2": figures.unique, **figures.in_groups_under}
    paths = (
        f'<path fill="{look}" d="M{LEFT} {top}h{round(WIDTH * counts[limit] / max(figures.persons, 1))}v9H{LEFT}z"/>'
        for look, limit in LOOKS
    )
    return f'<text y="{top + 8}">{escape(name[:LETTERS])}</text>{"".join(paths)}'


def _cells(figures: GroupFigures) -> list[str]:
    smallest = "" if figures.k is None else str(figures.k)
    return [str(figures.persons), smallest, str(figures.unique), *map(str, figures.in_groups_under.values())]
