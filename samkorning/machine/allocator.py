"""Memory that rows have left is kept a while for those that come next, and not given back to the kernel at once.

What belongs here: what the allocator of Polars is told. What must not: how much memory work may take (linkage.bounds).
"""

import os

SET_BY = "_RJEM_MALLOC_CONF"
"""The variable that the library reads while it is loaded; what an operator sets there stands."""


def keep_freed_memory() -> None:
    """Tell the allocator of this process, before Polars is loaded, and of those that it starts (decision 0078)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    os.environ.setdefault(SET_BY, told(cores))


def told(cores: int) -> str:
    """What the allocator of a process that works on so many cores is told.

    One arena a core, so that one thread takes what another has left; large pieces among the others, as they would be
    given back at once; and five seconds, where Polars has half a one.
    """
    return f"narenas:{cores},oversize_threshold:0,dirty_decay_ms:5000"
