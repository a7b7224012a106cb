"""Numbers in text: digits with blanks, dashes, points or line ends between, anywhere in a cell.

What belongs here: cutting text into runs of groups of digits, and what of a run begins and ends with a group. What must
not: characters that are no plain digits (disguises), or whether it is a number of the case (own_numbers).

Most cells of a column are written alike, so what can be a number in a run is worked out once for each shape.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import polars as pl

from samkorning.delivery.number_scan.digit_runs import FEWEST, MOST, NO_WINDOWS, OVERLAP, cut, windows_of_digits
from samkorning.delivery.number_scan.spellings import Spelling

_RUN = f"[0-9](?:[^0-9A-Za-z:]{{0,3}}[0-9]){{{FEWEST - 1},}}"  # a colon makes a time of day
USUAL_WAYS = frozenset({"8 4", "6 4", "4 2 2 4", "2 2 2 4", "2 2 4 4", "2 6 4", "4 4 4", "3 3 3 3", "1 3 3 3"})
"""Groups in which people write numbers; all others are one way together."""
AMONG_WORDS, OTHER_WAY = "among words", "other groups"
_LONGEST_RUN, _LONGEST_NUMBER = 400, 60  # characters; longer runs, such as lists of numbers, are cut


class _Place(NamedTuple):
    """Where in a run's digits something could be a number."""

    shape: str
    way: str
    start: int
    length: int


class _Reading(NamedTuple):
    """How so many digits make ten, or nine where there is no check digit: slices (start, length) in their order."""

    spelling: Spelling
    length: int
    order: tuple[tuple[int, int], ...]
    century: tuple[int, int] | None = None
    checked: bool = True
    backwards: bool = False


_READINGS = (
    _Reading(Spelling.GROUPS, 12, ((2, 10),), (0, 2)),
    _Reading(Spelling.GROUPS, 10, ((0, 10),)),
    _Reading(Spelling.DAY_FIRST, 12, ((6, 2), (2, 2), (0, 2), (8, 4)), (4, 2)),
    _Reading(Spelling.DAY_FIRST, 10, ((4, 2), (2, 2), (0, 2), (6, 4))),
    _Reading(Spelling.REVERSED, 12, ((2, 10),), (0, 2), backwards=True),
    _Reading(Spelling.REVERSED, 10, ((0, 10),), backwards=True),
    _Reading(Spelling.NO_CHECK_DIGIT, 11, ((2, 9),), (0, 2), checked=False),
    _Reading(Spelling.NO_CHECK_DIGIT, 9, ((0, 9),), checked=False),
    _Reading(Spelling.LOST_ZERO, 9, ((0, 9),)),
)
_LENGTHS = frozenset(reading.length for reading in _READINGS)
_MOST_DIGITS = max(_LENGTHS)


def windows_of_text(cells: pl.DataFrame) -> pl.DataFrame:
    """The windows of cells of text: ``row`` and ``text``, plain digits and any characters between them."""
    runs = cells.select("row", pl.col("text").str.extract_all(_RUN)).explode("text").drop_nulls()
    if runs.is_empty():
        return NO_WINDOWS
    grouped = runs["text"].str.contains("[^0-9]")
    found = [_of_plain_runs(runs.filter(~grouped))]
    if grouped.any():
        found += [_of_grouped_runs(runs.filter(grouped)), _of_long_groups(runs.filter(grouped))]
    return pl.concat(found).unique(["row", "value", "spelling"], keep="first", maintain_order=True)


def _of_plain_runs(runs: pl.DataFrame) -> pl.DataFrame:
    runs = cut(runs, MOST, OVERLAP)
    return windows_of_digits(runs["row"], runs["text"]).with_columns(pl.lit(AMONG_WORDS).alias("way"))


def _of_long_groups(runs: pl.DataFrame) -> pl.DataFrame:
    """What one group alone holds beside more digits than a number has, as in a list of long codes."""
    groups = runs.select("row", pl.col("text").str.extract_all(f"[0-9]{{{FEWEST + 2},}}")).explode("text").drop_nulls()
    return _of_plain_runs(groups.filter(pl.col("text").str.len_bytes() != 12))


def _of_grouped_runs(runs: pl.DataFrame) -> pl.DataFrame:
    groups = cut(runs, _LONGEST_RUN, _LONGEST_NUMBER)
    groups = groups.with_columns(pl.col("text").str.replace_all("[^0-9]+", " ").str.strip_chars(" "))
    digits = pl.col("text").str.replace_all(" ", "", literal=True).alias("digits")
    shaped = groups.select("row", digits, pl.col("text").str.replace_all("[0-9]", "0").alias("shape"))
    places = [place for shape in shaped["shape"].unique().to_list() for place in _places(shape)]
    table = pl.DataFrame(places, schema=list(_Place._fields), orient="row") if places else None
    if table is None:
        return NO_WINDOWS
    placed = shaped.join(table, on="shape").with_columns(pl.col("digits").str.slice(pl.col("start"), pl.col("length")))
    found = (_windows(placed.filter(pl.col("length") == reading.length), reading) for reading in _READINGS)
    return pl.concat(found)


@lru_cache(maxsize=10_000)
def _places(shape: str) -> tuple[_Place, ...]:
    """What in a shape (``0000 00 00 0000``) begins and ends with a group and has the length of a number."""
    lengths = [len(group) for group in shape.split(" ")]
    ends = [0, *accumulate(lengths)]
    return tuple(_aligned(shape, lengths, ends))


def _aligned(shape: str, lengths: list[int], ends: list[int]) -> Iterator[_Place]:
    for first, start in enumerate(ends):
        for last in range(first + 1, len(ends)):
            length = ends[last] - start
            if length > _MOST_DIGITS:
                break
            if length in _LENGTHS:
                way = " ".join(map(str, lengths[first:last]))
                usual = way if way in USUAL_WAYS else AMONG_WORDS if last == first + 1 else OTHER_WAY
                yield _Place(shape, usual, start, length)


def _windows(tokens: pl.DataFrame, reading: _Reading) -> pl.DataFrame:
    digits = pl.col("digits").str.reverse() if reading.backwards else pl.col("digits")
    ten = pl.concat_str([digits.str.slice(start, length) for start, length in reading.order]).cast(pl.Int64)
    written = pl.lit(None, pl.Int64) if reading.century is None else digits.str.slice(*reading.century).cast(pl.Int64)
    return tokens.select(
        "row",
        (ten if reading.checked else ten * 10).alias("value"),
        written.alias("century"),
        pl.lit(reading.checked).alias("checked"),
        _spelling(reading).alias("spelling"),
        "way",
    )


def _spelling(reading: _Reading) -> pl.Expr:
    """One group alone is no grouping, though others stand beside it."""
    if reading.spelling is not Spelling.GROUPS:
        return pl.lit(reading.spelling.value)
    alone = Spelling.TWELVE if reading.length == 12 else Spelling.TEN
    return pl.when(pl.col("way") == AMONG_WORDS).then(pl.lit(alone.value)).otherwise(pl.lit(Spelling.GROUPS.value))
