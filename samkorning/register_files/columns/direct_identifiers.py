"""Other identifying content: what looks like identity numbers, or like a direct identifier, where none is declared.

What belongs here: looking at every column but the declared identity columns while a file is read, and refusing. What
must not: dropping columns (intake), or the scan of what leaves (samkorning.identity.redaction).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, diagnose
from samkorning.identity.cells import TEN_DIGITS, cells_with_identity_numbers
from samkorning.register_files.columns.direct_identifier_names import suggests_direct_identifier
from samkorning.register_files.opened import Batch
from samkorning.register_files.table import RuleFinding

_COULD_HOLD = r"[0-9]{6}[-+ ]?[0-9]{4}"
_SHORTEST = 10  # characters; most columns of codes are shorter, which costs less to find out
_REMEDY = "send it without them, or have the specification drop or accept them"
LOOKS_LIKE_IDENTITY = "looks_like_identity_number"
ROWS_LISTED = 20  # of each column
BY_CHANCE = 0.05
"""Of ten-digit numbers that are no identity numbers, one in a hundred or so reads as one; more are no chance."""


@dataclass
class _Found:
    """How many cells of a column, and the first of their row numbers."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row_numbers: pl.Series) -> None:
        self.count += row_numbers.len()
        self.rows += row_numbers.head(ROWS_LISTED - len(self.rows)).to_list()


class OtherIdentifying:
    """Looks at the columns of one file, batch by batch, in bounded memory."""

    def __init__(self, columns: Sequence[str], identifiers: Sequence[str], rules: IdentityRules) -> None:
        self._rules = rules.for_scanning()
        self._columns = tuple(column for column in columns if column not in identifiers)
        self._certain = {column: _Found() for column in self._columns}
        self._ten_digits: Counter[str] = Counter()
        self._valid_ten_digits = {column: _Found() for column in self._columns}
        self.names = tuple(column for column in self._columns if suggests_direct_identifier(column))

    def look_at(self, batch: Batch) -> None:
        """Counts one batch of text columns."""
        numbers: pl.Series | None = None
        for column in self._columns:
            cells = batch.frame[column]
            if (cells.str.len_bytes().max() or 0) < _SHORTEST:  # type: ignore[operator]
                continue
            could_hold = cells.str.contains(_COULD_HOLD).fill_null(False)
            if could_hold.any():
                numbers = batch.row_numbers() if numbers is None else numbers
                self._count(column, cells.filter(could_hold), numbers.filter(could_hold))

    def findings(self) -> tuple[RuleFinding, ...]:
        """The columns whose values look like identity numbers: how many do, and at most the first 20 row numbers.

        Twelve digits, or ten with a separator, count when they are valid; ten bare digits when more of a column's are
        valid than chance gives.
        """
        found = []
        for column in self._columns:
            certain, ten = self._certain[column], self._valid_ten_digits[column]
            parts = (certain, ten) if ten.count > BY_CHANCE * self._ten_digits[column] else (certain,)
            rows = sorted({row for part in parts for row in part.rows})[:ROWS_LISTED]
            count = sum(part.count for part in parts)
            if count:
                found.append(RuleFinding(column, LOOKS_LIKE_IDENTITY, count, tuple(rows)))
        return tuple(found)

    def values(self) -> dict[str, int]:
        """How many values of each column look like identity numbers, for the columns that hold any."""
        return {found.column: found.count for found in self.findings()}

    def refuse_names(self, name: str) -> None:
        """Raises :class:`FileRefused` when names of columns suggest direct identifiers."""
        if self.names:
            raise FileRefused(name, f"names of columns suggest direct identifiers: {', '.join(self.names)}", _REMEDY)

    def refuse_values(self, name: str) -> None:
        """Raises :class:`FileRefused` when values look like identity numbers."""
        found = self.values()
        if found:
            problem = f"other columns hold what looks like identity numbers: {counts_in_words(found)}"
            raise FileRefused(name, problem, _REMEDY)

    def _count(self, column: str, values: pl.Series, numbers: pl.Series) -> None:
        """Counts the cells of a batch that could hold a number, and notes their rows."""
        self._certain[column].add(numbers.filter(cells_with_identity_numbers(values, self._rules)))
        bare = values.str.contains(TEN_DIGITS)
        if bare.any():
            cells = pl.DataFrame([values.alias("cell"), numbers.alias("row")]).filter(bare)
            valid: pl.DataFrame = diagnose(cells, "cell", self._rules).filter(pl.col("identity_problem").is_null())
            self._ten_digits[column] += cells.height
            self._valid_ten_digits[column].add(valid["row"].sort())


def counts_in_words(counts: Mapping[str, int]) -> str:
    """``A (3 values), B (1 values)``."""
    return ", ".join(f"{column} ({count} values)" for column, count in counts.items())
