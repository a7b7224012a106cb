"""Other identifying content: what looks like identity numbers, or like a direct identifier, where none is declared.

What belongs here: looking at every column but the declared identity columns while a file is read, and refusing. What
must not: dropping columns (intake), or the scan of what leaves (samkorning.leak_scan).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, diagnose
from samkorning.leak_scan import columns_with_identity_numbers
from samkorning.register_files.direct_identifiers import suggests_direct_identifier
from samkorning.register_files.identifying import NONE_KNOWN

_COULD_HOLD = r"[0-9]{6}[-+ ]?[0-9]{4}"
_TEN_DIGITS = r"^[0-9]{10}$"
_REMEDY = "send it without them, or have the specification drop or accept them"
BY_CHANCE = 0.05
"""Of ten-digit numbers that are no identity numbers, one in a hundred or so reads as one; more are no chance."""


class OtherIdentifying:
    """Looks at the columns of one file, batch by batch, in bounded memory."""

    def __init__(self, columns: Sequence[str], identifiers: Sequence[str], rules: IdentityRules) -> None:
        self._rules = rules
        self._columns = tuple(column for column in columns if column not in identifiers)
        self._certain: Counter[str] = Counter()
        self._ten_digits: Counter[str] = Counter()
        self._valid_ten_digits: Counter[str] = Counter()
        self.names = tuple(column for column in self._columns if suggests_direct_identifier(column))

    def look_at(self, frame: pl.DataFrame) -> None:
        """Counts one batch of text columns."""
        for column in self._columns:
            values = frame.select(column).filter(pl.col(column).str.contains(_COULD_HOLD))
            if values.height:
                self._certain.update(columns_with_identity_numbers(values.lazy(), NONE_KNOWN, self._rules))
                self._count_ten_digits(values, column)

    def values(self) -> dict[str, int]:
        """How many values of each column look like identity numbers, for the columns that hold any.

        Twelve digits, or ten with a separator, count when they are valid; ten bare digits when more of a column's are
        valid than chance gives.
        """
        found: dict[str, int] = {}
        for column in self._columns:
            ten, valid = self._ten_digits[column], self._valid_ten_digits[column]
            count = self._certain[column] + (valid if valid > BY_CHANCE * ten else 0)
            if count:
                found[column] = count
        return found

    def refuse_names(self, name: str) -> None:
        """Raises :class:`FileRefused` when names of columns suggest direct identifiers."""
        if self.names:
            raise FileRefused(name, f"names of columns suggest direct identifiers: {', '.join(self.names)}", _REMEDY)

    def refuse_values(self, name: str) -> None:
        """Raises :class:`FileRefused` when values look like identity numbers."""
        found = self.values()
        if found:
            problem = f"other columns hold what looks like identity numbers: {tell_counts(found)}"
            raise FileRefused(name, problem, _REMEDY)

    def _count_ten_digits(self, values: pl.DataFrame, column: str) -> None:
        bare = values.filter(pl.col(column).str.contains(_TEN_DIGITS))
        if bare.height:
            valid: pl.DataFrame = diagnose(bare, column, self._rules).filter(pl.col("identity_problem").is_null())
            self._ten_digits[column] += bare.height
            self._valid_ten_digits[column] += valid.height


def tell_counts(counts: Mapping[str, int]) -> str:
    """``A (3 values), B (1 values)``."""
    return ", ".join(f"{column} ({count} values)" for column, count in counts.items())
