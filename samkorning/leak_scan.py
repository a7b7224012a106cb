"""The leak scan: identity numbers where none may be.

What belongs here: finding number-shaped text in a table that leaves or a text that is stored. What must not: deciding
what happens then (a blocking check does).
"""

import re
import unicodedata
from pathlib import Path

import polars as pl

from samkorning.errors import NotFound
from samkorning.free_text import REDACTED, without_numbers
from samkorning.identity import IdentityRules, diagnose

_DAY = "(?:19|2[0-2])?[0-9]{2}(?:0[0-9]|1[0-2])(?:0[1-9]|[1-2][0-9]|3[0-1]|[67][0-9]|8[0-9]|9[0-1])"
NUMBER_SHAPED = f"(?:{_DAY}[-+ ]?[0-9]{{4}})"
"""Ten or twelve digits that could be an identity number: month 00-12, day 01-31, or 60-91 for coordination numbers."""

_IN_NAME = re.compile(f"(?<![0-9]){_DAY}[-+ _.]?[0-9]{{3}}[0-9X](?![0-9])", re.IGNORECASE)
_IN_TEXT = re.compile(rf"(?<![0-9A-Za-z.]){NUMBER_SHAPED}(?![0-9A-Za-z]|\.[0-9])")
TEN_DIGITS = "^[0-9]{10}$"
_TEN_DIGITS_WORTH = 10_000_000_000
_PIECE = "[0-9]{6,8}[-+ ]?[0-9]{4}"
SHORTEST_TEXT = 8
"""Codes of workplaces can be shorter, and are ordinary values then."""


def redact_numbers(text: str) -> str:
    """The text with everything that has the shape of an identity number replaced."""
    return _IN_TEXT.sub(REDACTED, text)


def redact_file_name(name: str) -> str:
    """The name of a file or folder without a number that somebody named it after; letters may stand close to it."""
    return _IN_NAME.sub(REDACTED, without_numbers(readable_name(name)))


def no_file(path: Path) -> NotFound:
    """That no such file is there; somebody may have typed a number in the place of its name."""
    return NotFound(f"no file {redact_file_name(path.name)} there")


def readable_name(name: str) -> str:
    """The name with ``\ufffd`` for bytes that are no characters, and for line ends and other controls.

    A name can be any bytes, and a database, a log or a page cannot.
    """
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c for c in readable)


def columns_with_identity_numbers(
    frame: pl.LazyFrame, known: pl.LazyFrame, rules: IdentityRules, known_texts: pl.LazyFrame | None = None
) -> dict[str, int]:
    """How many values of each column hold an identity number, for the columns that hold any.

    A number with separator or of twelve digits counts when it is a valid identity number, ten bare digits when they are
    a number of the case: ten digits are common in ordinary data, and one in some hundred has a valid form. Identities
    that are text count when a whole cell is one of the case's.

    :param frame: what is to leave.
    :param known: column ``number`` (Int64): every number in the code key and its history.
    :param rules: identity rules of the case.
    :param known_texts: column ``text``: identities of the case that are text, where it has any.
    """
    searched = [(name, dtype) for name, dtype in frame.collect_schema().items() if _can_hold(dtype)]
    if not searched:
        return {}
    tokens = pl.concat([_tokens(frame, name, dtype) for name, dtype in searched])
    diagnosed = diagnose(tokens, "token", rules.for_scanning()).filter(pl.col("identity_problem").is_null())
    bare = pl.col("token").str.contains(TEN_DIGITS)
    last_ten = known.filter(pl.col("number") >= _TEN_DIGITS_WORTH).select(pl.col("number") % _TEN_DIGITS_WORTH)
    of_the_case = diagnosed.filter(bare).join(
        last_ten, left_on=pl.col("identity_number") % _TEN_DIGITS_WORTH, right_on="number", how="semi"
    )
    found = [diagnosed.filter(~bare).select("column"), of_the_case.select("column")]
    found += _known_cells(frame, known_texts) if known_texts is not None else []
    hits = pl.concat(found).group_by("column").len().sort("column")
    return dict(hits.collect(engine="streaming").iter_rows())


def cells_with_identity_numbers(cells: pl.Series, rules: IdentityRules) -> pl.Series:
    """Which cells of a text column hold an identity number (Boolean): with separator or of twelve digits, and valid."""
    places = pl.int_range(cells.len(), dtype=pl.Int64, eager=True).alias("place")
    pieces = pl.DataFrame([places, cells.str.extract_all(_PIECE).alias("token")]).explode("token")
    shaped = pl.col("token").str.contains(f"^{NUMBER_SHAPED}$") & ~pl.col("token").str.contains(TEN_DIGITS)
    found: pl.DataFrame = diagnose(pieces.filter(shaped), "token", rules.for_scanning())
    held = found.filter(pl.col("identity_problem").is_null())["place"]
    return places.is_in(held.unique().implode())


def _known_cells(frame: pl.LazyFrame, known_texts: pl.LazyFrame) -> list[pl.LazyFrame]:
    """For each column of text, its name once for every cell that is an identity of the case."""
    texts = known_texts.select("text").filter(pl.col("text").str.len_chars() >= SHORTEST_TEXT)
    cells = {
        name: frame.select(pl.col(name).str.to_uppercase().str.replace_all("[- ]", "").alias("text"))
        for name, dtype in frame.collect_schema().items()
        if dtype == pl.String
    }
    return [
        column.join(texts, on="text", how="semi").with_columns(column=pl.lit(name)).select("column")
        for name, column in cells.items()
    ]


def _can_hold(dtype: pl.DataType) -> bool:
    """Whether a column of that type can hold ten digits."""
    return dtype == pl.String or dtype.is_float() or dtype in (pl.Int64, pl.UInt64, pl.Int128)


def _tokens(frame: pl.LazyFrame, name: str, dtype: pl.DataType) -> pl.LazyFrame:
    """Number-shaped pieces of a column, one a row, spelled as they stand, and the column's name."""
    column, named = pl.col(name), pl.lit(name).alias("column")
    if dtype.is_numeric():
        whole = column.cast(pl.Int64, strict=False)
        wide = frame.select(whole.cast(pl.String).alias("token")).filter(pl.col("token").str.len_chars() >= 10)
        return wide.filter(pl.col("token").str.contains(f"^{NUMBER_SHAPED}$")).with_columns(named)
    pieces = frame.select(column.str.extract_all(_PIECE).alias("token"))
    return pieces.explode("token").filter(pl.col("token").str.contains(f"^{NUMBER_SHAPED}$")).with_columns(named)
