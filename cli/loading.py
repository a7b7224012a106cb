"""Loading many modules at once: the garbage collector rests meanwhile.

What belongs here: how modules are loaded. What must not: which ones (commands, and the commands themselves).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """For imports that a command needs.

    Loading makes hundreds of thousands of objects that stay: to look through all of them for garbage, again and again
    as they grow, takes a fifth of the time. They are not frozen: DuckDB's library then takes them for lost at the end,
    and says so on standard error.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
