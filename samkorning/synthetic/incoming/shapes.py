"""How a number stands in a file: digits, separators, lost zeros and damage.

What belongs here: one written form for each shape, and the draw of shapes in realistic shares. What must not: which
persons are in which file. Ten digits carry a separator (plus sign from the year the person turns 100), or belong to a
person whose century the reference date settles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from samkorning.synthetic.draws import Draws, weighted
from samkorning.synthetic.identity_numbers import check_digit
from samkorning.synthetic.years import NEW_YEAR


class Outcome(StrEnum):
    """What linkage must make of a row."""

    LINKED = "linked"
    UNKNOWN_PERSON = "unknown_person"
    MISSING = "missing"
    DAMAGED = "damaged"


class Shape(StrEnum):
    """How the number is written in the row."""

    TWELVE = "twelve_digits"
    TWELVE_HYPHEN = "twelve_digits_hyphen"
    TEN_SEPARATOR = "ten_digits_separator"
    TEN = "ten_digits"
    LOST_ZERO = "lost_leading_zero"
    BAD_CHECK_DIGIT = "bad_check_digit"
    IMPOSSIBLE_DATE = "impossible_date"
    LETTERS = "letters"
    MISSING = "missing"


_NO_NUMBER = weighted({"NA": 2, "okänd": 1}, missing=5)


@dataclass(frozen=True)
class FileShares:
    """How common the special rows are, as shares of a file's rows; each at least one row where above 0.

    ``former`` is the share of changed persons' rows that carry a former number; ``lost_zero`` the share of the
    ten-digit rows of persons born 2201-2209; ``strangers`` the share of persons outside the population in other
    holders' files.

    With ``lost_zero`` above 0 the truth holds for a case that allows the repair of a lost leading zero.
    """

    duplicates: float = 0.003
    bad_check_digit: float = 0.003
    impossible_date: float = 0.001
    letters: float = 0.001
    missing: float = 0.002
    lost_zero: float = 0.1
    former: float = 0.3
    strangers: float = 0.03


def clean_shapes(weights: Mapping[Shape, int]) -> pl.Series:
    """A table of undamaged shapes to choose from."""
    return weighted({shape.value: weight for shape, weight in weights.items()})


def draw_clean_shape(draws: Draws, table: pl.Series, lost_zero: float) -> pl.Expr:
    """A shape for each row's ``number``: ten bare digits only where the reference date settles the century."""
    year = pl.col("number") // 10**8
    drawn = draws.choose("shape", table)
    unsettled = (drawn == Shape.TEN) & (year <= NEW_YEAR - 100)
    ten_digits = drawn.is_in([Shape.TEN.value, Shape.TEN_SEPARATOR.value])
    lost = ten_digits & year.is_between(2201, 2209) & draws.chance("lost zero", lost_zero)
    return (
        pl.when(lost)
        .then(pl.lit(Shape.LOST_ZERO.value))
        .when(unsettled)
        .then(pl.lit(Shape.TEN_SEPARATOR.value))
        .otherwise(drawn)
        .alias("shape")
    )


def written(draws: Draws) -> pl.Expr:
    """The text in the file for the row's ``number`` and ``shape``; null or a word for nothing where it is missing."""
    text = pl.col("number").cast(pl.String)
    separator = pl.when(pl.col("number") // 10**8 <= NEW_YEAR - 100).then(pl.lit("+")).otherwise(pl.lit("-"))
    forms = {
        Shape.TWELVE: text,
        Shape.TWELVE_HYPHEN: text.str.slice(0, 8) + "-" + text.str.slice(8, 4),
        Shape.TEN_SEPARATOR: text.str.slice(2, 6) + separator + text.str.slice(8, 4),
        Shape.TEN: text.str.slice(2, 10),
        Shape.LOST_ZERO: text.str.slice(3, 9),
        Shape.BAD_CHECK_DIGIT: _wrong_check_digit(draws),
        Shape.IMPOSSIBLE_DATE: _impossible_date(draws),
        Shape.LETTERS: _letter_for_digit(text),
        Shape.MISSING: draws.choose("no number", _NO_NUMBER),
    }
    shape = pl.col("shape")
    return pl.coalesce([pl.when(shape == name.value).then(form) for name, form in forms.items()])


def _wrong_check_digit(draws: Draws) -> pl.Expr:
    number = pl.col("number")
    wrong = (number % 10 + 1 + draws.below("wrong digit", 9)) % 10
    return (number // 10 * 10 + wrong).cast(pl.String)


def _impossible_date(draws: Draws) -> pl.Expr:
    """Month 13-19 with a correct check digit, so that the date alone is wrong."""
    number = pl.col("number")
    month = 13 + draws.below("wrong month", 7)
    eleven = number // 10**8 * 10**7 + month * 10**5 + number // 10 % 10**5
    return (eleven * 10 + check_digit(eleven % 10**9)).cast(pl.String)


def _letter_for_digit(text: pl.Expr) -> pl.Expr:
    """The first digit of the month, 0 or 1, read as the letter it looks like."""
    letter = pl.when(text.str.slice(4, 1) == "0").then(pl.lit("O")).otherwise(pl.lit("l"))
    return text.str.slice(0, 4) + letter + text.str.slice(5, 7)
