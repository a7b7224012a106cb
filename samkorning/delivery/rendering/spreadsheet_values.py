"""Text that a spreadsheet would take for a formula: the variables where it occurs are named to the recipient.

What belongs here: finding it. What must not: altering it.
"""

import polars as pl

from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "spreadsheet values"
_FORMULA_SIGN = r"^[=+@\t\r-]"
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
    """Few values begin with a sign before the digits or between digits and letters; those are looked at closely.

    Where the least and the greatest begin with digits, so do all.
    """
    least, greatest = values.min(), values.max()
    if least is None or (str(least) >= "0" and str(greatest) < "="):
        return False
    signed = values.filter((values < "0") | ((values >= "=") & (values < "A")))
    formulas = signed.filter(signed.str.contains(_FORMULA_SIGN))
    return not formulas.str.contains(_PLAIN_NUMBER).all()
