"""Whether the program has become slower: small runs of some benchmarks against the ratios that were kept of them.

``python bench/short.py`` takes a minute or two and ends with 1 where a ratio is more than 30 % worse than the kept one;
``--keep`` keeps the ratios of this run in docs/benchmarks/short/ratios.json. A ratio is of two measurements of one run,
so that it says little of the machine; one that is worse is measured twice more, and the best counts.

What belongs here: which runs, and the comparison. What must not: measuring.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import RESULTS, RESULTS_IN

RUNS = (
    ("linkage.py", "--rows", "1000000", "--persons", "1000000"),
    ("linkage.py", "--rows", "1000000", "--persons", "1000000", "--engine", "duckdb"),
    ("delivery.py", "--rows", "1000000", "--persons", "100000"),
    ("event_rows.py", "--rows", "5000000"),
)
KEPT = RESULTS / "short" / "ratios.json"
MOST_TIMES_KEPT = 1.3
MOST_RUNS = 3


def ratios(run: tuple[str, ...]) -> dict[str, float]:
    """The ratios that a run gives, by name; those that must be high are turned round, so that less is better."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SAMKORNING_BENCH_KEEP": "1", RESULTS_IN: folder}
        command = [sys.executable, str(Path(__file__).with_name(run[0])), *run[1:]]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        figures = json.loads((Path(folder) / run[0]).with_suffix(".json").read_text(encoding="utf-8"))
    return {
        name: 1 / figure["value"] if figure.get("bound") == "at least" else figure["value"]
        for name, figure in figures.items()
        if figure["unit"].startswith("x")
    }


def best(run: tuple[str, ...], kept: dict[str, float]) -> dict[str, float]:
    """The ratios of a run; where one is worse than the kept one allows, the best of further runs."""
    found = ratios(run)
    for _ in range(MOST_RUNS - 1):
        if not worse(found, kept):
            break
        again = ratios(run)
        found = {name: min(value, again[name]) for name, value in found.items()}
    return found


def worse(found: dict[str, float], kept: dict[str, float]) -> list[str]:
    return [name for name, value in found.items() if name in kept and value > MOST_TIMES_KEPT * kept[name]]


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--keep", action="store_true", help="keep the ratios of this run")
    asked = options.parse_args()
    kept = {} if asked.keep else json.loads(KEPT.read_text(encoding="utf-8"))
    found: dict[str, float] = {}
    for run in RUNS:
        found |= best(run, kept)
    if asked.keep:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps({name: round(value, 3) for name, value in found.items()}, indent=1) + "\n")
    slower = worse(found, kept)
    for name, value in found.items():
        print(
            f"{name:<60} {value:6.2f}  kept {kept.get(name, value):6.2f}  {'WORSE' if name in slower else ''}".rstrip()
        )
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
