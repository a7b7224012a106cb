"""Canonical text with marked rows into text columns, by the fastest parser there is for columns.

What belongs here: handing blocks to Polars, and telling rows with too few or too many fields by where their mark
stands. What must not: quotes, line ends and damage, which the byte pass has dealt with.
"""

from collections.abc import Sequence

import polars as pl

from samkorning.errors import CheckFailed
from samkorning.register_files.lines import TooMuchDamage
from samkorning.register_files.records import ROW_MARK
from samkorning.register_files.table import MOST_REFUSED, RowFault
from samkorning.register_files.text_rows import Rejects

_MARK = "mark"


class RowParser:
    """Parses blocks of canonical text with one separator; an empty field is null, a pair of quotes empty text.

    A blank line is no row, except in a file of a single column.
    """

    def __init__(self, separator: str, columns: Sequence[str]) -> None:
        self._separator, self._columns = separator, columns
        places = [f"c{place}" for place in range(len(columns))]
        self._schema = dict.fromkeys([*places, _MARK], pl.String)
        # A row in front that is none of the file's: it tells the width, and a byte order mark among the data stays.
        self._front = (separator * len(columns) + ROW_MARK + "\n").encode()

    def parse(self, text: bytes) -> tuple[pl.DataFrame, Rejects]:
        """The rows in order under the names of the columns, and the rejected ones by 1-based place in the text."""
        rows = self._read(text)
        whole = (rows[_MARK] == ROW_MARK).fill_null(False)
        named = rows.drop(_MARK).rename(dict(zip(rows.columns, self._columns, strict=False)))
        if whole.all():
            return named, []
        return named.filter(whole), self._rejects(rows, ~whole)

    def _read(self, text: bytes) -> pl.DataFrame:
        rows = None
        try:
            rows = pl.read_csv(
                self._front + text,
                has_header=False,
                schema=self._schema,
                separator=self._separator,
                quote_char='"' if b'"' in text else None,
                truncate_ragged_lines=True,
            )
        except pl.exceptions.PolarsError:
            rows = None
        if rows is None:
            raise CheckFailed("row accounting: the parser stopped at text that the byte pass took for clean")
        return rows.slice(1)

    def _rejects(self, rows: pl.DataFrame, broken: pl.Series) -> Rejects:
        """A row whose mark stands before the last place has too few fields, or none at all."""
        if broken.sum() > MOST_REFUSED:
            raise TooMuchDamage
        marked_early = pl.any_horizontal(pl.exclude(_MARK) == ROW_MARK)
        fault = (
            pl.when(pl.nth(0).is_null() & (pl.nth(1) == ROW_MARK))
            .then(pl.lit(RowFault.BLANK_LINE))
            .when(marked_early)
            .then(pl.lit(RowFault.TOO_FEW_FIELDS))
            .otherwise(pl.lit(RowFault.TOO_MANY_FIELDS))
        )
        faults = rows.filter(broken).select(fault.alias("fault")).to_series()
        return [(place + 1, RowFault(told)) for place, told in zip(broken.arg_true(), faults, strict=True)]
