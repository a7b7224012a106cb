"""Seconds and memory of one act in a process of its own, and how a limit is reported.

What belongs here: measuring. What must not: what is measured.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Seconds and peak memory in GB of one act in a process of its own; of itself or of its largest child."""

    seconds: float
    gigabytes: float


def measured(prepare: Callable[[], Callable[[], object]]) -> Measured:
    """Prepare and time an act in a forked process; only the act counts in seconds, all of it in memory."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        taken = seconds(prepare())
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        gigabytes = peak / 1024**2
        os.write(writer, f"{taken} {gigabytes}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        told = stream.read().split()
    if os.waitpid(child, 0)[1] or not told:
        sys.exit("a measurement failed")
    return Measured(*map(float, told))


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def quickest(rounds: list[Measured]) -> float:
    return min(each.seconds for each in rounds)


def report(name: str, value: float, limit: float, unit: str, holds: bool) -> bool:
    print(f"{name:<42} {value:8.2f} {unit:<8} limit {limit:5.2f}   {'holds' if holds else 'BROKEN'}")
    return holds
