"""The page of benchmarks, from the figures that were kept.

What belongs here: turning kept figures into a page. What must not: measuring (bench).
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
BENCH = DOCS.parent / "bench"
INTRODUCTION = """# Benchmarks

What the program takes, beside what it could take: each figure is a ratio of two measurements of one run on one
machine, or the memory of one process. `make bench` measures anew, `make bench KEEP=1` keeps the figures, `make docs`
writes this page from them. What each measurement does, and what it is held against, stands at the head of its script.
"""
BY_PROCESSOR = "measured by processor time"
"""A flag that is kept beside the figures, and none of them."""
PAPER = "on paper: "
"""How figures begin that are worked out of others, for cases that were not measured: scale-figures.md has them."""


def page() -> str:
    """One section for each script that has kept figures."""
    sections = (_section(path) for path in sorted((DOCS / "benchmarks").glob("*.json")))
    return INTRODUCTION + "\n" + "\n".join(sections)


def _section(path: Path) -> str:
    kept = json.loads(path.read_text("utf-8"))
    kept = {name: each for name, each in kept.items() if not name.startswith(PAPER) and name != BY_PROCESSOR}
    script = f"bench/{path.stem}.py"
    said = ast.get_docstring(ast.parse((BENCH / f"{path.stem}.py").read_text(encoding="utf-8"))) or ""
    lines = [f"## {said.splitlines()[0].rstrip('.')}\n", f"`python {script}`\n"]
    lines += ["| what | figure | bound | verdict |", "|---|---:|---|---|", *map(_row, kept, kept.values())]
    lines += ["", *_chart(kept), *_measured_on(kept)]
    return "\n".join(lines) + "\n"


def _row(name: str, figure: dict[str, Any]) -> str:
    value = f"{figure['value']:.2f} {figure['unit']}"
    if "limit" not in figure:
        return f"| {name} | {value} | | |"
    verdict = "holds" if figure["holds"] else "**does not hold**"
    return f"| {name} | {value} | {figure['bound']} {figure['limit']:g} | {verdict} |"


def _chart(kept: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Every figure as a share of its bound; nothing where there is but one."""
    bounded = {name: figure["value"] / figure["limit"] for name, figure in kept.items() if "limit" in figure}
    if len(bounded) < 2:
        return
    names = ", ".join(f'"{name}"' for name in bounded)
    top = max(1.2, *bounded.values())
    yield '```mermaid\nxychart-beta horizontal\n    title "share of the bound"'
    yield f"    x-axis [{names}]\n    y-axis 0 --> {top:.1f}"
    yield f"    bar [{', '.join(f'{share:.2f}' for share in bounded.values())}]"
    yield f"    line [{', '.join('1.00' for _ in bounded)}]\n```\n"


def _measured_on(kept: dict[str, dict[str, Any]]) -> Iterator[str]:
    for place in sorted({f"{each['date']}: {each['machine']}; {each['versions']}" for each in kept.values()}):
        yield f"Measured {place}."
