"""The leak scan: the case's own numbers in whatever leaves, batch by batch.

What belongs here: leading every value to what looks for numbers in it, and reporting what was found where. What must
not: deciding what happens then (a blocking check does), and any value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.delivery.number_scan.chance import MEANT, Tally
from samkorning.delivery.number_scan.columns import ROW, Cells, cells_of
from samkorning.delivery.number_scan.digit_runs import FEWEST, MOST, longest_of, windows_of_digits, windows_of_numbers
from samkorning.delivery.number_scan.disguises import ESCAPED, TWO_THREES, windows_of_cells
from samkorning.delivery.number_scan.documents import over_line_ends
from samkorning.delivery.number_scan.own_numbers import OwnNumbers
from samkorning.delivery.number_scan.spellings import SPACE, Spelling
from samkorning.delivery.number_scan.strangers import RIGHT_BY_CHANCE, of_strangers
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
_NO_ROWS = pl.DataFrame(schema={ROW: pl.Int64, "text": pl.String})
_SPAN = 1 << 40
"""Rows of several columns that are looked at together: each column has its own span of row numbers."""


@dataclass(frozen=True)
class Finding:
    """Numbers of one column in one spelling: how many rows hold them, and the first of their numbers from 1."""

    file: str
    column: str
    rows: int
    spelling: str
    first_rows: tuple[int, ...]


class LeakScan:
    """Looks at one file, batch by batch in the order of its rows, in bounded memory."""

    def __init__(self, file: str, own: OwnNumbers, rules: IdentityRules) -> None:
        """``file`` is what findings call it."""
        self.file, self._own, self._rules = file, own, rules
        self._tallies: dict[tuple[str, str, str], Tally] = {}
        self._names: Mapping[str, str] | None = None
        self._seen = 0

    def look_at(self, batch: pl.DataFrame) -> None:
        """Looks at all values of one batch; at the names of its columns when it is the first."""
        if self._names is None:
            self._names = self._look_at_names(batch.columns)
        rows = pl.int_range(self._seen + 1, self._seen + batch.height + 1, dtype=pl.Int64, eager=True).alias(ROW)
        texts = []
        for column in batch.iter_columns():
            for cells in cells_of(self._names[column.name], rows, column):
                if cells.values.dtype == pl.String:
                    texts.append(cells)
                else:
                    self._take_numbers(cells)
        for cells, chosen in zip(texts, _could_hold(texts), strict=True):
            self._take_texts(cells)
            self._look_closely([cells.column], _rows_of(cells, chosen))
        for left, right in zip(batch.columns, batch.columns[1:], strict=False):
            place = f"{self._names[left]} and {self._names[right]}"
            self._take([place], windows_of_neighbours(rows, batch[left], batch[right]))
        self._seen += batch.height

    def look_at_text(self, place: str, text: str) -> None:
        """Looks at text that is no table: ``place`` says which, its rows are its lines."""
        self.look_at_texts([(place, text)])

    def look_at_texts(self, texts: Sequence[tuple[str, str]]) -> None:
        """Looks at many such texts, each with its place, at once: one by one, small ones cost as much as large ones."""
        columns = [_lines_of(place, text) for place, text in texts]
        chosen = []
        for number, (cells, could) in enumerate(zip(columns, _could_hold(columns), strict=True)):
            self._take_texts(cells)
            chosen.append(_rows_of(cells, could).with_columns(pl.col(ROW) + number * _SPAN))
        if chosen:
            self._look_closely([cells.column for cells in columns], pl.concat(chosen))

    def findings(self) -> tuple[Finding, ...]:
        """What was found more often than chance has it, by place and spelling; numbers of the case before others."""
        found: dict[tuple[str, str], list[Tally]] = {}
        for (column, spelling, _), tally in self._tallies.items():
            if tally.is_more_than_chance:
                found.setdefault((column, spelling), []).append(tally)
        return tuple(
            Finding(
                self.file,
                column,
                sum(tally.rows for tally in tallies),
                spelling,
                tuple(sorted({row for tally in tallies for row in tally.first_rows})),
            )
            for (column, spelling), tallies in found.items()
        )

    def _look_at_names(self, columns: list[str]) -> Mapping[str, str]:
        """How findings name each column: by its place where its name holds a number itself."""
        shown = {}
        for place, name in enumerate(columns, start=1):
            before = len(self.findings())
            self.look_at_text(f"name of column {place}", name)
            shown[name] = name if len(self.findings()) == before else f"column {place}"
        return shown

    def _look_closely(self, columns: Sequence[str], cells: pl.DataFrame) -> None:
        """Looks at the cells that could hold a number (``row``, ``text``) of these columns, a span of rows each."""
        if cells.is_empty():
            return
        alone = cells["text"].str.contains(_DIGITS_ALONE)
        digits, others = cells.filter(alone), cells.filter(~alone)
        self._take(columns, windows_of_digits(digits[ROW], digits["text"]))
        if others.height:
            self._take(columns, windows_of_cells(others))

    def _take(self, columns: Sequence[str], windows: pl.DataFrame) -> None:
        """Counts the windows of columns that are the case's own, and of the others those that strangers have."""
        if windows.is_empty():
            return
        for judged in self._judged(windows):
            self._count(columns, judged)

    def _judged(self, windows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        judged, strangers = self._own.judged(windows), of_strangers(windows, self._rules)
        own = judged.filter("own").select(ROW, "value")
        return judged, strangers.join(own, on=[ROW, "value"], how="anti")

    def _take_numbers(self, cells: Cells) -> None:
        """Looks once at equal numbers that follow each other, as serial numbers do; at each of their rows where that
        finds anything: other values count once however many rows have them (chance).
        """
        first = cells.values.ne_missing(cells.values.shift(1))
        windows = windows_of_numbers(cells.rows.filter(first), cells.values.filter(first))
        if windows.is_empty():
            return
        judged = self._judged(windows)
        if any(each["own"].any() for each in judged):
            self._take([cells.column], windows_of_numbers(cells.rows, cells.values))
        else:
            for each in judged:
                self._count([cells.column], each)

    def _take_texts(self, cells: Cells) -> None:
        if self._own.texts.is_empty():
            return
        rows = rows_with_texts(pl.DataFrame({ROW: cells.rows, "text": cells.values}), self._own.texts)
        if rows.len():
            hits = pl.DataFrame({ROW: rows}).with_columns(value=pl.col(ROW), own=True, weight=0.0)
            self._tally(cells.column, Spelling.TEXT.value, "").add(hits)

    def _count(self, columns: Sequence[str], judged: pl.DataFrame) -> None:
        placed = judged.with_columns(pl.col(ROW) % _SPAN, (pl.col(ROW) // _SPAN).alias("column"))
        for (column, spelling, way), alike in placed.group_by("column", "spelling", "way"):
            self._tally(columns[column], str(spelling), str(way)).add(alike)

    def _tally(self, column: str, spelling: str, way: str) -> Tally:
        place = (column, spelling, way)
        if place not in self._tallies:
            self._tallies[place] = Tally(self._least(Spelling(spelling), way))
        return self._tallies[place]

    def _least(self, spelling: Spelling, way: str) -> float:
        """The hits that chance gives to a single value that is written so."""
        if spelling is Spelling.STRANGER:
            return MEANT if way else RIGHT_BY_CHANCE
        return max(MEANT, self._own.count / 10 ** SPACE[spelling]) if spelling in SPACE else MEANT


def _lines_of(place: str, text: str) -> Cells:
    """The lines of a text, and what begins on one and ends on the next."""
    lines = text.splitlines()
    rows = pl.int_range(1, len(lines) + 1, dtype=pl.Int64, eager=True)
    cut = pl.Series(list(over_line_ends(lines)), dtype=pl.String)
    return Cells(place, pl.concat([rows, rows]).alias(ROW), pl.concat([pl.Series(lines, dtype=pl.String), cut]))


def _rows_of(cells: Cells, chosen: pl.Series | None) -> pl.DataFrame:
    if chosen is None:
        return _NO_ROWS
    return pl.DataFrame({ROW: cells.rows.filter(chosen), "text": cells.values.filter(chosen)})


def _could_hold(columns: Sequence[Cells]) -> list[pl.Series | None]:
    """For every column of text, which cells could hold a number, where any is long enough; stretches of columns are
    looked at side by side.
    """
    could = pl.col("text").str.contains(_COULD_HOLD).fill_null(False)
    stretches = [
        (place, stretch)
        for place, cells in enumerate(columns)
        if longest_of(cells.values) >= FEWEST
        for stretch in cells.values.rename("text").to_frame().iter_slices(_ROWS_TOGETHER)
    ]
    found = pl.collect_all([stretch.lazy().select(could) for _, stretch in stretches])
    by_place: dict[int, list[pl.Series]] = {}
    for (place, _), looked in zip(stretches, found, strict=True):
        by_place.setdefault(place, []).append(looked.to_series())
    return [pl.concat(by_place[place]) if place in by_place else None for place in range(len(columns))]
