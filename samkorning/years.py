"""The years that orders and the register catalogue can name.

What belongs here: their bounds, and how several are written. What must not: periods, which belong to what they bound.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

FIRST_YEAR, LAST_YEAR = 1900, 2299
"""From the oldest register to the last year in which a synthetic person can be born."""
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


def spans(years: Sequence[int]) -> str:
    """Years as people write them: ``2001-2004, 2006``."""
    found: list[list[int]] = []
    for year in sorted(years):
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in found)
