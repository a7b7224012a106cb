"""Values that could be identity numbers, in columns where none is declared.

What belongs here: counting such values per column, batch by batch, in bounded memory. What must not: what becomes of
the file then (intake, the command line). Counts and names of columns are all that leaves here.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import polars as pl

from samkorning.identity import IdentityRules, Problem, Repair, diagnose
from samkorning.identity.cells import cells_with_identity_numbers
from samkorning.register_files.opened import Batch

_ENOUGH_DIGITS = r"(?:[0-9][^0-9]*){6}"  # the fewest digits that any spelling of an identity number has
_SYNTHETIC_CENTURY = r"^ *2[12]"
_TAKEN_APART = r"^[0-9](?:[0-9]|[ \u00a0._/+\-\u2013\u2014])*[0-9X]$"
_DECIMAL = r"^[0-9]+[.][0-9]+$"
_BETWEEN = r"[ \u00a0._/+\-\u2013\u2014]"


class RealNumbers:
    """Counts, per column, the values that could be identity numbers of real persons; synthetic ones do not count.

    A synthetic number of ten digits reads as a real one and counts: without its century nobody can tell them apart.
    """

    def __init__(self, today: date) -> None:
        self._rules = IdentityRules(reference_date=today, repairs=frozenset(Repair))
        self._counts: Counter[str] = Counter()

    def look_at(self, batch: Batch) -> None:
        """Counts one batch of text columns."""
        for column in batch.frame.columns:
            plain = batch.frame.select(pl.col(column).str.normalize("NFKC"))  # digits of other widths as well
            values = plain.filter(pl.col(column).str.contains(_ENOUGH_DIGITS)).unique()
            if values.height:
                self._counts[column] += self._whole_values(values, column) + self._inside_text(values, column)
                self._counts[column] += self._whole_values(_put_together(values, column), column)

    def columns(self) -> tuple[str, ...]:
        """The columns that hold any, in the order they were met."""
        return tuple(column for column, count in self._counts.items() if count)

    def _whole_values(self, values: pl.DataFrame, column: str) -> int:
        diagnosed = diagnose(values, column, self._rules)
        problem = pl.col("identity_problem")
        unsettled = problem.is_in([Problem.AMBIGUOUS_ISSUER, Problem.OTHER_ISSUER])
        synthetic = pl.col(column).str.contains(_SYNTHETIC_CENTURY)
        found: pl.DataFrame = diagnosed.filter(problem.is_null() | (unsettled & ~synthetic))
        return found.height

    def _inside_text(self, values: pl.DataFrame, column: str) -> int:
        return int(cells_with_identity_numbers(values[column], self._rules).sum())


def _put_together(values: pl.DataFrame, column: str) -> pl.DataFrame:
    """The values that are digits with anything usual between them, without it; a decimal number is none of them."""
    value = pl.col(column)
    apart = value.str.contains(_TAKEN_APART) & ~value.str.contains(_DECIMAL)
    return values.filter(apart).select(value.str.replace_all(_BETWEEN, "")).unique()


def columns_in_words(columns: Sequence[str]) -> str:
    """``column A`` or ``columns A, B``."""
    return f"{'column' if len(columns) == 1 else 'columns'} {', '.join(columns)}"
