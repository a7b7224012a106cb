"""Valid numbers of persons who are not in the case.

What belongs here: what in the windows is a valid national number, and what chance makes valid. What must not: the
case's own numbers (own_numbers).

One in ten of the numbers that have a date and any four digits behind it has a right check digit. So time stamps show
what they are: nine of ten are wrong. In a column of persons' numbers they are right.
"""

from typing import Any

import narwhals as nw
import polars as pl

from samkorning.delivery.number_scan.own_numbers import TAIL, TEN_DIGITS
from samkorning.delivery.number_scan.spellings import Spelling
from samkorning.identity import IdentityRules
from samkorning.identity.kinds import FIRST_SYNTHETIC_YEAR, FIRST_YEAR, LAST_SYNTHETIC_YEAR
from samkorning.identity.luhn import luhn_holds
from samkorning.identity.national import coordination_date, real_date

WRONG_TO_RIGHT = 9
RIGHT_BY_CHANCE = 0.1
_WAYS = ("8 4", "6 4")
_ANY_CENTURY = 20  # has the leap years of every century that ten digits can be of


def of_strangers(windows: pl.DataFrame, rules: IdentityRules) -> pl.DataFrame:
    """The windows that are written as numbers are and begin with a date of birth that can be.

    Adds ``own`` (Boolean: the check digit is right) and ``weight`` (Float64); ``way`` is ``""`` where nothing but
    twelve digits is written.
    """
    grouped = (pl.col("spelling") == Spelling.GROUPS.value) & pl.col("way").is_in(_WAYS)
    written = windows.filter(grouped | (pl.col("spelling") == Spelling.TWELVE.value))
    judged: pl.DataFrame = _judged(written, rules) if written.height else written.with_columns(own=pl.lit(False))
    weight = pl.lit(1 / WRONG_TO_RIGHT).alias("weight")
    return judged.with_columns(weight, pl.lit(Spelling.STRANGER.value).alias("spelling"))


def _judged(windows: pl.DataFrame, rules: IdentityRules) -> Any:
    """The windows whose first digits are a date in the right years, and whether the check digit is right."""
    day = (nw.col("century").fill_null(_ANY_CENTURY) * (TEN_DIGITS // TAIL) + nw.col("value") // TAIL).cast(nw.Int32)
    first, last = _years(rules)
    year = nw.col("day") // TAIL
    dated = (real_date(nw.col("day")) | coordination_date(nw.col("day"))) & (
        nw.col("century").is_null() | year.is_between(first, last)
    )
    birth_number = nw.col("value") % TAIL // 10 > 0
    right = luhn_holds(nw.col("value") // TAIL, nw.col("value") % TAIL) & birth_number
    frame = nw.from_native(windows).with_columns(day.alias("day")).filter(dated).with_columns(right.alias("own"))
    return frame.drop("day").to_native()


def _years(rules: IdentityRules) -> tuple[int, int]:
    """The years of birth that a case's numbers can have."""
    if rules.allow_synthetic:
        return FIRST_SYNTHETIC_YEAR, LAST_SYNTHETIC_YEAR
    return FIRST_YEAR, rules.reference_date.year
