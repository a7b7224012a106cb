"""What reading a file gives: its rows as text, and an account of every record that was in it.

What belongs here: the result, the faults a row can have, the remarks a file can get, and the accounting. What must
not: how a format is read.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

MOST_REFUSED = 1_000_000  # rows; a file with more damage is refused at once, whatever its contract tolerates
PROBLEMS_LISTED = 10_000  # row problems that are listed one by one; beyond them only row numbers and counts are held


class RowFault(StrEnum):
    """Why a row was refused."""

    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    STRAY_QUOTE = "stray_quote"
    NUL_CHARACTER = "nul_character"
    UNDECODABLE = "undecodable_bytes"
    BLANK_LINE = "blank_line"
    HEADER_AGAIN = "header_again"
    TOO_LONG = "row_too_long"
    TOO_SHORT = "row_too_short"
    NOT_AN_OBJECT = "not_a_json_object"
    NESTED_VALUE = "nested_value"
    REPEATED_NAME = "repeated_name"
    ERROR_CELL = "error_cell"
    NO_STORED_VALUE = "formula_without_stored_value"
    NO_DATE = "no_date_of_the_calendar"


class Remark(StrEnum):
    """What was seen in a file that was read all the same; the count beside it says how often."""

    ENCODING_GUESSED = "encoding_guessed"
    DOUBLE_ENCODING = "double_encoding"
    MIXED_LINE_ENDS = "mixed_line_ends"
    LINE_BREAKS_IN_CELLS = "line_breaks_in_cells"
    END_OF_FILE_MARK = "end_of_file_mark"
    BLANK_LINES_AT_END = "blank_lines_at_end"
    SEPARATOR_LINE = "separator_line"
    ABSENT_NAMES = "rows_without_all_names"
    LONG_NUMBERS = "numbers_beyond_15_digits"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_ROWS = "hidden_rows"
    MERGED_CELLS = "merged_cells"
    FORMULAS = "formulas"
    MACROS = "macros_ignored"
    SHORT_NUMBERS = "numbers_beyond_their_bytes"
    ORDER_MARKS = "byte_order_marks_between_rows"
    ZEROS_FOR_EXCEL = "text_written_as_formula"
    SPECIAL_MISSING = "special_missing_values"


@dataclass(frozen=True)
class RowProblem:
    """One refused row: its 1-based number among the data rows of the file, and why."""

    row: int
    problem: RowFault


@dataclass(frozen=True)
class RuleFinding:
    """How many rows break one rule of one column, and the first of their row numbers. Never a value."""

    column: str
    rule: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class RegisterTable:
    """A file as it was read: all columns text exactly as sent, null where a cell is empty.

    ``records`` is the count of the independent pass: header rows + rows + refused rows. ``problems`` holds the first
    10,000 refused rows; ``refused_row_numbers`` holds them all. ``findings`` are broken value rules: those rows are in
    ``frame``, unchanged.
    """

    name: str
    frame: pl.DataFrame
    rows: int
    refused_rows: int
    columns: tuple[str, ...]
    format: str
    encoding: str | None
    separator: str | None
    problems: tuple[RowProblem, ...]
    records: int
    header_records: int
    refused_row_numbers: tuple[int, ...] = ()
    remarks: dict[Remark, int] = field(default_factory=dict)
    findings: tuple[RuleFinding, ...] = ()
    sheet: str | None = None
    hidden_sheets: tuple[str, ...] = ()
    packaging: tuple[str, ...] = ()

    def row_numbers(self) -> pl.Series:
        """The 1-based row number in the file of every row of ``frame`` (Int64)."""
        return kept_row_numbers(1, self.rows + self.refused_rows, self.refused_row_numbers)


def kept_row_numbers(first: int, count: int, refused: Iterable[int]) -> pl.Series:
    """The row numbers ``first`` … ``first + count - 1`` without the refused ones (Int64)."""
    numbers = pl.int_range(first, first + count, dtype=pl.Int64, eager=True)
    gone = pl.Series(list(refused), dtype=pl.Int64)
    return numbers.filter(~numbers.is_in(gone.implode())) if gone.len() else numbers


@dataclass
class Tally:
    """The running account of one file while it is read, in bounded memory."""

    records: int = 0
    header_records: int = 0
    rows: int = 0
    refused: "array[int]" = field(default_factory=lambda: array("q"))
    problems: list[RowProblem] = field(default_factory=list)
    remarks: "Counter[Remark]" = field(default_factory=Counter)

    @property
    def data_records(self) -> int:
        return self.records - self.header_records

    def refuse(self, faults: Iterable[tuple[int, RowFault]]) -> None:
        """Takes up refused rows by number, in rising order."""
        for row, fault in faults:
            self.refused.append(row)
            if len(self.problems) < PROBLEMS_LISTED:
                self.problems.append(RowProblem(row, fault))
