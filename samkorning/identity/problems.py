"""What can be wrong with a value, as a closed list, and the repairs that are safe.

What belongs here: the names of problems and repairs. What must not: what people read about them (remedies) and the
expressions that find them (diagnosis).
"""

from enum import StrEnum


class Problem(StrEnum):
    """Why a value is not taken, in the order in which problems are looked for."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    EXPONENT = "exponent"
    FOREIGN_DIGITS = "foreign_digits"
    BAD_CHARACTER = "bad_character"
    BAD_SEPARATOR = "bad_separator"
    BAD_LENGTH = "bad_length"
    ORGANISATION_NUMBER = "organisation_number"
    AMBIGUOUS_ISSUER = "ambiguous_issuer"
    OTHER_ISSUER = "other_issuer"
    BAD_DATE = "bad_date"
    SERIAL_000 = "serial_000"
    BAD_CHECK_DIGIT = "bad_check_digit"
    AMBIGUOUS_CENTURY = "ambiguous_century"
    SYNTHETIC_NOT_ALLOWED = "synthetic_not_allowed"
    FUTURE_DATE = "future_date"
    KIND_NOT_ALLOWED = "kind_not_allowed"
    LOST_LEADING_ZERO = "lost_leading_zero"
    FLOAT = "float"
    LOST_TRAILING_BLANK = "lost_trailing_blank"


class Repair(StrEnum):
    """A repair that restores the value without choosing between persons; each is made only if the rules allow it."""

    LEADING_ZERO = "leading_zero"
    FLOAT = "float"
    TRAILING_BLANK = "trailing_blank"


# The problem that stands where the repair is not allowed.
UNREPAIRED = {
    Repair.LEADING_ZERO: Problem.LOST_LEADING_ZERO,
    Repair.FLOAT: Problem.FLOAT,
    Repair.TRAILING_BLANK: Problem.LOST_TRAILING_BLANK,
}
