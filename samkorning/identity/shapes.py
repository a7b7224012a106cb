"""How a value is written: from cell text to digits, separator and form.

What belongs here: blanks, quotes, separators, floats, lost zeros, placeholders: everything about writing. What must
not: dates, centuries and check digits, which say whether the digits are a person (national).

Regular expressions name their characters one by one: engines disagree on what counts as a digit or a blank.
"""

from enum import StrEnum

import narwhals as nw

BLANKS = "[ \t\r\n\u00a0\u2007\u2009\u200b\u202f\ufeff]"
QUOTES = "\"'`\u00b4\u2018\u2019\u201c\u201d\u00ab\u00bb"
DASHES = "[\u2010\u2011\u2012\u2013\u2014\u2212]"
FOREIGN_DIGITS = "[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff10-\uff19]"
PLACEHOLDER_WORDS = (
    "NA", "N/A", "#N/A", "NAN", "NULL", "NONE", "NIL", "OKÄND", "OKÄNT", "OKAND", "UNKNOWN", "SAKNAS", "SAKNAR",
    "MISSING", "UPPGIFTSAKNAS", "EJANGIVET", "EJKÄND", "INGET", "INGEN", "TOM", "BLANK", "TEST",
)  # fmt: skip
PLACEHOLDER_SIGNS = "^([-+?.*/_#=]+|X+|0+|1{4,}|2{4,}|3{4,}|4{4,}|5{4,}|6{4,}|7{4,}|8{4,}|9{4,})$"
ALL_SAME_DIGIT = 111_111_111_111

TWELVE = "^[0-9]{12}$"
WRITTEN_TWELVE = "^[0-9]{8}[-+]?[0-9]{4}$"
WRITTEN_TEN = "^[0-9]{6}[-+]?[0-9]{4}$"
WRITTEN_SHORT = "^[0-9]{3,5}[-+]?[0-9]{4}$"
WRITTEN_FLOAT = "^([0-9]{12}|[0-9]{7,10})[.,]0+$"
FULL_EXPONENT = "^[1-9][.,]([0-9]{11}E[+]?11|[0-9]{9}E[+]?0?9)$"
ANY_EXPONENT = "^[0-9]+([.,][0-9]*)?E[+-]?[0-9]+$"
DIGITS_ONLY = "^[0-9]+$"
DIGITS_AND_SIGNS = "^[-+0-9]+$"
KNOWN_CHARACTERS = "^[-+.,0-9A-Za-z]+$"


class Form(StrEnum):
    """How the value is written; only what is not plainly twelve digits has one."""

    MISSING = "missing"
    PLACEHOLDER = "placeholder"
    TWELVE = "twelve"
    TEN = "ten"
    SHORT = "short"  # seven to nine digits: leading zeros are lost
    FLOAT = "float"
    FULL_EXPONENT = "full_exponent"
    EXPONENT = "exponent"
    FOREIGN_DIGITS = "foreign_digits"
    BAD_CHARACTER = "bad_character"
    BAD_SEPARATOR = "bad_separator"
    BAD_LENGTH = "bad_length"
    OTHER = "other"  # letters and digits: perhaps a reserve number


def cleaned(text: nw.Expr) -> nw.Expr:
    """The value without blanks and surrounding quotes, every dash a hyphen."""
    return text.str.replace_all(BLANKS, "").str.strip_chars(QUOTES).str.replace_all(DASHES, "-")


def form(clean: nw.Expr, upper: nw.Expr) -> nw.Expr:
    """The form of each cleaned value; null where the value is plainly twelve digits."""
    steps = [
        (clean == "", Form.MISSING),
        (upper.is_in(PLACEHOLDER_WORDS) | upper.str.contains(PLACEHOLDER_SIGNS), Form.PLACEHOLDER),
        (clean.str.contains(WRITTEN_TWELVE), Form.TWELVE),
        (clean.str.contains(WRITTEN_TEN), Form.TEN),
        (clean.str.contains(WRITTEN_SHORT), Form.SHORT),
        (clean.str.contains(WRITTEN_FLOAT), Form.FLOAT),
        (upper.str.contains(FULL_EXPONENT), Form.FULL_EXPONENT),
        (upper.str.contains(ANY_EXPONENT), Form.EXPONENT),
        (clean.str.contains(FOREIGN_DIGITS), Form.FOREIGN_DIGITS),
        (~clean.str.contains(KNOWN_CHARACTERS), Form.BAD_CHARACTER),
        (clean.str.contains(DIGITS_ONLY), Form.BAD_LENGTH),
        (clean.str.contains(DIGITS_AND_SIGNS), Form.BAD_SEPARATOR),
        (~clean.is_null(), Form.OTHER),
    ]
    return chain([(condition, nw.lit(str(name))) for condition, name in steps])


def digits(clean: nw.Expr, form_column: nw.Expr) -> nw.Expr:
    """The digits as text of every value that is a number however written; null for all others."""
    bare = clean.str.replace_all("[-+]", "")
    return chain(
        [
            (form_column.is_in([Form.TWELVE, Form.TEN, Form.SHORT]), bare),
            (form_column == Form.FLOAT, clean.str.replace_all("[.,]0+$", "")),
            (form_column == Form.FULL_EXPONENT, clean.str.replace_all("[Ee].*$", "").str.replace_all("[.,]", "")),
        ]
    )


def chain(steps: list[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr | None = None) -> nw.Expr:
    """The value of the first condition that holds, else ``otherwise`` (null)."""
    result = nw.lit(None) if otherwise is None else otherwise
    for condition, value in reversed(steps):
        result = nw.when(condition).then(value).otherwise(result)
    return result


def separator(clean: nw.Expr) -> nw.Expr:
    """The sign before the last four digits: ``-``, ``+`` or nothing."""
    before_last_four = clean.str.tail(5).str.head(1)
    return nw.when(before_last_four.is_in(["-", "+"])).then(before_last_four).otherwise(nw.lit(""))
