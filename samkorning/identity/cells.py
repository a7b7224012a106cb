"""Cells of text columns that hold an identity number, whoever's it is.

What belongs here: finding them in incoming files. What must not: identifier columns (diagnosis), or single texts
(free_text, redaction).
"""

import polars as pl

from samkorning.identity.diagnosis import diagnose
from samkorning.identity.redaction import NUMBER_SHAPED
from samkorning.identity.rules import IdentityRules

TEN_DIGITS = "^[0-9]{10}$"
_NUMBER_LIKE = "[0-9]{6,8}[-+ ]?[0-9]{4}"


def cells_with_identity_numbers(cells: pl.Series, rules: IdentityRules) -> pl.Series:
    """Which cells of a text column hold an identity number (Boolean): with separator or of twelve digits, and valid."""
    places = pl.int_range(cells.len(), dtype=pl.Int64, eager=True).alias("place")
    candidates = pl.DataFrame([places, cells.str.extract_all(_NUMBER_LIKE).alias("token")]).explode("token")
    shaped = pl.col("token").str.contains(f"^{NUMBER_SHAPED}$") & ~pl.col("token").str.contains(TEN_DIGITS)
    found: pl.DataFrame = diagnose(candidates.filter(shaped), "token", rules.for_scanning())
    held = found.filter(pl.col("identity_problem").is_null())["place"]
    return places.is_in(held.unique().implode())
