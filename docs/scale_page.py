"""The page of what cases take that were not measured, from the model that ``bench/scale.py`` has fitted and kept.

What belongs here: turning kept figures into tables. What must not: measuring (bench), or when to use a cluster
(scale.md).
"""

import json
from collections.abc import Mapping
from typing import Any

from benchmarks_page import DOCS, PAPER

INTRODUCTION = """# What cases take that were not measured

`python bench/scale.py` measures sizes that fit two cores, fits a model to them ([benchmarks](benchmarks.md) has it),
holds it against a size that it was not fitted on, and works out what larger cases take. `SAMKORNING_BENCH_KEEP=1` keeps
the figures, and `make docs` writes this page. [scale.md](scale.md) says what to do about them.

More cores than were measured are taken to share evenly what two cores share. Two cores cannot show how the workers of
a cluster share, as Spark's own processes use them too: so a cluster has a figure as if workers shared no more than was
measured ("at most"), and one as if they shared all work on rows ("at least"). What is read in and rendered has no share
of cores.
"""
NONE_KEPT = "\nNo figures are kept yet.\n"
BY_PROCESSOR = "\nThe machine did other work meanwhile: hours are of processor time, shared by the cores.\n"


def page() -> str:
    """How near the model is, and what it says."""
    path = DOCS / "benchmarks" / "scale.json"
    kept: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    paper = [f"| {name.removeprefix(PAPER)} | {_written(each)} |" for name, each in kept.items() if PAPER in name]
    if not paper:
        return INTRODUCTION + NONE_KEPT
    near = [f"| {name} | {each['value']:.0f} {each['unit']} |" for name, each in kept.items() if "limit" in each]
    lines = ["| what | figure |", "|---|---:|", *near, *paper]
    busy = kept.get("measured by processor time", {}).get("value", 0)
    return INTRODUCTION + BY_PROCESSOR * bool(busy) + "\n" + "\n".join(lines) + "\n"


def _written(figure: Mapping[str, Any]) -> str:
    value, unit = float(figure["value"]), figure["unit"]
    if unit == "min" and value >= 120:
        value, unit = value / 60, "h"
    if unit == "GB" and value >= 1_000:
        value, unit = value / 1_000, "TB"
    return f"{value:.{0 if value >= 100 else 1}f} {unit}"
