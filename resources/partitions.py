"""The partitions that Dagster knows: cases, and the years of each own register; nothing else becomes one.

What belongs here: their names, and what may be a partition of each. What must not: Dagster, or which there are.
"""

import re

from samkorning.case_number import require_case_number
from samkorning.errors import NotFound

CASE_PARTITIONS = "case"
_YEARS = "year_of_"
_YEAR = re.compile("[12][0-9]{3}")


def year_partitions(register: str) -> str:
    """The name under which Dagster knows the years of an own register."""
    return f"{_YEARS}{register.lower()}"


def require_partition(partitions: str, partition: str) -> None:
    """A case number among cases, a year among years.

    :raises NotFound: for anything else; what was written is not quoted.
    """
    if partitions.startswith(_YEARS):
        if _YEAR.fullmatch(partition) is None:
            raise NotFound("that is no year; write four digits")
        return
    require_case_number(partition)
