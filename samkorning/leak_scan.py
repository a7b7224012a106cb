"""The leak scan: identity numbers where none may be.

What belongs here: finding number-shaped text in a table that leaves or a text that is stored. What must not: deciding
what happens then (a blocking check does).
"""

import re

import polars as pl

from samkorning.identity import IdentityRules, diagnose

NUMBER_SHAPED = (
    r"(?:(?:19|2[0-2])?[0-9]{2}(?:0[0-9]|1[0-2])(?:0[1-9]|[1-2][0-9]|3[0-1]|[67][0-9]|8[0-9]|9[0-1])[-+ ]?[0-9]{4})"
)
"""Ten or twelve digits that could be an identity number: month 00-12, day 01-31, or 60-91 for coordination numbers."""

_IN_TEXT = re.compile(rf"(?<![0-9A-Za-z.]){NUMBER_SHAPED}(?![0-9A-Za-z]|\.[0-9])")
REDACTED = "[number]"
TWELVE_DIGITS = 10**11


def redact_numbers(text: str) -> str:
    """The text with everything that has the shape of an identity number replaced."""
    return _IN_TEXT.sub(REDACTED, text)


def columns_with_identity_numbers(frame: pl.LazyFrame, known: pl.LazyFrame, rules: IdentityRules) -> dict[str, int]:
    """How many values of each column hold an identity number, for the columns that hold any.

    A number with separator or of twelve digits counts when it is a valid identity number, ten bare digits when they are
    a number of the case: ten digits are common in ordinary data, and one in some hundred has a valid form.

    :param frame: what is to leave.
    :param known: column ``number`` (Int64): every number in the code key and its history.
    :param rules: identity rules of the case.
    """
    counts = {
        name: _count(_tokens(frame, name, dtype), known, rules)
        for name, dtype in frame.collect_schema().items()
        if dtype == pl.String or dtype.is_integer()
    }
    return {name: count for name, count in counts.items() if count}


def _tokens(frame: pl.LazyFrame, name: str, dtype: pl.DataType) -> pl.LazyFrame:
    """Number-shaped pieces of a column, one a row, spelled as they stand."""
    column = pl.col(name)
    if dtype.is_integer():
        wide = frame.filter(column >= TWELVE_DIGITS // 100).select(column.cast(pl.String).alias("token"))
        return wide.filter(pl.col("token").str.contains(f"^{NUMBER_SHAPED}$"))
    pieces = frame.select(column.str.extract_all(r"[0-9]{6,8}[-+ ]?[0-9]{4}").alias("token"))
    return pieces.explode("token").filter(pl.col("token").str.contains(f"^{NUMBER_SHAPED}$"))


def _count(tokens: pl.LazyFrame, known: pl.LazyFrame, rules: IdentityRules) -> int:
    diagnosed = diagnose(tokens, "token", rules).filter(pl.col("identity_problem").is_null())
    bare = pl.col("token").str.contains("^[0-9]{10}$")
    certain = diagnosed.filter(~bare)
    of_the_case = diagnosed.filter(bare).join(
        known.select("number"), left_on="identity_number", right_on="number", how="semi"
    )
    return int(pl.concat([certain, of_the_case]).select(pl.len()).collect().item())
