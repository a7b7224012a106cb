"""A file that a format module has opened: names known, rows coming in batches, account running.

What belongs here: the one shape that all formats give. What must not: anything that only one format has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.register_files.table import Tally, kept_row_numbers


@dataclass(frozen=True)
class Batch:
    """Rows that follow each other in the file: the kept ones as a frame, the refused ones by row number."""

    frame: pl.DataFrame
    first_row: int
    refused: Sequence[int]

    def row_numbers(self) -> pl.Series:
        """The 1-based row number in the file of every row of the frame (Int64)."""
        return kept_row_numbers(self.first_row, self.frame.height + len(self.refused), self.refused)


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
