"""Text that a spreadsheet would take for a formula: the variables where it occurs are named to the recipient.

What belongs here: finding it. What must not: altering it.
"""

import numpy as np
import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts
from samkorning.machine.text_views import text_halves

NAME = "spreadsheet values"
_FORMULA_SIGN = r"^[=+@\t\r-]"
_FIRST_BYTE = np.uint64(32)
_NOUGHT, _NINE, _LETTER = (np.uint8(ord(each)) for each in "09A")
_PLAIN_NUMBER = r"^[+-][0-9]+([.,][0-9]+)?$"


class SpreadsheetValues:
    """Names the text variables with a value that a spreadsheet would calculate."""

    name = NAME

    def __init__(self) -> None:
        self._found: dict[str, bool] = {}

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Look at the text columns that have shown none yet."""
        texts = rows.select(pl.selectors.string(), pl.selectors.categorical(), pl.selectors.enum())
        for column in texts.iter_columns():
            if not self._found.get(column.name):
                self._found[column.name] = _is_formula_like(column.cast(pl.String))

    def answer(self) -> list[str]:
        """The variables, in the order of the columns."""
        return [name for name, found in self._found.items() if found]


def formula_like(facts: RenderedFacts) -> tuple[str, ...]:
    """The variables of a file with a value that a spreadsheet would calculate."""
    return tuple(facts.found_by(NAME, ()))


def _is_formula_like(values: pl.Series) -> bool:
    """Few values begin with a sign; those are looked at closely."""
    signed = values.filter(_begins_with_sign(values))
    formulas = signed.filter(signed.str.contains(_FORMULA_SIGN))
    return not formulas.str.contains(_PLAIN_NUMBER).all()


def _begins_with_sign(values: pl.Series) -> pl.Series:
    """Whether the first byte stands before the digits or between digits and letters, where all signs do.

    Also where a text is empty, whose first byte is nought, or missing, whose byte can be any.
    """
    first = (text_halves(values)[:, 0] >> _FIRST_BYTE).astype(np.uint8)
    return pl.Series((first - _NOUGHT > _NINE - _NOUGHT) & (first < _LETTER))
