"""One column of a block of rows: the exact text of what is stored, and what has to be said of it.

What belongs here: special and declared missing values, faults by row, and the comparison with the other reader. What
must not: names, rows that are refused, the account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from samkorning.register_files.statistics.statistics_readers import StatisticsForm, Variable
from samkorning.register_files.statistics.stored_numbers import LONGEST_EXACT, Kind, Meaning, number_text
from samkorning.register_files.statistics.stored_text import decoded, read_by_the_other
from samkorning.register_files.statistics.two_readers import plain_text, unlike_numbers, unlike_texts
from samkorning.register_files.table import Remark, RowFault

Marks = pl.Series
_NUL_INSIDE = r"\x00[^\x00 ]"


@dataclass(frozen=True)
class StoredColumn:
    """Text with null for missing; rows at fault; rows where the readers are unlike; what is remarked, and how often."""

    text: pl.Series
    faults: Mapping[RowFault, Marks]
    unlike: Marks
    remarks: Mapping[Remark, int]


@dataclass(frozen=True)
class ColumnReader:
    """How one variable is read: its meaning, the encoding, whether the header states that."""

    variable: Variable
    meaning: Meaning
    form: StatisticsForm
    encoding: str
    is_stated: bool

    def read(self, values: Sequence[Any], typed: pl.Series) -> StoredColumn:
        """The values as pyreadstat gives them, held against those of polars-readstat."""
        return self._text(values, typed) if self.variable.is_text else self._numbers(values, typed)

    def _text(self, values: Sequence[str | None], typed: pl.Series) -> StoredColumn:
        if self.variable.is_long_text:
            text = plain_text(pl.Series(values, dtype=pl.String), self.form.padded)
            return StoredColumn(text, {}, unlike_texts(typed, text, self.form.padded), {})
        whole = decoded(values, self.encoding)
        undecodable = whole.is_null() & pl.Series([value is not None for value in values], dtype=pl.Boolean)
        text = plain_text(whole, self.form.padded)
        codes = decoded([str(low) for low, _ in self.variable.missing], self.encoding)
        declared = text.is_in(codes.implode()).fill_null(False)
        text = text.set(declared, None)
        other = read_by_the_other(values, self.encoding if self.is_stated else None, self.form.lone_encoding)
        faults = {RowFault.UNDECODABLE: undecodable}
        if self.form.padded and typed.dtype == pl.String:
            faults[RowFault.NUL_CHARACTER] = typed.str.contains(_NUL_INSIDE).fill_null(False)
        unlike = unlike_texts(typed, other.set(declared, None), self.form.padded)
        return StoredColumn(text, faults, unlike, {Remark.SPECIAL_MISSING: int(declared.sum())})

    def _numbers(self, values: Sequence[Any], typed: pl.Series) -> StoredColumn:
        numbers, special = _split(values)
        declared = _within(numbers, self.variable.missing)
        numbers = numbers.set(declared, None)
        is_number = self.meaning.kind is Kind.NUMBER
        kept = numbers.cast(pl.Float32) if is_number and self.variable.kind == "float" else numbers
        text = kept.to_frame("n").select(number_text(pl.col("n"), self.meaning)).to_series()
        remarks = self._beyond(numbers) if is_number else {}
        remarks[Remark.SPECIAL_MISSING] = special + int(declared.sum())
        faults = {RowFault.NO_DATE: numbers.is_not_null() & text.is_null()}
        return StoredColumn(text, faults, unlike_numbers(typed, numbers, self.form), remarks)

    def _beyond(self, numbers: pl.Series) -> dict[Remark, int]:
        """How many numbers have more digits than any number keeps, or than this variable does."""
        limits = {Remark.LONG_NUMBERS: LONGEST_EXACT, Remark.SHORT_NUMBERS: self.variable.whole_below}
        sizes = numbers.abs()
        return {remark: int((sizes >= limit).sum()) for remark, limit in limits.items() if limit}


def _split(values: Sequence[Any]) -> tuple[pl.Series, int]:
    """The numbers, and how many special missing values stood among them as letters."""
    try:
        return pl.Series(values, dtype=pl.Float64), 0
    except TypeError:
        letters = sum(isinstance(value, str) for value in values)
    return pl.Series([None if isinstance(value, str) else value for value in values], dtype=pl.Float64), letters


def _within(numbers: pl.Series, ranges: Sequence[tuple[Any, Any]]) -> Marks:
    marks = pl.repeat(False, numbers.len(), eager=True)
    for low, high in ranges:
        marks |= ((numbers >= low) & (numbers <= high)).fill_null(False)
    return marks
