"""Switches the safeguards off one by one, each in a copy of the project, and tells which test noticed.

``python -m tests.mutations.run [--only NAME] [--jobs N] [--short]``. First the named tests must pass as the project is.
Ends with 1 if a safeguard survives: its tests pass without it, its time is up, or its entry does not apply.

What belongs here: order, verdicts and the table. What must not: the list (safeguards), or copies (workplace).
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.safeguard import DoesNotApply, Safeguard
from tests.mutations.safeguards import SAFEGUARDS
from tests.mutations.workplace import SECONDS, Outcome, copy_project, copy_tree, run_tests

FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
TESTS_FAILED = 1  # pytest's exit code for just that; others say that nothing was tried


@dataclass(frozen=True)
class Verdict:
    """What became of one safeguard: the test that noticed, or why nobody did; and how long it took."""

    safeguard: Safeguard
    noticed_by: str | None
    why_not: str
    seconds: float

    def line(self) -> str:
        """One row of the table."""
        seen = self.noticed_by or f"SURVIVED: {self.why_not}"
        return f"{self.safeguard.name:<42} {self.seconds:6.1f} s  {seen}"


def verdict(safeguard: Safeguard, pristine: Path, seconds_from: float) -> Verdict:
    """Switches one safeguard off in a copy of its own and runs the tests that must notice, up to the first failure."""
    tree = pristine.with_name(safeguard.name)
    copy_tree(pristine, tree)
    try:
        safeguard.switch_off(tree)
        noticed, why_not = noticed_in(run_tests(tree, safeguard.noticed_by, "-x"))
    except DoesNotApply as fault:
        noticed, why_not = None, str(fault)
    shutil.rmtree(tree)
    return Verdict(safeguard, noticed, why_not, time.monotonic() - seconds_from)


def noticed_in(outcome: Outcome) -> tuple[str | None, str]:
    """The first test that failed, or why there is none."""
    failed = FAILED.search(outcome.said)
    if outcome.exit_code == TESTS_FAILED and failed is not None:
        return failed.group(1), ""
    if outcome.exit_code is None:
        return None, f"no test had failed after {SECONDS} s"
    if outcome.exit_code == 0:
        return None, "the named tests pass without it"
    return None, f"the tests could not be run (pytest ended with {outcome.exit_code})"


def chosen(only: str | None, short: bool) -> list[Safeguard]:
    """The safeguards to try: all, the ten of the short form, or those whose names hold a word."""
    return [each for each in SAFEGUARDS if (each.short or not short) and (only is None or only in each.name)]


def named_tests(safeguards: Iterable[Safeguard]) -> tuple[str, ...]:
    """Every test that is named, once; a file that is named whole holds its single tests."""
    named = dict.fromkeys(test for each in safeguards for test in each.noticed_by)
    return tuple(test for test in named if "::" not in test or test.split("::")[0] not in named)


def pass_as_they_are(pristine: Path, safeguards: Sequence[Safeguard], jobs: int) -> bool:
    """Whether the named tests pass with every safeguard in its place; says which do not."""
    side_by_side = ("-n", str(jobs), "--dist", "worksteal") if jobs > 1 else ()
    outcome = run_tests(pristine, named_tests(safeguards), *side_by_side, seconds=SECONDS * len(safeguards))
    if outcome.exit_code == 0:
        return True
    failed = FAILED.findall(outcome.said) or [outcome.said[-2_000:] or "their time was up"]
    print("the named tests do not pass as the project is:", *failed, sep="\n")
    return False


def tried(safeguards: Sequence[Safeguard], pristine: Path, jobs: int) -> list[Verdict]:
    """The verdicts, told as they come, in the order of the list."""

    def one(safeguard: Safeguard) -> Verdict:
        found = verdict(safeguard, pristine, time.monotonic())
        print(found.line(), flush=True)
        return found

    with ThreadPoolExecutor(jobs) as workers:
        return list(workers.map(one, safeguards))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; its exit code."""
    parser = argparse.ArgumentParser(description="Each safeguard switched off must make a test fail.")
    parser.add_argument("--only", help="safeguards whose names hold this word")
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--short", action="store_true", help="the ten most important ones")
    asked = parser.parse_args(arguments)
    safeguards, began = chosen(asked.only, asked.short), time.monotonic()
    if not safeguards:
        parser.error("no safeguard has such a name")
    with tempfile.TemporaryDirectory(prefix="safeguards-") as folder:
        pristine = Path(folder) / "as_it_is"
        copy_project(pristine)
        if not pass_as_they_are(pristine, safeguards, asked.jobs):
            return 1
        found = tried(safeguards, pristine, asked.jobs)
    survived = [each for each in found if each.noticed_by is None]
    print(f"{len(found) - len(survived)} of {len(found)} noticed, {time.monotonic() - began:.0f} s")
    for each in survived:
        print(f"SURVIVED {each.safeguard.name}: {each.safeguard.protects} ({each.safeguard.file})")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
