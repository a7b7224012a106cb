"""What the sheets of an order say so far: plain values, where each of them stands, and the faults.

What belongs here: putting a value at its path, and telling a fault by sheet, row and column. What must not: what a
sheet means (form, variables, holders, selectors).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from samkorning.errors import OrderFault
from samkorning.identity.disguised import is_disguised
from samkorning.identity.free_text import REMEDY, reads_as_number
from samkorning.order.document import Document, Path
from samkorning.order.workbooks.cells import CellFault, value_of
from samkorning.order.workbooks.columns import Column, folded
from samkorning.order.workbooks.nested import paths_in, set_in
from samkorning.order.workbooks.sheets import Sheet
from samkorning.own_registers.catalogue import RegisterCatalogue

HEADING_ROWS = 15
"""In which of the first rows of a sheet its headings are looked for: people write above them."""


@dataclass(frozen=True)
class FilledSheet:
    """A sheet as it was filled in: what it is, how it is named in a fault, and its rows by number, cell by cell."""

    sheet: Sheet
    named: str
    rows: dict[int, tuple[str, ...]]
    """Cells as ``written`` gives them."""


@dataclass(frozen=True)
class Place:
    """A cell: its sheet, row and column, and the column's heading."""

    sheet: str
    row: int
    column: int | None = None
    heading: str = ""

    def __str__(self) -> str:
        where = f"{self.sheet}, row {self.row}"
        if self.column is None:
            return where
        return f"{where}, column {letters(self.column)}" + (f" ({self.heading})" if self.heading else "")


@dataclass
class Gathered:
    """All that is said so far."""

    catalogue: RegisterCatalogue
    value: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)
    faults: list[OrderFault] = field(default_factory=list)
    numbers: list[OrderFault] = field(default_factory=list)
    examples: dict[Path, Any] = field(default_factory=dict)
    """What an order may say where this one says nothing or something wrong, so that all else of it can be judged."""
    replaced: set[Path] = field(default_factory=set)
    """Where an example stands for what is told to be wrong already."""
    seen: dict[str, Place] = field(default_factory=dict)
    """Every place by its words."""

    def fault(self, place: Place, problem: str, remedy: str) -> None:
        """Tells a fault."""
        self.seen.setdefault(str(place), place)
        self.faults.append(OrderFault(0, "", problem, remedy, str(place)))

    def put(self, path: Path, value: Any, place: Place) -> bool:
        """Puts a value at a path, and says whether there is a place for it: a list grows by one at its end."""
        if not path or not set_in(self.value, path, value):
            return False
        self.places[path] = place
        return True

    def in_order(self, faults: Iterable[OrderFault]) -> list[OrderFault]:
        """Faults by sheet, row and column, each once."""
        self.seen |= {str(place): place for place in self.places.values()}
        sheets = {name: number for number, name in enumerate(dict.fromkeys(each.sheet for each in self.seen.values()))}

        def where(fault: OrderFault) -> tuple[int, int, int]:
            place = self.seen.get(fault.place)
            return (sheets[place.sheet], place.row, place.column or 0) if place else (-1, 0, 0)

        return sorted(dict.fromkeys(faults), key=where)

    def look_at(self, place: Place, text: str) -> None:
        """Tells of a cell that reads as an identity number."""
        if reads_as_number(text) or is_disguised(text):
            self.numbers.append(OrderFault(0, "", "reads as an identity number", REMEDY, str(place)))

    def value_of(self, column: Column, text: str, place: Place) -> Any:
        """What a cell says; nothing, and a fault, where it says nothing of the kind."""
        try:
            return value_of(column, text)
        except CellFault as wrong:
            self.fault(place, wrong.problem, wrong.remedy)
        return None

    def example(self, path: Path, column: Column) -> None:
        """Remembers what might stand at a path."""
        if column.example:
            self.examples[path] = value_of(column, column.example)

    def document(self, value: Any) -> Document:
        """What is said as a document that can be judged."""
        lines = {path: number for number, path in enumerate(paths_in(value, ()))}
        return Document(value, lines, {path: str(place) for path, place in self.places.items()})


