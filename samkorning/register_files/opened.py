"""A file that a format module has opened: names known, rows coming in batches, account running.

What belongs here: the one shape that all formats give. What must not: anything that only one format has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import polars as pl
import pyarrow as pa

from samkorning.register_files.table import Tally, kept_row_numbers

Rows: TypeAlias = pl.DataFrame | pa.Table
"""Rows of text columns, as whoever parsed them gives them."""


@dataclass(frozen=True)
class Batch:
    """Rows that follow each other in the file: the kept ones, and the refused ones by row number."""

    rows: Rows
    first_row: int
    refused: Sequence[int]

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The kept rows to compute with."""
        return as_frame(self.rows)

    def row_numbers(self) -> pl.Series:
        """The 1-based row number in the file of every kept row (Int64)."""
        return kept_row_numbers(self.first_row, len(self.rows) + len(self.refused), self.refused)


def as_frame(rows: Rows) -> pl.DataFrame:
    """The rows as Polars has them; PyArrow's text is laid out anew, which costs as much as to parse a third of it."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is no series
    return frame


@dataclass(frozen=True)
class OpenedFile:
    """What a format gives: ``batches`` is read once; ``tally`` is complete when it has ended."""

    name: str
    format: str
    columns: tuple[str, ...]
    encoding: str | None
    separator: str | None
    tally: Tally
    batches: Iterator[Batch]
    sheet: str | None = None
    hidden_sheets: tuple[str, ...] = ()
    packaging: tuple[str, ...] = ()
    """What the file came packed and sealed in, outermost first."""
