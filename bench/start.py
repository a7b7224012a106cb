"""What `deliver` takes beside its own work: starting the program, and Dagster around the assets.

``python bench/start.py [--persons 10000] [--sources 6] [--rows 50000]`` prints a table and ends with 1 if the limit is
broken. The whole process is timed from outside, and inside it the bodies of assets and checks, which do the work. Three
copies of the same home deliver; the quickest counts.

- Start and Dagster: at most 40 % of `deliver`.
"""

import argparse
import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measuring import as_installed, measured_apart, report, seconds, show
from whole_way import opened, run, write_files, write_order

from cli.loading import loading, objects
from cli.session import session
from samkorning.encryption import age

INSIDE, COPIES = "--inside", 3
SAID = "seconds of work:"


def deliver_timed(home: Path, case: str) -> None:
    """Runs `deliver` in this process, and says at its end how long the bodies of its assets and checks took."""
    os.environ["SAMKORNING_HOME"] = str(home / "home")
    objects.stay = True  # and the rest as the program does
    with session.keystore_opens_meanwhile(), loading():
        import assets.guard

    spent = [0.0]
    guarded = assets.guard.guarded

    def timed(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def run_timed(*arguments: Any, **resources: Any) -> Any:
            start = time.perf_counter()
            try:
                return body(*arguments, **resources)
            finally:
                spent[0] += time.perf_counter() - start

        return guarded(run_timed)

    assets.guard.guarded = timed  # before any asset is defined
    from cli.main import main as program

    sys.argv = ["samkorning", "--home", str(home / "home"), "deliver", case]
    atexit.register(lambda: print(SAID, spent[0]))
    program()


def timed_apart(home: Path, case: str) -> tuple[float, float]:
    """Seconds of a `deliver`, and of its work."""
    said: list[str] = []
    command = [sys.executable, __file__, INSIDE, str(home), case]
    whole = seconds(
        lambda: said.append(
            subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=as_installed()).stdout
        )
    )
    return whole, float(said[0].rpartition(SAID)[2])


def main() -> int:
    if sys.argv[1:2] == [INSIDE]:
        deliver_timed(Path(sys.argv[2]), sys.argv[3])
        return 0
    options = argparse.ArgumentParser()
    options.add_argument("--persons", type=int, default=10_000)
    options.add_argument("--sources", type=int, default=6)
    options.add_argument("--rows", type=int, default=50_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        names = ["lisa", *(f"lisa_{place}" for place in range(2, asked.sources + 1))]
        write_order(home, age.create_identity().recipient, "polars", names)
        measured_apart(write_files, home, asked.rows, asked.persons)
        case = opened(home)
        for name in names:
            run(home, "receive", case, name, str(home / "lisa.csv"), "--as", "Erik")
        copies = [home / str(place) for place in range(COPIES)]
        for copy in copies:
            shutil.copytree(home / "home", copy / "home")
        whole, work = min(timed_apart(copy, case) for copy in copies)
    show("deliver", whole, "s")
    share = 100 * (whole - work) / whole
    return 0 if report("start and Dagster", share, 40, "%", share <= 40) else 1


if __name__ == "__main__":
    sys.exit(main())
