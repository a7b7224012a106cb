"""Numbers that are disguised in a text of an order: backwards, or with letters for digits, as the leak scan finds them.

What belongs here: the disguises that no ordinary text has by chance. What must not: usual spellings (free_text), or the
case's own numbers, which the leak scan knows and an order does not yet (samkorning.delivery.number_scan).

Only twelve digits count, with the hyphen of a number or without, and their century, date and check digit must hold:
of random digits that is one text in five thousand. Ten digits backwards are a date in one of thirty, and are left to
the scan.
"""

import re

from samkorning.identity.free_text import RULES, plain
from samkorning.identity.single import diagnose_value

_CENTURIES = ("18", "19", "20", "21", "22")
_AS_DIGITS = str.maketrans("OIL|", "0111")
_LETTERED = re.compile("(?<![0-9A-Z|])[0-9OIL|]{8}[-+ ]?[0-9OIL|]{4}(?![0-9A-Z|])")
_BACKWARDS = re.compile("(?<![0-9])[0-9]{4}[-+ ]?[0-9]{8}(?![0-9])")


def is_disguised(text: str) -> bool:
    """Whether anything in the text is an identity number backwards, or with letters that look like its digits."""
    flat = plain(text)[0]
    backwards = (found[0][::-1] for found in _BACKWARDS.finditer(flat))
    lettered = (found[0].translate(_AS_DIGITS) for found in _LETTERED.finditer(flat))
    return any(_holds(each) for each in (*backwards, *lettered))


def _holds(written: str) -> bool:
    digits = re.sub("[^0-9]", "", written)
    return digits[:2] in _CENTURIES and diagnose_value(digits, RULES).problem is None
