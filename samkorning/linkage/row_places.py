"""The places of rows in their order: by whole numbers of 64 bits, and by all columns what these do not tell apart.

What belongs here: the order of rows by some columns, missing last. What must not: reading rows, or moving them.

The first 64 bits of a row's columns (column_bits) tell most rows apart. Rows that are equal so far are ordered by the
number of their group and the next bits behind it. Whole numbers are sorted in a fifth of the time that rows take.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from samkorning.linkage.column_bits import ColumnBits, Words

Places = npt.NDArray[np.intp]

_BITS = 64
_FEW = 32
"""A part in so many of the rows is ordered by all columns sooner than the next bits of all rows are made."""


def places_in_order(rows: pl.DataFrame, columns: Sequence[str]) -> Places:
    """Where the rows lie that come first, second, third … by these columns; equal rows in any order.

    :param rows: in one piece.
    """
    order: Places = np.arange(rows.height)
    tied, group = order.copy(), np.zeros(rows.height, dtype=np.uint64)
    bits = ColumnBits(rows, columns)
    while len(tied) > rows.height // _FEW and not bits.are_used_up:
        room = _BITS - int(group[-1]).bit_length()
        words = bits.next(room)[order[tied]]
        if room < _BITS:
            words |= group << np.uint64(room)
        sorting = np.argsort(words)
        order[tied] = order[tied][sorting]
        are_equal, group = _equal(words[sorting])
        tied = tied[are_equal]
    if len(tied) and not (bits.are_used_up and bits.are_all):
        order[tied] = order[tied][_by_all(rows[order[tied]].select(columns))]
    return order


def _equal(words: Words) -> tuple[npt.NDArray[np.bool_], Words]:
    """Which of sorted numbers stand there more than once, and of these the number of their group, from 0."""
    begins = np.ones(len(words) + 1, dtype=np.bool_)
    begins[1:-1] = words[1:] != words[:-1]
    are_equal = ~(begins[:-1] & begins[1:])
    return are_equal, np.cumsum(begins[:-1][are_equal], dtype=np.uint64) - np.uint64(1)


def _by_all(rows: pl.DataFrame) -> Places:
    """Where they lie by all columns as one struct, which takes a quarter of the time of as many columns.

    In a struct a missing value would come first, so whether it is missing stands before it.
    """
    as_one = pl.struct(each for column in rows.iter_columns() for each in _ordered_by(column))
    return rows.select(pl.arg_sort_by(as_one)).to_series().to_numpy()


def _ordered_by(column: pl.Series) -> Iterator[pl.Expr]:
    if column.null_count():
        yield pl.col(column.name).is_null().alias(f"~missing {column.name}")
    yield pl.col(column.name)
