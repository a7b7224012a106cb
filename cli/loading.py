"""Loading many modules at once: the garbage collector rests meanwhile.

What belongs here: how modules are loaded. What must not: which ones (commands, and the commands themselves).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Loaded:
    """Whether what is loaded stays until the process ends, and the process then ends at once (``ending``).

    Only then does the collector leave it alone for good: libraries that look at the end for what they have lost
    (DuckDB's) take such objects for lost, and say so on standard error.
    """

    stay: bool = False


objects = Loaded()


@contextmanager
def loading() -> Iterator[None]:
    """For imports that a command needs.

    Loading makes hundreds of thousands of objects that stay: to look through all of them for garbage, again and again
    as they grow and later while the command works, takes a fifth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        if objects.stay:
            gc.freeze()
        gc.enable()
