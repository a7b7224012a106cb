"""What a table's columns hold: text, whole numbers and dates, whatever type carries them.

What belongs here: taking columns of every type apart, with the row that each value is of. What must not: looking for
numbers in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

ROW = "row"
_TOO_LARGE = 10**18


@dataclass(frozen=True)
class Cells:
    """The values of one column that hold anything: ``rows`` (Int64) and ``values``, text or Int64."""

    column: str
    rows: pl.Series
    values: pl.Series


def cells_of(name: str, rows: pl.Series, column: pl.Series) -> Iterator[Cells]:
    """The values of a column, those inside lists and structs too; nothing for types that hold no number."""
    dtype = column.dtype
    if isinstance(dtype, pl.Struct):
        for field in column.struct.unnest().iter_columns():
            yield from cells_of(name, rows, field)
    elif isinstance(dtype, pl.Array):
        yield from cells_of(name, rows, column.arr.to_list())
    elif isinstance(dtype, pl.List):
        inside = pl.DataFrame([rows.alias(ROW), column.alias("value")]).explode("value")
        yield from cells_of(name, inside[ROW], inside["value"])
    elif dtype.is_numeric():
        yield Cells(name, rows, whole_numbers(column))
    elif isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Binary | pl.Object):
        yield Cells(name, rows, _as_text(column))


def longest_texts(batch: pl.DataFrame) -> dict[str, int]:
    """The bytes of the longest text of each column of text, 0 where there is none; asked of all columns at once."""
    longest = batch.select(pl.selectors.string().str.len_bytes().max().fill_null(0))
    return dict(zip(longest.columns, longest.row(0), strict=True)) if longest.width else {}


def longest_text(texts: pl.Series) -> int:
    """The bytes of the longest text, 0 where there is none."""
    return longest_texts(texts.to_frame("text"))["text"]


def whole_numbers(column: pl.Series) -> pl.Series:
    """A numeric column as whole numbers (Int64), null where they have none or more than eighteen digits."""
    if column.dtype == pl.Int64:
        return column
    if column.dtype.is_float():
        column = column.set(~(column.is_finite() & (column.abs() < _TOO_LARGE)), None)
    return column.cast(pl.Int64, strict=False)


def _as_text(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Binary:
        return column.map_elements(lambda content: content.decode("latin-1"), return_dtype=pl.String)
    if column.dtype == pl.Object:
        return pl.Series([None if value is None else str(value) for value in column], dtype=pl.String)
    return column.cast(pl.String)
