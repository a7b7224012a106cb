"""What the cells of a column hold of numbers: which could hold one, and whose they are.

What belongs here: the way from cells to judged windows. What must not: how many chance gives (chance), or what is told
of them (scan).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.delivery.number_scan.columns import ROW, Cells
from samkorning.delivery.number_scan.digit_runs import FEWEST, MOST, windows_of_digits, windows_of_numbers
from samkorning.delivery.number_scan.disguises import ESCAPED, TWO_THREES, windows_of_cells
from samkorning.delivery.number_scan.own_numbers import OwnNumbers
from samkorning.delivery.number_scan.spellings import Spelling
from samkorning.delivery.number_scan.strangers import of_strangers
from samkorning.delivery.number_scan.texts import rows_with_texts
from samkorning.delivery.number_scan.two_columns import windows_of_neighbours
from samkorning.identity import IdentityRules

_DIGIT, _BETWEEN = "[0-9OolI|]", "[^0-9A-Za-z:]*"  # letters that pass for digits among them
_ONE_MORE = f"(?:{_DIGIT}{_BETWEEN})"
_MONTH = f"(?:[0Oo]{_BETWEEN}{_DIGIT}|[1lI|]{_BETWEEN}[0-2OolI|]){_BETWEEN}"
_BACKWARDS_MONTH = f"(?:{_DIGIT}{_BETWEEN}[0Oo]|[0-2OolI|]{_BETWEEN}[1lI|]){_BETWEEN}"
_OTHER_DIGITS = rf"(?:[\p{{Nd}}\p{{No}}--0-9]{_BETWEEN}){{4}}"
_COULD_HOLD = "|".join(
    (
        f"{_ONE_MORE}{{2}}{_MONTH}{_ONE_MORE}{{4}}{_DIGIT}",
        f"{_DIGIT}{_BETWEEN}{_MONTH}{_ONE_MORE}{{5}}{_DIGIT}",
        f"{_ONE_MORE}{{6}}{_BACKWARDS_MONTH}{_ONE_MORE}{_DIGIT}",
        _OTHER_DIGITS,
        *(f"[0-9A-Fa-f]{{{before}}}[A-Fa-f][0-9A-Fa-f]{{{8 - before}}}" for before in range(9)),
        "(?:3[0-9]){9}",
        TWO_THREES,
        ESCAPED,
    )
)
_DIGITS_ALONE = f"^[0-9]{{{FEWEST},{MOST}}}$"
_ROWS_TOGETHER = 50_000


@dataclass(frozen=True)
class Judge:
    """Whose numbers are looked for, and by which rules; any thread may ask.

    What it gives are windows of one column with ``own`` and ``weight`` (OwnNumbers.judged): first what could be the
    case's, then what could be strangers'.
    """

    own: OwnNumbers
    rules: IdentityRules

    def of_numbers(self, cells: Cells) -> list[pl.DataFrame]:
        """What a column of whole numbers holds.

        Equal numbers that follow each other, as serial numbers do, are looked at once, and at each of their rows where
        that finds anything: other values count once however many rows have them (chance).
        """
        first = cells.values.ne_missing(cells.values.shift(1))
        found = self.judged(windows_of_numbers(cells.rows.filter(first), cells.values.filter(first)))
        if any(each["own"].any() for each in found):
            return self.judged(windows_of_numbers(cells.rows, cells.values))
        return found

    def of_texts(self, cells: Cells, could: pl.Series | None) -> list[pl.DataFrame]:
        """What a column of text holds: identities that are text anywhere, numbers in the cells that ``could``."""
        found = self.identities(cells)
        return found if could is None else found + self.closely(rows_that(cells, could))

    def of_neighbours(self, rows: pl.Series, left: pl.Series, right: pl.Series) -> list[pl.DataFrame]:
        """What two neighbouring columns hold together."""
        return self.judged(windows_of_neighbours(rows, left, right))

    def identities(self, cells: Cells) -> list[pl.DataFrame]:
        """The identities of the case that are text."""
        if self.own.texts.is_empty():
            return []
        rows = rows_with_texts(pl.DataFrame({ROW: cells.rows, "text": cells.values}), self.own.texts)
        found = pl.DataFrame({ROW: rows}).with_columns(value=pl.col(ROW), own=True, weight=0.0)
        return [found.with_columns(pl.lit(Spelling.TEXT.value).alias("spelling"), pl.lit("").alias("way"))]

    def closely(self, cells: pl.DataFrame) -> list[pl.DataFrame]:
        """What cells that could hold a number (``row``, ``text``) do hold."""
        if cells.is_empty():
            return []
        alone = cells["text"].str.contains(_DIGITS_ALONE)
        digits, others = cells.filter(alone), cells.filter(~alone)
        found = self.judged(windows_of_digits(digits[ROW], digits["text"]))
        if others.height:
            found += self.judged(windows_of_cells(others))
        return found

    def judged(self, windows: pl.DataFrame) -> list[pl.DataFrame]:
        """The windows that are the case's own, and of the others those that strangers have."""
        if windows.is_empty():
            return []
        judged, strangers = self.own.judged(windows), of_strangers(windows, self.rules)
        if strangers.is_empty():
            return [judged]
        own = judged.filter("own").select(ROW, "value")
        return [judged, strangers.join(own, on=[ROW, "value"], how="anti")]


def rows_that(cells: Cells, could: pl.Series) -> pl.DataFrame:
    """The chosen cells: ``row`` and ``text``."""
    return pl.DataFrame({ROW: cells.rows.filter(could), "text": cells.values.filter(could)})


def could_hold(columns: Sequence[Cells], longest: Sequence[int]) -> list[pl.Series | None]:
    """For every column of text, whose longest texts have so many bytes, which cells could hold a number; None where
    none is long enough. Stretches of columns are looked at side by side.
    """
    could = pl.col("text").str.contains(_COULD_HOLD).fill_null(False)
    stretches = [
        (place, stretch)
        for place, (cells, size) in enumerate(zip(columns, longest, strict=True))
        if size >= FEWEST
        for stretch in cells.values.rename("text").to_frame().iter_slices(_ROWS_TOGETHER)
    ]
    found = pl.collect_all([stretch.lazy().select(could) for _, stretch in stretches])
    by_place: dict[int, list[pl.Series]] = {}
    for (place, _), looked in zip(stretches, found, strict=True):
        by_place.setdefault(place, []).append(looked.to_series())
    return [pl.concat(by_place[place]) if place in by_place else None for place in range(len(columns))]
