"""``python -m samkorning.synthetic FOLDER --persons N --seed S``: writes a synthetic world as files.

What belongs here: arguments and exit codes (0 written, 2 wrong usage). What must not: anything drawn or written.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from samkorning.synthetic.persons import PersonShares
from samkorning.synthetic.sample import write_sample
from samkorning.synthetic.world import make_world
from samkorning.synthetic.years import FIRST_YEAR, LAST_YEAR, NEW_YEAR


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the world; wrong usage ends the program with exit code 2 and says why on standard error."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.folder.exists() and not given.folder.is_dir():
        parser.error(f"{given.folder} is not a folder; name another")
    try:
        world = make_world(given.persons, given.seed, PersonShares(study=given.study_share))
        write_sample(world, given.folder, given.years)
    except (ValueError, OSError) as problem:
        parser.error(str(problem))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m samkorning.synthetic",
        description="Writes synthetic persons' files: population, number history, SCB, quality register, region and "
        "the own registers. The same numbers and seed give the same bytes.",
    )
    parser.add_argument("folder", type=Path, help="where to write; made if it does not exist, files there overwritten")
    parser.add_argument("--persons", type=_whole(1, 10_000_000), required=True, help="persons in the registers")
    parser.add_argument("--seed", type=int, required=True, help="any whole number")
    parser.add_argument("--study-share", type=_share, default=PersonShares().study, help="part of them in the study")
    parser.add_argument(
        "--years",
        type=_whole(FIRST_YEAR, NEW_YEAR),
        nargs="+",
        default=[LAST_YEAR - 1, LAST_YEAR],
        help="register years",
    )
    return parser


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"a whole number from {lowest} to {highest} is needed")
        return int(text)

    return read


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("a share above 0 and at most 1 is needed")
    return share


if __name__ == "__main__":
    sys.exit(main())
