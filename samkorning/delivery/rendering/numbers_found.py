"""The leak scan as a taker: identity numbers in the rows of a file, while they are rendered.

What belongs here: leading rows to the scan and keeping what it found. What must not: looking for numbers
(samkorning.delivery.number_scan).
"""

from dataclasses import asdict
from typing import Any

import polars as pl

from samkorning.delivery.number_scan import Finding, LeakScan
from samkorning.delivery.rendering.facts import RenderedFacts

NAME = "identity numbers"


class NumbersFound:
    """Scans every value and name of a file."""

    name = NAME

    def __init__(self, scan: LeakScan) -> None:
        self._scan = scan

    def take(self, rows: pl.DataFrame, units: pl.Series) -> None:
        """Scan one batch."""
        self._scan.look_at(rows)

    def answer(self) -> list[dict[str, Any]]:
        """What was found, without a value."""
        return [{**asdict(found), "first_rows": list(found.first_rows)} for found in self._scan.findings()]


def numbers_found(facts: RenderedFacts) -> list[Finding]:
    """The identity numbers that were met when a file was rendered: where, in which spelling, in how many rows."""
    found = facts.found_by(NAME, ())
    return [Finding(**{**each, "first_rows": tuple(each["first_rows"])}) for each in found]
