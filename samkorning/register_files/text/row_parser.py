"""Canonical text into text columns, by the fastest parser there is for columns.

What belongs here: handing blocks to PyArrow, and finding rows with too few or too many fields. What must not: quotes,
encodings, blank lines and damage, which the byte pass has dealt with.
"""

from collections.abc import Callable, Sequence

import polars as pl
import pyarrow as pa
from pyarrow import csv

from samkorning.errors import CheckFailed
from samkorning.register_files.opened import Rows
from samkorning.register_files.table import MOST_REFUSED, RowFault
from samkorning.register_files.text.lines import TooMuchDamage
from samkorning.register_files.text.text_rows import Rejects


class RowParser:
    """Parses blocks of canonical text with one separator; an empty field is null, a pair of quotes empty text."""

    def __init__(self, separator: str, columns: Sequence[str]) -> None:
        self._separator = separator
        self._names = list(columns)
        self._as_text = csv.ConvertOptions(
            check_utf8=False,  # the byte pass has seen to it, and whoever takes the rows checks again
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )

    def parse(self, text: bytes) -> tuple[Rows, Rejects]:
        """The rows in order under the names of the columns, and the rejected ones by 1-based place in the text."""
        rejects: Rejects = []

        def set_aside(row: csv.InvalidRow) -> str:
            too_few = row.actual_columns < row.expected_columns
            rejects.append((row.number, RowFault.TOO_FEW_FIELDS if too_few else RowFault.TOO_MANY_FIELDS))
            return "skip" if len(rejects) <= MOST_REFUSED else "error"

        rows = self._read(text, set_aside) if text else pl.DataFrame(schema=dict.fromkeys(self._names, pl.String))
        if len(rejects) > MOST_REFUSED:
            raise TooMuchDamage
        if rows is None:
            raise CheckFailed("row accounting: the parser stopped at text that the byte pass took for clean")
        return rows, rejects

    def _read(self, text: bytes, set_aside: Callable[[csv.InvalidRow], str]) -> pa.Table | None:
        """One block in one piece, since rows are numbered by piece."""
        quoted = b'"' in text
        try:
            return csv.read_csv(
                pa.py_buffer(text),
                csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=self._names),
                csv.ParseOptions(
                    delimiter=self._separator,
                    quote_char='"' if quoted else False,
                    newlines_in_values=quoted,
                    ignore_empty_lines=False,
                    invalid_row_handler=set_aside,
                ),
                self._as_text,
            )
        except pa.ArrowException:
            return None