@dataclass(frozen=True)
class ListRow:
    """One row of a list: its values by column, what could not be read among ``wrong``, and where it stands."""

    gathered: Gathered
    sheet: str
    number: int
    values: dict[str, Any]
    columns: dict[str, tuple[int, str]]
    wrong: frozenset[str]

    def get(self, key: str) -> Any:
        """The value of a column; nothing where it is empty or wrong."""
        return self.values.get(key)

    def place(self, key: str | None = None) -> Place:
        """Where the row, or a cell of it, stands."""
        column, heading = self.columns.get(key or "", (None, ""))
        return Place(self.sheet, self.number, column, heading)

    def fault(self, key: str, problem: str, remedy: str) -> None:
        """Tells a fault of a cell."""
        self.gathered.fault(self.place(key), problem, remedy)

    def has(self, *keys: str) -> bool:
        """Whether all of these could be read."""
        return all(key in self.values for key in keys)

    def put(self, path: Path, **columns: str) -> None:
        """Puts what columns say below a path, by the names of the fields."""
        for name, key in columns.items():
            if key in self.values:
                self.gathered.put((*path, name), self.values[key], self.place(key))


def list_rows(gathered: Gathered, filled: FilledSheet) -> Iterator[ListRow]:
    """The rows of a list, below its headings; a fault for each needed cell that is empty, and each that is wrong."""
    columns, top = headings(gathered, filled)
    if top is None:
        return
    for number, cells in sorted(filled.rows.items()):
        if number > top and any(place < len(cells) and cells[place] for place in columns):
            yield _list_row(gathered, filled, number, cells, columns)


def headings(gathered: Gathered, filled: FilledSheet) -> tuple[dict[int, Column], int | None]:
    """Which column of a sheet is which of its list, wherever it has been moved, and the row of the headings.

    No row where the sheet is empty below and above, or, with a fault, has no headings.
    """
    found: dict[int, Column] = {}
    top: int | None = None
    for number in sorted(filled.rows)[:HEADING_ROWS]:
        here = _known(filled, number)
        if len(here) > len(found) and len(here) > 1:
            found, top = here, number
    if top is None:
        if filled.rows:
            _require_headings(gathered, filled, min(filled.rows))
        return {}, None
    lacking = [column for column in filled.sheet.columns if column.needed and column not in found.values()]
    for column in lacking:
        problem = f"the column {column.sv} ({column.en}) is not there"
        gathered.fault(Place(filled.named, top), problem, "take the headings from the template")
    _require_nothing_unknown(gathered, filled, found, top)
    return found, None if lacking else top


def _require_headings(gathered: Gathered, filled: FilledSheet, row: int) -> None:
    gathered.fault(
        Place(filled.named, row),
        "the sheet has no row of headings that is known",
        "take the headings from the template",
    )


def _known(filled: FilledSheet, number: int) -> dict[int, Column]:
    """The columns that a row heads, each once."""
    found: dict[int, Column] = {}
    for place, text in enumerate(filled.rows[number]):
        column = next((each for each in filled.sheet.columns if text and folded(text) in each.headings), None)
        if column is not None and column not in found.values():
            found[place] = column
    return found


def _require_nothing_unknown(gathered: Gathered, filled: FilledSheet, found: dict[int, Column], top: int) -> None:
    """What stands in a column without a known heading would be lost."""
    below = [(number, cells) for number, cells in sorted(filled.rows.items()) if number >= top]
    odd: dict[int, int] = {}
    for number, cells in below:
        for place, text in enumerate(cells):
            if text and place not in found:
                odd.setdefault(place, number)
                gathered.look_at(Place(filled.named, number, place), text)
    for place, number in odd.items():
        problem = "the column has no heading that is known, or one that is there twice"
        gathered.fault(
            Place(filled.named, number, place), problem, "take the heading from the template, or clear the column"
        )


def _list_row(
    gathered: Gathered, filled: FilledSheet, number: int, cells: tuple[str, ...], columns: dict[int, Column]
) -> ListRow:
    values: dict[str, Any] = {}
    wrong = set()
    where = {column.key: (place, column.sv) for place, column in columns.items()}
    row = ListRow(gathered, filled.named, number, values, where, frozenset())
    for place, column in columns.items():
        text = cells[place] if place < len(cells) else ""
        gathered.look_at(row.place(column.key), text)
        if text:
            value = _cell(gathered, column, text, row.place(column.key))
            if value is not None:
                values[column.key] = value
            else:
                wrong.add(column.key)
        elif column.needed:
            row.fault(column.key, "is empty", "write it, or clear the whole row")
            wrong.add(column.key)
    return ListRow(gathered, filled.named, number, values, where, frozenset(wrong))


def _cell(gathered: Gathered, column: Column, text: str, place: Place) -> Any:
    if column.key == "note":  # for people: it is not taken
        return text
    value = gathered.value_of(column, text, place)
    return value if value is not None or not column.example or not column.needed else value_of(column, column.example)


def letters(column: int) -> str:
    """A column, counted from 0, as Excel names it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
