"""Named rules on the values of declared columns, compiled to Polars expressions and counted per rule.

What belongs here: what text of a type reads as, and how many rows break which rule. What must not: converting or
mending values, or showing them. An expression is true where the rule is broken and never fails on any text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.register_files.declared.contract import ColumnContract, FileContract
from samkorning.register_files.declared.date_shapes import date_pattern
from samkorning.register_files.opened import Batch
from samkorning.register_files.table import RuleFinding

ROWS_LISTED = 1_000


@dataclass(frozen=True)
class Rule:
    """One rule of one column: ``broken`` is true in the rows that break it."""

    column: str
    name: str
    broken: pl.Expr


def rules_of(contract: FileContract, columns: Sequence[str]) -> tuple[Rule, ...]:
    """All rules that a contract sets for the columns that are there."""
    declared = [column for column in contract.columns if column.name in columns]
    rules = (rule for column in declared for rule in _column_rules(column, contract.missing_values))
    return (*rules, *_pair_rules([column.name for column in declared], contract.missing_values))


def _missing(column: str, missing_values: Sequence[str]) -> pl.Expr:
    return pl.col(column).is_null() | pl.col(column).is_in(list(missing_values))


def _column_rules(column: ColumnContract, missing_values: Sequence[str]) -> Iterator[Rule]:
    missing = _missing(column.name, missing_values)
    if column.required:
        yield Rule(column.name, "required", missing)
    for name, broken in _value_rules(column, pl.col(column.name)):
        yield Rule(column.name, name, ~missing & broken)


def _pair_rules(names: Sequence[str], missing_values: Sequence[str]) -> Iterator[Rule]:
    """Quality registers send a code as ``X_Värde`` and its text as ``X_Beskrivning``: both are there or neither."""
    known = {name.casefold(): name for name in names}
    for name in names:
        stem, text, rest = name.casefold().rpartition("_beskrivning")
        partner = known.get(f"{stem}_värde") or known.get(f"{stem}_varde")
        if text and not rest and partner:
            yield Rule(name, "pair", _missing(name, missing_values) != _missing(partner, missing_values))


def _value_rules(column: ColumnContract, value: pl.Expr) -> Iterator[tuple[str, pl.Expr]]:
    shape = _type_pattern(column)
    if shape:
        yield column.type, ~value.str.contains(shape)
    if column.type == "boolean":
        yield "boolean", ~value.is_in([*column.true_values, *column.false_values])
    if column.codes:
        yield "codes", ~value.is_in(list(column.codes))
    if column.max_length:
        yield "max_length", value.str.len_chars() > column.max_length
    if column.pattern:
        yield "pattern", ~value.str.contains(f"^(?:{column.pattern})$")


def _type_pattern(column: ColumnContract) -> str | None:
    """The whole-value pattern of a type: no thousands separators, no exponents, dates only in declared shapes."""
    mark = "[.]" if column.decimal_mark == "." else ","
    return {
        "integer": r"^[+-]?[0-9]+$",
        "decimal": rf"^[+-]?(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+)$",
        "date": date_pattern(column.date_shapes),
    }.get(column.type)


class ValueRules:
    """Counts broken rules over the batches of one file, in bounded memory."""

    def __init__(self, contract: FileContract, columns: Sequence[str]) -> None:
        self._rules = rules_of(contract, columns)
        self._counts = [0] * len(self._rules)
        self._rows: list[list[int]] = [[] for _ in self._rules]

    def look_at(self, batch: Batch) -> None:
        """Counts the broken rules of a batch and notes the first row numbers."""
        if not self._rules or not batch.frame.height:
            return
        broken = batch.frame.select(rule.broken.alias(str(place)) for place, rule in enumerate(self._rules))
        numbers = batch.row_numbers()
        for place, marks in enumerate(broken):
            count = int(marks.sum())
            self._counts[place] += count
            wanted = ROWS_LISTED - len(self._rows[place])
            if count and wanted:
                self._rows[place] += numbers.filter(marks).head(wanted).to_list()

    def findings(self) -> tuple[RuleFinding, ...]:
        """The broken rules with their counts and at most 1,000 row numbers each."""
        return tuple(
            RuleFinding(rule.column, rule.name, count, tuple(rows))
            for rule, count, rows in zip(self._rules, self._counts, self._rows, strict=True)
            if count
        )
