"""Text that was written as a formula, ``="0123"``, so that Excel keeps its zeros: the text itself is the value.

What belongs here: that one form. What must not: any other formula; nothing is calculated, and what looks only
alike stays as it was sent.
"""

import re
from collections.abc import Sequence

import polars as pl

from samkorning.register_files.opened import Rows, as_frame
from samkorning.register_files.table import Remark, Tally
from samkorning.register_files.text.text_rows import Parser, Rejects

_FORM = re.compile('="([^"]*)"')
_WRITTEN = b'"=""'  # how clean text holds it, since there a field with a quote in it is quoted whole


def without_formulas(fields: Sequence[str | None]) -> list[str | None]:
    """The fields of a header, with the text of such formulas in their place."""
    return [found[1] if field and (found := _FORM.fullmatch(field)) else field for field in fields]


class WithoutFormulas:
    """A parser that gives the text of such formulas in their place, and counts them."""

    def __init__(self, parser: Parser, tally: Tally) -> None:
        self._parser, self._tally = parser, tally

    def parse(self, text: bytes) -> tuple[Rows, Rejects]:
        rows, rejects = self._parser.parse(text)
        if b"=" not in text or _WRITTEN not in text:  # one byte is found in a tenth of the time
            return rows, rejects
        frame = as_frame(rows)
        found = frame.select(pl.all().str.extract(f"^{_FORM.pattern}$"))
        self._tally.remarks[Remark.ZEROS_FOR_EXCEL] += sum(column.count() for column in found)
        return frame.select(pl.coalesce(found[name], pl.col(name)).alias(name) for name in frame.columns), rejects
