"""What a code book (kodbok) says of each delivered variable: counts, never a value of one person.

What belongs here: the values that documents are made from. What must not: counting (rendering), what is shown
(suppression), or how it is written (documents).
"""

from dataclasses import dataclass

from samkorning.delivery.description import DeliveredVariable
from samkorning.delivery.rendering.few_values import MOST_DISTINCT

__all__ = ["MOST_DISTINCT", "Bin", "CodebookVariable", "ValueCount", "YearCounts"]


@dataclass(frozen=True)
class ValueCount:
    """One value of a value set, the years in which it is used, and the rows that hold it; None is suppressed.

    Rows that hold another value than those of the set are counted under the code ``""``.
    """

    code: str
    label_sv: str
    label_en: str
    from_year: int | None
    to_year: int | None
    rows: int | None


@dataclass(frozen=True)
class YearCounts:
    """One unit of the file, a year of an own register or a holder's file: its rows, those with a value, and how many
    different values; None is suppressed, and of ``distinct`` also what is more than :data:`MOST_DISTINCT`.
    """

    year: str
    rows: int | None
    filled: int | None
    distinct: int | None


@dataclass(frozen=True)
class Bin:
    """Rows with a value from ``low`` on and below ``high``; without a bound, all that lies beyond the other."""

    low: float | None
    high: float | None
    rows: int


@dataclass(frozen=True)
class CodebookVariable:
    """One variable of one file. ``rows`` is never suppressed: the manifest says it.

    ``distinct`` of the first variable, the serial number of the person, is always exact: the persons of the file.
    ``more_distinct`` says of others that there are more than :data:`MOST_DISTINCT` different values. ``distribution``
    is of numbers, and of dates by year; it is empty where it would show the value of a few.
    """

    file: str
    variable: DeliveredVariable
    rows: int
    filled: int | None
    missing: int | None
    distinct: int | None
    values: tuple[ValueCount, ...] = ()
    years: tuple[YearCounts, ...] = ()
    distribution: tuple[Bin, ...] = ()
    more_distinct: bool = False
