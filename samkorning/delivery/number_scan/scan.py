"""The leak scan: the case's own numbers in whatever leaves, batch by batch.

What belongs here: leading every value to what looks for numbers in it, and reporting what was found where. What must
not: deciding what happens then (a blocking check does), and any value.
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from samkorning.delivery.number_scan.chance import MEANT, ONE_IN, ONE_SERIAL_COLUMN_IN, Tally
from samkorning.delivery.number_scan.columns import ROW, Cells, cells_of, longest_text, longest_texts
from samkorning.delivery.number_scan.documents import over_line_ends
from samkorning.delivery.number_scan.looking import Judge, could_hold, rows_that
from samkorning.delivery.number_scan.own_numbers import OwnNumbers
from samkorning.delivery.number_scan.spellings import SPACE, Spelling
from samkorning.delivery.number_scan.strangers import RIGHT_BY_CHANCE
from samkorning.delivery.number_scan.two_columns import neighbours
from samkorning.identity import IdentityRules

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

    def __init__(self, file: str, own: OwnNumbers, rules: IdentityRules, serial_columns: Collection[str] = ()) -> None:
        """``file`` is what findings call it. ``serial_columns`` hold serial numbers: nine random digits, now and then
        the first nine of a number of the case. Another check looks each up in the code key.
        """
        self.file, self._judge, self._serial_columns = file, Judge(own, rules), serial_columns
        self._tallies: dict[tuple[str, str, str], Tally] = {}
        self._names: Mapping[str, str] | None = None
        self._seen = 0

    def look_at(self, batch: pl.DataFrame) -> None:
        """Looks at all values of one batch; at the names of its columns when it is the first."""
        if self._names is None:
            self._names = self._look_at_names(batch.columns)
        rows = pl.int_range(self._seen + 1, self._seen + batch.height + 1, dtype=pl.Int64, eager=True).alias(ROW)
        longest = longest_texts(batch)
        texts, sizes, numbers = list[Cells](), list[int](), list[Cells]()
        for column in batch.iter_columns():
            for cells in cells_of(self._names[column.name], rows, column):
                if cells.values.dtype == pl.String:
                    texts.append(cells)
                    sizes.append(longest[column.name] if column.name in longest else longest_text(cells.values))
                else:
                    numbers.append(cells)
        with ThreadPoolExecutor(pl.thread_pool_size(), "leak-scan") as threads:
            looks = [(cells.column, threads.submit(self._judge.of_numbers, cells)) for cells in numbers]
            pairs = [
                (
                    f"{self._names[left.name]} and {self._names[right.name]}",
                    threads.submit(self._judge.of_neighbours, rows, left, right),
                )
                for left, right in neighbours(batch, longest)
            ]
            for cells, could in zip(texts, could_hold(texts, sizes), strict=True):
                looks.append((cells.column, threads.submit(self._judge.of_texts, cells, could)))
            for place, look in [*looks, *pairs]:
                for judged in look.result():
                    self._count([place], judged)
        self._seen += batch.height

    def look_at_text(self, place: str, text: str) -> None:
        """Looks at text that is no table: ``place`` says which, its rows are its lines."""
        self.look_at_texts([(place, text)])

    def look_at_texts(self, texts: Sequence[tuple[str, str]]) -> None:
        """Looks at many such texts, each with its place, at once: one by one, small ones cost as much as large ones."""
        columns = [_lines_of(place, text) for place, text in texts]
        places = [cells.column for cells in columns]
        chosen = []
        could = could_hold(columns, [longest_text(cells.values) for cells in columns])
        for number, (cells, each) in enumerate(zip(columns, could, strict=True)):
            for found in self._judge.identities(cells):
                self._count([cells.column], found)
            if each is not None:
                chosen.append(rows_that(cells, each).with_columns(pl.col(ROW) + number * _SPAN))
        for found in self._judge.closely(pl.concat(chosen)) if chosen else ():
            self._count(places, found)

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

    def _count(self, columns: Sequence[str], judged: pl.DataFrame) -> None:
        if judged.is_empty():
            return
        placed = judged.with_columns(pl.col(ROW) % _SPAN, (pl.col(ROW) // _SPAN).alias("column"))
        for (column, spelling, way), alike in placed.group_by("column", "spelling", "way", maintain_order=True):
            self._tally(columns[column], str(spelling), str(way)).add(alike)

    def _tally(self, column: str, spelling: str, way: str) -> Tally:
        place = (column, spelling, way)
        if place not in self._tallies:
            by_chance = column in self._serial_columns and spelling == Spelling.NO_CHECK_DIGIT
            one_in = ONE_SERIAL_COLUMN_IN if by_chance else ONE_IN
            self._tallies[place] = Tally(self._least(Spelling(spelling), way), one_in)
        return self._tallies[place]

    def _least(self, spelling: Spelling, way: str) -> float:
        """The hits that chance gives to a single value that is written so."""
        if spelling is Spelling.STRANGER:
            return MEANT if way else RIGHT_BY_CHANCE
        return max(MEANT, self._judge.own.count / 10 ** SPACE[spelling]) if spelling in SPACE else MEANT


def _lines_of(place: str, text: str) -> Cells:
    """The lines of a text, and what begins on one and ends on the next."""
    lines = text.splitlines()
    rows = pl.int_range(1, len(lines) + 1, dtype=pl.Int64, eager=True)
    cut = pl.Series(list(over_line_ends(lines)), dtype=pl.String)
    return Cells(place, pl.concat([rows, rows]).alias(ROW), pl.concat([pl.Series(lines, dtype=pl.String), cut]))
