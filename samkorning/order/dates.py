"""Dates of an order, as they are written.

What belongs here: the one form. What must not: what a date bounds.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

WRITTEN_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_date(value: object) -> object:
    """Nothing but a date as it is written: a number would be read as seconds, a time would lose its hours."""
    if isinstance(value, date) or (isinstance(value, str) and WRITTEN_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("date_as_text", "is no date")


Date = Annotated[date, BeforeValidator(_written_date)]
