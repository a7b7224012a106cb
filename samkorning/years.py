"""The years that orders and the register catalogue can name.

What belongs here: their bounds. What must not: periods, which belong to what they bound.
"""

from typing import Annotated

from pydantic import Field

FIRST_YEAR, LAST_YEAR = 1900, 2299
"""From the oldest register to the last year in which a synthetic person can be born."""
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
