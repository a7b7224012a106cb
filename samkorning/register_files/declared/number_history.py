"""A number history (nummerhistorik), looked at while its file is read.

What belongs here: refusing a history that contradicts itself before it takes the place of another, and telling which of
its rows are damaged. What must not: what a history means (samkorning.persons.number_history).
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from samkorning.identity import IdentityRules
from samkorning.persons.number_history import CHANGED_ON, NEW, OLD, persons_of, read_number_history
from samkorning.register_files.opened import Batch
from samkorning.register_files.table import RegisterTable, RuleFinding

ROWS_LISTED = 20  # of each column and problem


class NumberHistoryLook:
    """Looks at a number history batch by batch; its numbers are kept until it is judged."""

    def __init__(self, rules: IdentityRules) -> None:
        self._rules = rules
        self._parts: list[pl.DataFrame] = []
        self._row_numbers: list[pl.Series] = []

    def look_at(self, batch: Batch) -> None:
        """Takes up one batch; without its identity columns the file is refused by others."""
        if {OLD, NEW} <= set(batch.frame.columns):
            self._parts.append(batch.frame.select(OLD, NEW, pl.col(f"^{CHANGED_ON}$")))
            self._row_numbers.append(batch.row_numbers())

    def judged(self, account: RegisterTable) -> RegisterTable:
        """The account with what is wrong with numbers and dates of rows, which say nothing then.

        :raises FileRefused: when changes go in a circle, an old number has several new ones, or a personnummer becomes
            a coordination number.
        """
        if not self._parts:
            return account
        table, rows = pl.concat(self._parts), pl.concat(self._row_numbers)
        history = read_number_history(table, self._rules, account.name, rows)
        persons_of(history, name=account.name)
        known = {(found.column, found.rule) for found in account.findings}
        new = (found for found in _findings(history.damaged) if (found.column, found.rule) not in known)
        return replace(account, findings=(*account.findings, *new))


def _findings(damaged: pl.DataFrame) -> Iterator[RuleFinding]:
    grouped = damaged.group_by("column", "problem").agg("row").sort("column", "problem")
    for column, problem, rows in grouped.iter_rows():
        rule = "date" if column == CHANGED_ON else problem
        yield RuleFinding(column, rule, len(rows), tuple(sorted(rows)[:ROWS_LISTED]))
