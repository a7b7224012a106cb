"""From a page whose charts are places to the files of a report: charts drawn as SVG, pages printed.

What belongs here: what takes time and needs nothing of a delivery but the page. What must not: what stands on it. It is
done here or in a process beside (beside), which loads no more of the service than this module.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from samkorning.delivery.report.printing import printed

_FRACTION = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_IDENTIFIER = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Chart:
    """A chart as Vega-Lite has it. As text it is its place in a page: a comment, which no escaped text can hold."""

    name: str
    specification: str

    def __str__(self) -> str:
        return f"<!--chart {self.name}-->"

    def drawn(self) -> str:
        """The chart as SVG."""
        return _svg(self.name, self.specification)


@dataclass(frozen=True)
class Draft:
    """A page whose charts are places, and the files that it becomes: their names, nothing where they are not made.

    ``identifier`` is what tells its print from others.
    """

    page: str
    charts: tuple[Chart, ...]
    html: str | None = None
    pdf: str | None = None
    identifier: str = ""

    def drawn(self) -> str:
        """The page with its charts."""
        page = self.page
        for chart in self.charts:
            page = page.replace(str(chart), chart.drawn())
        return page


def finished(drafts: Sequence[Draft]) -> dict[str, bytes]:
    """The files of some pages, by name."""
    found: dict[str, bytes] = {}
    for draft in drafts:
        page = draft.drawn()
        if draft.html is not None:
            found[draft.html] = page.encode()
        if draft.pdf is not None:
            found[draft.pdf] = printed(page, draft.identifier)
    return found


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
