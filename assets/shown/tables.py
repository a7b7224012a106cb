"""Tables and small pictures in the form that the page draws in place.

What belongs here: Markdown tables, spark lines and lines by year, of names and numbers. What must not: what is shown
where.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

WIDTH, HEIGHT, LEFT, STEP = 200, 26, 90, 30
IN_PLACE = 950
"""Characters of Markdown that the page draws in place; what is longer stands behind a link."""
UNBROKEN = "\N{NON-BREAKING HYPHEN}"
YEAR = "(?:19|2[0-2])[0-9]{2}"
DAYS = re.compile(f"\\b{YEAR}-(?:[0-9]{{2}}-[0-9]{{2}}|{YEAR})\\b")
COLOURS = ("#246", "#a52", "#283", "#838", "#066")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; columns whose name begins with `#` hold numbers and stand to the right.

    A table without rows is one line that says so. Days, and years from one to another, never break over two lines.
    """
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    if not lines:
        return "none"
    names = " | ".join(name.removeprefix("#") for name in head)
    rule = "|".join("---:" if name.startswith("#") else "---" for name in head)
    return "\n".join([f"| {names} |", f"|{rule}|", *lines])


def filled_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The same without the columns that are empty in every row: a page is narrow."""
    every = list(rows)
    full = [place for place in range(len(head)) if any(row[place] not in (None, "") for row in every)]
    return table([head[place] for place in full], [[row[place] for place in full] for row in every])


def spark_line(values: Sequence[float], said: str) -> str:
    """The values of the last runs as a line, oldest first; the newest as a dot, with its number."""
    if not values:
        return "no run yet"
    top, step = max(*values, 1), WIDTH / max(len(values) - 1, 1)
    points = [(4 + step * place, 3 + (HEIGHT - 6) * (1 - value / top)) for place, value in enumerate(values)]
    x, y = points[-1]
    dot = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{COLOURS[0]}"/>'
    number = f'<text x="{x + 8:.0f}" y="{y + 3:.0f}">{values[-1]:g}</text>'
    return _picture(said, WIDTH + 80, HEIGHT, _line(points, COLOURS[0]) + dot + number)


def by_year(lines: Mapping[str, Mapping[int, float]], said: str) -> str:
    """A share between 0 and 1 by year: a line a name, 100 % on top; as many as the page draws in place.

    Nothing where no year is known.
    """
    years = sorted({year for points in lines.values() for year in points})
    if not years:
        return ""
    wide = max(years[-1] - years[0], 1)
    drawn = picture = ""
    for place, (name, points) in enumerate(lines.items()):
        top, colour = STEP * place, COLOURS[place % len(COLOURS)]
        at = [
            (LEFT + WIDTH * (year - years[0]) / wide, top + 22 - 18 * share) for year, share in sorted(points.items())
        ]
        last = f"{points[max(points)]:.0%}"
        drawn += f'<text y="{top + 16}">{escape(name[:14])} {last}</text>{_line(at, colour)}'
        size = (LEFT + WIDTH + 8, STEP * (place + 1))
        wider = _picture(f"{said}, {years[0]} to {years[-1]}", *size, drawn)
        if len(wider) > IN_PLACE and picture:
            break
        picture = wider
    return picture


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    single = ' stroke-width="4" stroke-linecap="round"' if len(points) == 1 else ""
    return f'<polyline points="{path}{f" {path}" if single else ""}" fill="none" stroke="{colour}"{single}/>'


def _picture(said: str, width: int, height: int, drawn: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="9" width="{width}" height="{height}">{drawn}</svg>'
    return f"![{said}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    text = text.replace("|", "\\|").replace("\n", " ")
    return DAYS.sub(lambda found: found[0].replace("-", UNBROKEN), text)
