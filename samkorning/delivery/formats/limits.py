"""Limits that the formats of statistics programs share: which numbers and which text they do not hold.

What belongs here: finding these among what is known of the columns. What must not: how a value is written.
"""

from collections.abc import Iterator, Sequence

from samkorning.delivery.formats.columns import Column
from samkorning.delivery.formats.format import Refusal

FIRST_INEXACT = 2**53


def number_refusals(columns: Sequence[Column], greatest: float, least: float = 0.0) -> Iterator[Refusal]:
    """Whole numbers that would lose digits, infinity and no number, and what lies outside the format's range.

    :param greatest: the farthest from nought that is a number of the format.
    :param least: the nearest to nought.
    """
    for column in columns:
        if column.kind == "integer" and column.farthest is not None and column.farthest > FIRST_INEXACT:
            yield Refusal(column.name, "has whole numbers beyond 2^53, which would lose digits")
        if not column.finite:
            yield Refusal(column.name, "has numbers that are infinite or none")
        if column.kind != "decimal" or column.farthest is None or column.nearest is None:
            continue
        if column.farthest > greatest or column.nearest < least:
            yield Refusal(column.name, "has numbers larger or smaller than the format holds")


def text_refusals(columns: Sequence[Column], longest: int) -> Iterator[Refusal]:
    """Text that is too long, in bytes, or that NUL would end."""
    for column in columns:
        if column.kind == "text" and column.width > longest:
            yield Refusal(column.name, f"has text longer than {longest} bytes")
        if column.kind == "text" and column.nul:
            yield Refusal(column.name, "has text with a NUL character")


def whole_width(column: Column) -> int:
    """Characters of the longest whole number of a column, its sign with it."""
    return len(str(int(column.farthest))) + 1 if column.farthest else max(column.width, 1)
