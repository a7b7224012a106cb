"""How long a synthetic world takes: a million persons with ten million events within about a minute.

``python bench/synthetic.py [--persons N]`` prints one line per part; exit code 1 above the limit.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from samkorning.synthetic import REGISTER_YEARS, REGISTERS, make_world, write_incoming

LIMIT_SECONDS_PER_MILLION = 60.0
SEED = 36759


def main() -> int:
    """Draws the world and all its register years, then writes the incoming files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    persons = parser.parse_args().persons
    start = time.perf_counter()
    world = make_world(persons, SEED)
    drawn = time.perf_counter()
    events = sum(world.register(name, year).height for year in REGISTER_YEARS for name in REGISTERS)
    registered = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write_incoming(world, Path(folder))
    written = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"persons         {persons:>12,}  {drawn - start:6.1f} s")
    print(f"events          {events:>12,}  {registered - drawn:6.1f} s")
    print(f"incoming files  {'':>12}  {written - registered:6.1f} s")
    print(f"peak memory     {peak:>12.2f} GB")
    limit = LIMIT_SECONDS_PER_MILLION * max(1.0, persons / 1_000_000)
    print(f"in all {written - start:.1f} s, limit {limit:.0f} s")
    return 0 if written - start <= limit else 1


if __name__ == "__main__":
    sys.exit(main())
