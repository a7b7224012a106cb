"""How many examples a property is tried on: three of ten in `make test`, all with `WHOLE=1` and by pytest alone.

What belongs here: that one share, which `--hypothesis-profile=fewer` asks for. What must not: expectations.
"""

from hypothesis import settings

WHOLE = 100
"""Examples where nothing else is said."""


def examples(count: int) -> int:
    """So many examples, or the share of them that this run takes, three at least."""
    return min(count, max(3, count * settings().max_examples // WHOLE))
