"""Where each of many numbers stands in a table, without searching: a page of bits for every day of birth.

What belongs here: building the pages and finding places in them. What must not: tables too scattered for pages
(searching), or what is found there.

A person's number is a day and four digits. Ten thousand numbers share a page; a page is cut into fields of 32 numbers,
and a field holds which of them are in the table and how many are in all fields before it. A number's place is that
count and the bits below its own: two reads, whatever the size of the table. Numbers of other kinds do as well, as long
as they crowd on few pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

ON_A_PAGE, IN_A_FIELD = 10_000, 32
FIELDS = -(-ON_A_PAGE // IN_A_FIELD)
BYTES_A_PAGE = FIELDS * 8
BYTES_BEFORE = 6
"""Memory of every page between the first and the last, with numbers or without: where its fields begin."""
BYTES_ANYHOW, BYTES_A_ROW = 16 * 2**20, 130
"""Pages that take more than this for a table's rows hold too little; a search does as well."""
ROWS_AT_ONCE = 100_000
NOBODY = -1
"""Stands for a missing number; no table holds it."""

Whole = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint32]
Rows = TypeVar("Rows", pl.Series, pl.DataFrame)


@dataclass(frozen=True)
class NumberPages:
    """Places of numbers: ``starts`` says at which field a page begins, from the page before ``least`` on.

    The page before the first and the one behind the last, like all that hold nothing, are one empty page.
    """

    least: int
    starts: npt.NDArray[np.int32]
    fields: npt.NDArray[np.uint64]

    def places(self, wanted: pl.Series) -> pl.Series:
        """Where each number stands among the table's in their order (UInt32); null where it does not."""
        field, bit = self._field_and_bit(_whole(wanted))
        held = self.fields.take(field)
        bits = held.astype(np.uint32)
        places = (held >> np.uint64(32)).astype(np.uint32) + _counted(bits & (bit - np.uint32(1)))
        found = pl.DataFrame({"there": (bits & bit) != 0, "place": places})
        return found.select(pl.when("there").then("place")).to_series()

    def _field_and_bit(self, numbers: Whole) -> tuple[Whole, Bits]:
        page = numbers // ON_A_PAGE
        rest = numbers - page * ON_A_PAGE
        start = self.starts.take(page - (self.least - 1), mode="clip")
        return start + (rest >> 5), np.left_shift(np.uint32(1), (rest & (IN_A_FIELD - 1)).astype(np.uint32))


def pages_of(numbers: pl.Series, most_bytes: int) -> NumberPages | None:
    """The pages of a table's numbers (Int64, each once); nothing where they would take too much or one is below 0."""
    ends = pl.DataFrame({"number": numbers}).select(least=pl.min("number"), greatest=pl.max("number")).row(0)
    if None in ends or ends[0] < 0:
        return None
    most_bytes = min(most_bytes, BYTES_ANYHOW + BYTES_A_ROW * len(numbers))
    least, greatest = (end // ON_A_PAGE for end in ends)
    before = (greatest - least + 3) * BYTES_BEFORE
    if before > most_bytes:
        return None
    there = np.zeros(greatest - least + 3, dtype=bool)
    for some in slices_of(numbers):
        there[_whole(some) // ON_A_PAGE - (least - 1)] = True
    count = int(there.sum())
    if before + (count + 1) * BYTES_A_PAGE > most_bytes:
        return None
    starts = np.where(there, np.cumsum(there, dtype=np.int32), np.int32(0)) * np.int32(FIELDS)
    pages = NumberPages(least, starts, np.zeros((count + 1) * FIELDS, dtype=np.uint64))
    _fill(pages, numbers)
    return pages


def _fill(pages: NumberPages, numbers: pl.Series) -> None:
    """Sets every number's bit, and before every field the count of those that went before."""
    bits, before = np.zeros(len(pages.fields), dtype=np.uint32), 0
    for some in slices_of(numbers):
        np.add.at(bits, *pages._field_and_bit(_whole(some)))  # each once, so adding sets a bit
    for first in range(0, len(bits), ROWS_AT_ONCE):
        here, fields = bits[first : first + ROWS_AT_ONCE], pages.fields[first : first + ROWS_AT_ONCE]
        counts = _counted(here)
        np.cumsum(counts, dtype=np.uint64, out=fields)
        fields += np.uint64(before)
        before = int(fields[-1])
        fields -= counts
        fields <<= np.uint64(32)
        fields |= here
    if before != len(numbers):
        raise ValueError("a number stands twice in a table that is looked up in")


def slices_of(rows: Rows) -> Iterator[Rows]:
    """Rows some at a time, so that what is reckoned of them stays in what the processor holds."""
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows.slice(first, ROWS_AT_ONCE)


def _whole(numbers: pl.Series) -> Whole:
    held: Whole = numbers.fill_null(NOBODY).to_numpy()
    return held


def _counted(bits: Bits) -> npt.NDArray[Any]:
    return np.bitwise_count(bits)
