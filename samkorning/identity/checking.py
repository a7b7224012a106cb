"""A whole file of values checked: one row out per row in, and the totals.

What belongs here: what `samkorning identity check` says, for values from lines or from a column. What must not: opening
files, options and exit codes (the command line). Rows out name row, kind and problem, never the number.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TextIO

import polars as pl

from samkorning.identity.diagnosis import diagnose
from samkorning.identity.rules import IdentityRules

ROWS_AT_A_TIME = 100_000
CHECKED_COLUMNS = ("row", "kind", "problem")

RowWriter = Callable[[pl.DataFrame, TextIO], None]


@dataclass
class Totals:
    """How many rows were read, taken and refused; of which kinds, with which problems, repairs and guesses."""

    rows: int = 0
    taken: int = 0
    guessed_centuries: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)

    def add(self, diagnosed: pl.DataFrame) -> None:
        """Count a diagnosed frame with the columns kind, problem, repair and guessed_century."""
        taken = diagnosed.filter(pl.col("problem").is_null())
        self.rows += diagnosed.height
        self.taken += taken.height
        self.guessed_centuries += int(taken["guessed_century"].sum())
        self.kinds.update(_counts(taken["kind"]))
        self.problems.update(_counts(diagnosed["problem"]))
        self.repairs.update(_counts(taken["repair"]))

    def as_dict(self) -> dict[str, int | dict[str, int]]:
        """Counts by name, for JSON and for people; problems and kinds in falling number."""
        return {
            "rows": self.rows,
            "taken": self.taken,
            "refused": self.rows - self.taken,
            "guessed_centuries": self.guessed_centuries,
            "kinds": dict(self.kinds.most_common()),
            "problems": dict(self.problems.most_common()),
            "repairs": dict(self.repairs.most_common()),
        }


def check_frame(
    frame: pl.DataFrame | pl.LazyFrame, column: str, rules: IdentityRules, out: TextIO, write: RowWriter
) -> Totals:
    """Check one column of a frame: rows go to ``out`` by ``write`` (write_csv, write_json), the totals come back."""
    values = frame.lazy().select(pl.col(column).alias("value")).collect().with_row_index("row", offset=1)
    return _check(values.iter_slices(ROWS_AT_A_TIME) if values.height else [values], rules, out, write)


def check_lines(lines: Iterable[str], rules: IdentityRules, out: TextIO, write: RowWriter) -> Totals:
    """Check one value per line, without a header; an empty line is a missing value and gives its row too."""
    return _check(_batches(lines), rules, out, write)


def write_csv(checked: pl.DataFrame, out: TextIO) -> None:
    """Rows as CSV; the header stands before the first."""
    out.write(checked.write_csv(include_header=checked.height == 0 or checked["row"][0] == 1))


def write_json(checked: pl.DataFrame, out: TextIO) -> None:
    """Rows as one JSON object per line."""
    out.write(checked.write_ndjson())


def _batches(lines: Iterable[str]) -> Iterator[pl.DataFrame]:
    """Frames of row and value; always one, so that an empty file has its header."""
    values = (line.removesuffix("\n").removesuffix("\r") for line in lines)
    for first in count(1, ROWS_AT_A_TIME):
        batch = list(islice(values, ROWS_AT_A_TIME))
        if batch or first == 1:
            yield pl.DataFrame({"value": batch}, schema={"value": pl.String}).with_row_index("row", offset=first)
        if len(batch) < ROWS_AT_A_TIME:
            return


def _check(batches: Iterable[pl.DataFrame], rules: IdentityRules, out: TextIO, write: RowWriter) -> Totals:
    totals = Totals()
    for batch in batches:
        diagnosed = diagnose(batch, "value", rules, prefix="")
        totals.add(diagnosed)
        write(diagnosed.select(CHECKED_COLUMNS), out)
    return totals


def _counts(names: pl.Series) -> dict[str, int]:
    counted = names.drop_nulls().value_counts()
    return dict(zip(counted[names.name].to_list(), counted["count"].to_list(), strict=True))
