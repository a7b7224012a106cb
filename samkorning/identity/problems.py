"""What can be wrong with a value, as a closed list, and the repairs that are safe.

What belongs here: the names of problems and repairs. What must not: expressions that find them (shapes, national,
diagnosis).
"""

from enum import StrEnum


class Problem(StrEnum):
    """Why a value is not taken for a person. The order is the order in which they are looked for."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    FOREIGN_DIGITS = "foreign_digits"
    EXPONENT = "exponent"
    FLOAT = "float"
    BAD_CHARACTER = "bad_character"
    BAD_SEPARATOR = "bad_separator"
    BAD_LENGTH = "bad_length"
    LOST_LEADING_ZERO = "lost_leading_zero"
    LOST_TRAILING_BLANK = "lost_trailing_blank"
    AMBIGUOUS_CENTURY = "ambiguous_century"
    AMBIGUOUS_ISSUER = "ambiguous_issuer"
    BAD_DATE = "bad_date"
    SERIAL_000 = "serial_000"
    BAD_CHECK_DIGIT = "bad_check_digit"
    SYNTHETIC_NOT_ALLOWED = "synthetic_not_allowed"
    FUTURE_DATE = "future_date"
    ORGANISATION_NUMBER = "organisation_number"
    KIND_NOT_ALLOWED = "kind_not_allowed"


class Repair(StrEnum):
    """A repair that restores the value without choosing between persons. Each is made only if the rules allow it."""

    LEADING_ZERO = "leading_zero"
    FLOAT = "float"
    TRAILING_BLANK = "trailing_blank"
