"""Damaged files through the guarded door, for so many minutes: nothing may hang, crash or be told.

``python tests/fuzz/fuzz.py [--minutes 10] [--seed N] [--case N] [--keep FOLDER]`` prints counts for every format and
ends with 1 when something was found. Each case is drawn from the seed and its number: ``--seed N --case N`` reads that
one again. What libraries write of their own accord (the time of day) differs; ``--keep`` keeps what was odd.

A finding is: an error that is no refusal of ours, a reader that is silent for long, a word of the file in a message,
an account that does not balance. That a reader breaks off is the file's refusal and is counted: that is what the
guards are for.
"""

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from samkorning.errors import FileRefused
from samkorning.guards.limits import ProcessLimits
from samkorning.register_files import FileContract
from samkorning.register_files.guarded import Limits, open_guarded
from samkorning.register_files.reading import RegisterStream
from samkorning.vault.hygiene import protect_process
from tests.fuzz.mutations import check_sum, mutated
from tests.fuzz.seeds import SECRETS, Seed, seeds

LIMITS = Limits(ProcessLimits(memory=3 * 1024**3, processor_time=60), silence=60.0, waiting=120.0)
LONG = 30.0  # seconds that no file of these sizes may take, on a loaded machine
DECLARED = FileContract.model_validate(
    {"columns": [{"name": "LopNr", "required": True}, {"name": "Datum", "type": "date", "optional": True}]}
)


@dataclass
class Findings:
    """What came of all cases so far."""

    outcomes: "defaultdict[str, Counter[str]]" = field(default_factory=lambda: defaultdict(Counter))
    longest: dict[str, float] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def enter(self, case: int, seed: Seed, outcome: str, seconds: float, finding: str | None) -> None:
        """Counts one case."""
        self.outcomes[seed.format][outcome] += 1
        self.longest[seed.format] = max(seconds, self.longest.get(seed.format, 0.0))
        if finding or seconds > LONG:
            self.found.append(f"case {case} ({seed.format}, {seed.name}): {finding or f'{seconds:.0f} s'}")


@dataclass(frozen=True)
class Case:
    """One damaged file: what it was, and its bytes now."""

    seed: Seed
    name: str
    content: bytes = field(repr=False)
    contract: FileContract


def draw(seed: int, number: int, files: Sequence[Seed], contents: Sequence[bytes]) -> Case:
    """The case of this number; the same again for the same seed."""
    chance = random.Random(f"{seed}:{number}")
    file = files[number % len(files)]
    content = mutated(file.content, chance, contents)
    name = file.name if chance.random() < 0.9 else "file"
    declares = file.format != "fixed_width" and chance.random() < 0.2
    return Case(file, name, content, DECLARED if declares else file.contract)


def read(case: Case) -> tuple[str, str | None]:
    """What came of it, and what was found."""
    try:
        opened = open_guarded(case.content, case.name, case.contract, case.seed.password, LIMITS)
        stream = RegisterStream(opened, case.contract)
        for _ in stream:
            pass
        return "read", _told(str(stream.account().remarks))
    except FileRefused as refused:
        return _kind(refused), _told(str(refused)) or _hung(refused)
    except Exception as error:  # whatever it is, it is a finding, and its text may hold a value
        return "error", type(error).__name__


def _kind(refused: FileRefused) -> str:
    if "broke off" in refused.problem:
        return "broke off"
    return refused.problem.partition("limits ")[2] or "refused"


def _told(message: str) -> str | None:
    return "a word of the file in a message" if any(secret in message for secret in SECRETS) else None


def _hung(refused: FileRefused) -> str | None:
    return "the reader hung" if "(time)" in refused.problem else None


def run(
    seed: int, seconds: float, files: Sequence[Seed], only: int | None = None, keep: Path | None = None
) -> Findings:
    """All cases that there is time for, or one."""
    findings, contents = Findings(), [file.content for file in files]
    ends = time.monotonic() + seconds
    for number in count() if only is None else [only]:
        if time.monotonic() > ends:
            break
        case = draw(seed, number, files, contents)
        began = time.monotonic()
        outcome, finding = read(case)
        findings.enter(number, case.seed, outcome, time.monotonic() - began, finding)
        is_odd = outcome not in ("read", "refused") and findings.outcomes[case.seed.format][outcome] < 4
        if is_odd or finding or only is not None:
            print(f"case {number}: {case.seed.format} {case.name} {check_sum(case.content)}: {outcome}", flush=True)
            if keep:
                (keep / f"{number}_{case.name}").write_bytes(case.content)
    return findings


def report(findings: Findings, seed: int) -> int:
    """Prints what was found; 1 where anything was."""
    kinds = sorted({kind for counts in findings.outcomes.values() for kind in counts})
    print(f"{'format':<24}" + "".join(f"{kind:>14}" for kind in kinds) + f"{'longest':>10}")
    for form, counts in sorted(findings.outcomes.items()):
        print(f"{form:<24}" + "".join(f"{counts[kind]:>14}" for kind in kinds) + f"{findings.longest[form]:>8.1f} s")
    total = sum(sum(counts.values()) for counts in findings.outcomes.values())
    print(f"{total} files, {len(findings.found)} findings, seed {seed}")
    for line in findings.found[:50]:
        print(line)
    return 1 if findings.found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--case", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=None)
    terms = parser.parse_args()
    protect_process()
    files = list(seeds())
    seed = random.SystemRandom().randrange(10**6) if terms.seed is None else terms.seed
    return report(run(seed, terms.minutes * 60, files, terms.case, terms.keep), seed)


if __name__ == "__main__":
    sys.exit(main())
