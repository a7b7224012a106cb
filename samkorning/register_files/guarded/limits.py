"""What reading one file may cost before it is given up.

What belongs here: the limits and their defaults. What must not: how they are held (the guards for the reader's own
process, the exchange with the reader for waiting and for the amount of rows).
"""

from dataclasses import dataclass, field

from samkorning.guards.limits import GIB, ProcessLimits


@dataclass(frozen=True)
class Limits:
    """The most that reading one file may cost.

    The service waits at most ``silence`` seconds for the next message of a reader and ``waiting`` seconds in all.
    ``rows`` is how many bytes of rows any file may give; a larger file may give ``growth`` bytes for each of its own.
    """

    process: ProcessLimits = field(default_factory=ProcessLimits)
    silence: float = 300.0
    waiting: float = 2 * 3600.0
    rows: int = 16 * GIB
    growth: int = 64
