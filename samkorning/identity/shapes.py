"""How a value is written: the forms that a cell's text can have.

What belongs here: blanks, quotes, separators, floats, lost zeros, placeholders, as one table of patterns that columns
(reading) and single values share. What must not: dates, centuries and check digits, which say whether it is a person.

Patterns name their characters one by one: engines disagree on what counts as a digit or a blank.
"""

from enum import StrEnum
from typing import NamedTuple

from samkorning.identity.problems import Repair

# Blanks of every width, and what is not seen at all: soft hyphens, joiners, marks of the direction of writing.
_BLANKS = " \t\r\n\v\f\u0085\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff"
_QUOTES = "\"'`\u00b4\u2018\u2019\u201c\u201d\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
PLUS = "+"
_MINUS = f"[-{_DASHES}]"  # every dash counts as a hyphen
SIGNS = f"[-+{_DASHES}]"
CLUTTER = f"^[{_BLANKS}{_QUOTES}]+|[{_BLANKS}{_QUOTES}]+$|[{_BLANKS}]"  # blanks everywhere, quotes around

TWELVE_DIGITS = "^[0-9]{12}$"
WRITTEN = "^([0-9]{8}|[0-9]{6})[-+]?[0-9]{4}$"  # the common ways, which need no cleaning
ELEVEN_DIGITS_AND_BLANK = f"^[\"']?[0-9]{{8}}{SIGNS}?[0-9]{{3}}[ \u00a0]+[\"']?$"
PLACEHOLDER_LETTERS = "^[A-Za-zÅÄÖåäö#/<>()]+$"
PLACEHOLDER_WORDS = frozenset(
    {
        "NA",
        "N/A",
        "#N/A",
        "<NA>",
        "NAN",
        "(NULL)",
        "NULL",
        "NONE",
        "NIL",
        "UNKNOWN",
        "MISSING",
        "BLANK",
        "TOM",
        "INGET",
        "INGEN",
    }
    | {"OKÄND", "OKÄNT", "OKAND", "EJKÄND", "EJKÄNT", "EJANGIVET", "SAKNAS", "SAKNAR", "UPPGIFTSAKNAS"}
)
_ONE_DIGIT = "0+([.,]0+)?|" + "|".join(f"{digit}{{2,}}" for digit in range(1, 10))
FILLER = f"^([-+{_DASHES}?.*/_#=]+|[Xx]+({_MINUS}[Xx]+)?|{_ONE_DIGIT})$"
HOLDERS_OWN = "^[0-9A-Za-z]{1,20}$"
NO_CENTURY = 10  # a value of at most this many characters does not say its century


class Form(StrEnum):
    """How a value is written; what is plainly twelve digits has none."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    TWELVE = "twelve"
    TEN = "ten"
    SHORT = "short"  # seven to nine digits: leading zeros are lost
    FLOAT = "float"  # digits and a decimal part of zeros
    FULL_EXPONENT = "full_exponent"  # an exponent that shows every digit
    EXPONENT = "exponent"
    BLANK_LAST = "blank_last"  # eleven digits and a blank
    ELEVEN = "eleven"
    LETTERS = "letters"  # a date and four characters
    FOREIGN_DIGITS = "foreign_digits"
    BAD_CHARACTER = "bad_character"
    BAD_SEPARATOR = "bad_separator"
    BAD_LENGTH = "bad_length"


UNREADABLE = frozenset(
    {
        Form.MISSING,
        Form.PLACEHOLDER,
        Form.EXPONENT,
        Form.FOREIGN_DIGITS,
        Form.BAD_CHARACTER,
        Form.BAD_SEPARATOR,
        Form.BAD_LENGTH,
    }
)
DIGIT_FORMS = frozenset({Form.TWELVE, Form.TEN, Form.SHORT})
ELEVEN_FORMS = frozenset({Form.BLANK_LAST, Form.ELEVEN})
FLOAT_FORMS = frozenset({Form.FLOAT, Form.FULL_EXPONENT})
REPAIRED_FORMS = {
    Repair.LEADING_ZERO: frozenset({Form.SHORT}),
    Repair.FLOAT: FLOAT_FORMS,
    Repair.TRAILING_BLANK: frozenset({Form.ELEVEN}),
}


class Pattern(NamedTuple):
    """A form and what is found in a value of that form."""

    form: Form
    regex: str


# The first that is found in the cleaned value decides.
PATTERNS = (
    Pattern(Form.MISSING, "^$"),
    Pattern(Form.PLACEHOLDER, FILLER),
    Pattern(Form.TWELVE, f"^[0-9]{{8}}{SIGNS}?[0-9]{{4}}$"),
    Pattern(Form.TEN, f"^[0-9]{{6}}{SIGNS}?[0-9]{{4}}$"),
    Pattern(Form.SHORT, f"^[0-9]{{3,5}}{SIGNS}?[0-9]{{4}}$"),
    Pattern(Form.FLOAT, "^([0-9]{12}|[0-9]{7,10})[.,]0+$"),
    Pattern(Form.FULL_EXPONENT, "^[1-9][.,]([0-9]{11}[Ee][+]?11|[0-9]{9}[Ee][+]?0?9)$"),
    Pattern(Form.EXPONENT, f"^[0-9]+([.,][0-9]*)?[Ee][+][0-9]+$|^[0-9]+[.,][0-9]*[Ee]{_MINUS}?[0-9]+$"),
    Pattern(Form.ELEVEN, f"^[0-9]{{8}}{SIGNS}?[0-9]{{3}}$"),
    Pattern(Form.FOREIGN_DIGITS, "[٠-٩۰-۹०-९০-৯๐-๙０-９]"),
    Pattern(Form.BAD_CHARACTER, f"[^-+{_DASHES}.,0-9A-Za-z]"),
    Pattern(Form.LETTERS, f"^([0-9]{{8}}{_MINUS}?|[0-9]{{6}}{SIGNS}?)[0-9A-Za-z]{{4}}$"),
)
# And then in the value without its signs; what is left has a bad character.
PATTERNS_WITHOUT_SIGNS = (
    Pattern(Form.BAD_SEPARATOR, "^([0-9]{7,10}|[0-9]{12}|([0-9]{8}|[0-9]{6})[0-9A-Za-z]{4})$"),
    Pattern(Form.BAD_LENGTH, "^([0-9]+|[0-9]{6,8}[0-9A-Za-z]+)$"),
)
NOT_DIGITS_OF_FLOAT = "[.,]0+$|[Ee].*$|[.,]"

# What stands for numbers that columns of numbers cannot hold.
LARGEST_FLOAT = 10_000_000_000_000
LARGEST_NUMBER = 2**63 - 1
TOO_LONG = "9" + "0" * 20  # in place of whole numbers that no engine's 64 bits hold; too long for every kind
NOT_WHOLE = "0.5"
