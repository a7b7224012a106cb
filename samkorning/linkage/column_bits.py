"""The values of columns as bits that compare as the values do, missing last.

What belongs here: which bits a value has. What must not: what is ordered by them (row_places).

Of a text they are its bytes and its length, of a number its distance from the least; what is the same in all rows is
left out, so that a column of one digit takes four bits and one of one value none.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from samkorning.machine.text_views import LONGEST, text_halves

Words = npt.NDArray[np.uint64]

_FOUR_BYTES = np.uint64(0xFFFFFFFF)
_SIGN = np.uint64(1 << 63)


class ColumnBits:
    """The bits of all rows, column by column, as far as all of a column can be said in bits."""

    def __init__(self, rows: pl.DataFrame, columns: Sequence[str]) -> None:
        """``rows`` lie in one piece."""
        self._height = rows.height
        self._following = chain.from_iterable(_bits(rows[name]) for name in columns)
        self._values, self._width = np.zeros(0, dtype=np.uint64), 0
        self.are_used_up, self.are_all = not columns, True

    def next(self, room: int) -> Words:
        """The next bits of every row, as many as there is room for; noughts behind the last."""
        words = np.zeros(self._height, dtype=np.uint64)
        while room and self._has_more():
            taken = min(room, self._width)
            room, self._width = room - taken, self._width - taken
            some = (self._values >> np.uint64(self._width)) & np.uint64((1 << taken) - 1)
            words |= some << np.uint64(room)
        return words

    def _has_more(self) -> bool:
        while not self._width and not self.are_used_up:
            following = next(self._following, None)
            self.are_all = self.are_all and (following is None or following.are_all)
            self.are_used_up = following is None or not following.are_all
            if following is not None:
                self._values, self._width = following.values, following.width
        return self._width > 0


class _Bits(NamedTuple):
    """The lowest bits of each row's number, so many as ``width`` says; where they are not all, nothing may follow."""

    values: Words
    width: int
    are_all: bool = True


def _bits(column: pl.Series) -> Iterator[_Bits]:
    values = column.to_physical() if column.dtype.is_temporal() else column
    if column.null_count():
        yield _differing(column.is_null().cast(pl.UInt8).to_numpy().astype(np.uint64))
    if values.dtype == pl.String:
        yield from _of_texts(values.fill_null(""))
    elif values.dtype == pl.Boolean:
        yield _differing(values.fill_null(False).cast(pl.UInt8).to_numpy().astype(np.uint64))
    elif values.dtype.is_integer() and not isinstance(values.dtype, pl.Int128 | pl.UInt128):
        yield _of_whole_numbers(values.fill_null(0).to_numpy())
    elif values.dtype.is_float():
        yield _of_numbers(values.cast(pl.Float64).fill_null(0.0).to_numpy())
    else:
        yield _Bits(np.zeros(0, dtype=np.uint64), 0, are_all=False)


def _of_texts(column: pl.Series) -> Iterator[_Bits]:
    """Bytes and then the length, which tells a text from one that goes on with NUL."""
    first, second = text_halves(column).T
    lengths = first & _FOUR_BYTES
    is_short = not lengths.size or int(lengths.max()) <= LONGEST
    yield _differing(first.byteswap() & _FOUR_BYTES)._replace(are_all=is_short)
    yield _differing(second.byteswap())
    yield _differing(lengths)


def _of_whole_numbers(values: npt.NDArray[np.integer]) -> _Bits:
    """Distances from the least, which fit the same number of bytes without a sign."""
    least = values.min(initial=np.iinfo(values.dtype).max)
    return _differing((values - least).view(f"u{values.itemsize}").astype(np.uint64))


def _of_numbers(values: npt.NDArray[np.float64]) -> _Bits:
    """Nought has one form, and what is no number comes behind all numbers."""
    bits = np.where(np.isnan(values), np.nan, values + 0.0).view(np.uint64)
    return _differing(np.where(bits & _SIGN, ~bits, bits | _SIGN))


def _differing(values: Words) -> _Bits:
    """From the first bit that is not the same in all rows to the last."""
    different = int(np.bitwise_or.reduce(values ^ values[0])) if len(values) else 0
    unused = max((different & -different).bit_length() - 1, 0)
    return _Bits(values >> np.uint64(unused), different.bit_length() - unused)
