"""How an identity number can be written, and which of these ways ordinary data writes by chance.

What belongs here: the names of the spellings, as findings name them. What must not: finding them (digit_runs,
groups, disguises), or whose number it is (own_numbers).
"""

from enum import StrEnum


class Spelling(StrEnum):
    """One way of writing a number; the value is what a person reads."""

    TWELVE = "twelve digits"
    TEN = "ten digits"
    NO_CHECK_DIGIT = "without check digit"
    LOST_ZERO = "leading zero lost"
    LONGER = "inside a longer run of digits"
    GROUPS = "digits in groups"
    DAY_FIRST = "day first"
    UNUSUAL = "unusual characters"
    LETTERS = "letters for digits"
    REVERSED = "backwards"
    ENCODED = "percent, character or base64 encoding"
    HEXADECIMAL = "hexadecimal"
    TWO_COLUMNS = "over two columns"
    TEXT = "identity that is text"
    STRANGER = "number of a person outside the case"


SPACE = {
    Spelling.TWELVE: 12,
    Spelling.TEN: 10,
    Spelling.NO_CHECK_DIGIT: 9,
    Spelling.LOST_ZERO: 9,
    Spelling.LONGER: 10,
    Spelling.REVERSED: 10,
    Spelling.HEXADECIMAL: 10,
    Spelling.TWO_COLUMNS: 10,
}
"""Plain digits: a single code of so many digits can be one of the case's numbers by chance. Other ways are meant."""
