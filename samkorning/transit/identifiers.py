"""Transit identifiers (transitidentiteter): drawn by chance for one hand-over, and never derived from anybody.

What belongs here: their form and the draw. What must not: whose they are (matching).

Twenty-four consonants hold 96 bits. No identity number and no serial number is written in letters alone, and without
vowels, I, L and O they make no word and cannot be misread as digits.
"""

import re
from collections.abc import Callable

import polars as pl

LETTERS = "BCDFGHJKMNPQRSTV"
LENGTH, NAME_LENGTH = 24, 12
IDENTIFIER = f"^[{LETTERS}]{{{LENGTH}}}$"
NAME = f"^[{LETTERS}]{{{NAME_LENGTH}}}$"
"""The name of a hand-over, which is drawn as well: what comes back is known by it."""

COLUMN = "~transit"
"""The column of transit identifiers in a file: no declared column's name can begin so."""
_OF_HEXADECIMAL = str.maketrans("0123456789abcdef", LETTERS)


def draw_identifiers(count: int, random_bytes: Callable[[int], bytes]) -> pl.Series:
    """Draw ``count`` transit identifiers (String, named ``transit``), none twice.

    ``random_bytes(n)`` gives n random bytes: ``os.urandom`` in service.
    """
    drawn = pl.Series("transit", [], dtype=pl.String)
    while drawn.len() < count:
        missing = count - drawn.len()
        letters = _letters(missing * LENGTH, random_bytes)
        new = [letters[start : start + LENGTH] for start in range(0, len(letters), LENGTH)]
        drawn = pl.concat([drawn, pl.Series("transit", new, dtype=pl.String)]).unique(maintain_order=True)
    return drawn


def draw_name(random_bytes: Callable[[int], bytes]) -> str:
    """Draw the name of a hand-over."""
    return _letters(NAME_LENGTH, random_bytes)


def is_name(text: str) -> bool:
    """Whether a text has the form of the name of a hand-over."""
    return re.fullmatch(NAME, text) is not None


def malformed(identifiers: pl.Series) -> int:
    """How many values are no transit identifiers."""
    return identifiers.len() - int(identifiers.str.contains(IDENTIFIER).fill_null(value=False).sum())


def _letters(count: int, random_bytes: Callable[[int], bytes]) -> str:
    """So many letters, each of sixteen equally likely ones; ``count`` is even."""
    return random_bytes(count // 2).hex().translate(_OF_HEXADECIMAL)
