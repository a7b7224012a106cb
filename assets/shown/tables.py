"""Tables and small pictures in the form that the page draws in place.

What belongs here: Markdown tables, spark lines and lines by year, of names and numbers. What must not: what is shown
where.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

WIDTH, HEIGHT, LEFT, STEP = 200, 26, 90, 30
COLOURS = ("#246", "#a52", "#283", "#838", "#066")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; columns whose name begins with `#` hold numbers and stand to the right.

    A table without rows is one line that says so.
    """
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    if not lines:
        return "none"
    names = " | ".join(name.removeprefix("#") for name in head)
    rule = "|".join("---:" if name.startswith("#") else "---" for name in head)
    return "\n".join([f"| {names} |", f"|{rule}|", *lines])


def spark_line(values: Sequence[float], said: str) -> str:
    """The values of the last runs as a line, oldest first, the newest as a dot."""
    if not values:
        return "no run yet"
    top = max(*values, 1)
    step = WIDTH / max(len(values) - 1, 1)
    points = [(4 + step * place, 3 + (HEIGHT - 6) * (1 - value / top)) for place, value in enumerate(values)]
    if len(values) == 1:
        points = [(4, points[0][1])]
    last = points[-1]
    drawn = _line(points, COLOURS[0]) + f'<circle cx="{last[0]:.0f}" cy="{last[1]:.0f}" r="3" fill="{COLOURS[0]}"/>'
    return _picture(said, WIDTH + 8, HEIGHT, drawn) + f" {values[-1]:g}"


def by_year(lines: Mapping[str, Mapping[int, float]], said: str) -> str:
    """A share between 0 and 1 by year: one line a name, 100 % on top; nothing where no year is known."""
    years = sorted({year for points in lines.values() for year in points})
    if not years:
        return ""
    wide = max(years[-1] - years[0], 1)
    drawn = ""
    for place, (name, points) in enumerate(list(lines.items())[: len(COLOURS)]):
        colour, top = COLOURS[place], STEP * place
        at = [
            (LEFT + WIDTH * (year - years[0]) / wide, top + 22 - 18 * share) for year, share in sorted(points.items())
        ]
        dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2" fill="{colour}"/>' for x, y in at)
        drawn += f'<text y="{top + 16}">{escape(name[:14])}</text>{_line(at, colour)}{dots}'
    height = STEP * min(len(lines), len(COLOURS))
    return _picture(f"{said}, {years[0]} to {years[-1]}", LEFT + WIDTH + 8, height, drawn)


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}"/>' if len(points) > 1 else ""


def _picture(said: str, width: int, height: int, drawn: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="9" width="{width}" height="{height}">{drawn}</svg>'
    return f"![{said}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("|", "\\|").replace("\n", " ")
