"""Damaged files given to a reader process, for so many minutes: none may hang, crash or be quoted.

``python -m tests.fuzz.fuzz [--minutes 10 | --cases N] [--seed N] [--case N] [--keep FOLDER]`` prints a table for
formats and one for packings, and ends with 1 when something was found. Each case is drawn from the seed and its number:
``--seed N --case N`` reads that one again. ``--keep`` writes the files of the findings; without it nothing is kept.

A finding is: an error that is no refusal of ours, a reading that does not end, a service's side that dies, a word or
number of the file in a message, an account that does not balance. That a library crashes in its guarded process is the
file's refusal and is counted: that is what the guards are for.
"""

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.fuzz.cases import Case, draw
from tests.fuzz.outcomes import Outcome, Reached
from tests.fuzz.workers import Worker

_MOST_SHOWN = 50
_NO_PACKING = "not packed"


@dataclass
class Line:
    """What became of the files of one format or packing."""

    reached: "Counter[Reached]" = field(default_factory=Counter)
    slowest: float = 0.0

    def enter(self, outcome: Outcome, seconds: float) -> None:
        """Counts one file."""
        self.reached[outcome.reached] += 1
        self.slowest = max(self.slowest, seconds)


@dataclass
class Findings:
    """What came of all cases so far."""

    formats: "defaultdict[str, Line]" = field(default_factory=lambda: defaultdict(Line))
    packings: "defaultdict[str, Line]" = field(default_factory=lambda: defaultdict(Line))
    found: list[str] = field(default_factory=list)

    def enter(self, case: Case, outcome: Outcome, seconds: float) -> None:
        """Counts one case."""
        self.formats[case.format].enter(outcome, seconds)
        self.packings[case.packing or _NO_PACKING].enter(outcome, seconds)
        if outcome.finding:
            self.found.append(f"case {case.number} ({case.name}): {outcome.finding}")
            print(self.found[-1], flush=True)

    @property
    def files(self) -> int:
        """How many there were."""
        return sum(line.reached.total() for line in self.formats.values())


@dataclass(frozen=True)
class Terms:
    """How long and from which seed; ``only`` is one case; ``keep`` is where the files of findings are put."""

    seed: int
    minutes: float = 10.0
    cases: int | None = None
    only: int | None = None
    keep: Path | None = None


def run(terms: Terms) -> Findings:
    """All cases that there is time for, or so many, or one."""
    findings, worker = Findings(), Worker()
    ends = time.monotonic() + terms.minutes * 60
    numbers = count() if terms.cases is None else range(terms.cases)
    for number in numbers if terms.only is None else [terms.only]:
        if time.monotonic() > ends:
            break
        case = draw(terms.seed, number)
        outcome, seconds = worker.outcome(case)
        findings.enter(case, outcome, seconds)
        if terms.only is not None:
            print(f"case {number} ({case.name}): {outcome.reached}")
        if terms.keep and (outcome.finding or terms.only is not None):
            terms.keep.mkdir(parents=True, exist_ok=True)
            (terms.keep / f"{number}_{case.name}").write_bytes(case.content)
    worker.close()
    return findings


def table(title: str, lines: dict[str, Line]) -> str:
    """Files, how far they came, and the slowest, one line each."""
    rows = [
        [name, line.reached.total(), *(line.reached[each] for each in Reached), f"{line.slowest:.1f}"]
        for name, line in sorted(lines.items())
    ]
    heads = [title, "files", *Reached, "slowest s"]
    return "\n".join(
        f"{row[0]:<14}" + "".join(f"{cell:>{len(head) + 2}}" for head, cell in zip(heads[1:], row[1:], strict=True))
        for row in [heads, *rows]
    )


def report(findings: Findings, seed: int) -> int:
    """Prints what was found; 1 where anything was."""
    print(table("format", findings.formats), table("packing", findings.packings), sep="\n\n", end="\n\n")
    for line in findings.found[:_MOST_SHOWN]:
        print(line)
    print(f"{findings.files} files, {len(findings.found)} findings, seed {seed}")
    return 1 if findings.found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--case", type=int, dest="only")
    parser.add_argument("--keep", type=Path)
    terms = Terms(**vars(parser.parse_args()))
    print(f"seed {terms.seed}", flush=True)
    return report(run(terms), terms.seed)


if __name__ == "__main__":
    sys.exit(main())
