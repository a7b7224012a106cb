"""What one process may use before the kernel stops it.

What belongs here: the limits and their defaults. What must not: how they are held (privileges).
"""

import os
from dataclasses import dataclass

GIB = 1024**3


def _memory_of_this_machine() -> int:
    """8 GiB, or three quarters of the machine's memory where that is less."""
    return min(8 * GIB, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4)


@dataclass(frozen=True)
class ProcessLimits:
    """``memory`` in bytes that it may write to, ``processor_time`` in seconds of one processor."""

    memory: int = _memory_of_this_machine()
    processor_time: int = 2 * 3600
