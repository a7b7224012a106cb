"""The independent count of a worksheet by its XML: which rows have values, how many cells, how far it reaches.

What belongs here: numbers of rows and cells, error cells, formulas without a stored value. What must not: the values.
The count comes before any reader of cells opens the sheet, because that one sets aside memory for the whole grid.

Other programs than Excel may write rows and cells without their addresses: each then follows the one before it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of Excel itself
MOST_CELLS = 30_000_000  # of the grid from the first cell to the last, empty ones too
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row\s*>)", re.S)
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^>]*/>")
_NUMBER = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,20})[\"']")
_PLACE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]+)([0-9]+)")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^>]*)?>[^<]|is\b)")
_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.S)
_EMPTY_VALUE = re.compile(rb"<(?:\w+:)?v\s*(?:/>|></)")
_NUMBER_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b")
_UNUSUAL = re.compile(rb"<!--|<!\[CDATA\[|<\?(?!xml\s)")


@dataclass
class SheetRows:
    """1-based sheet row numbers by what the rows hold, and counts; ``certain`` is false for XML nobody can count."""

    with_values: list[int] = field(default_factory=list)
    with_errors: list[int] = field(default_factory=list)
    without_stored_value: list[int] = field(default_factory=list)
    cells: int = 0
    formulas: int = 0
    hidden: int = 0
    merged: int = 0
    furthest_row: int = 0
    furthest_column: int = 0
    certain: bool = True

    @property
    def last(self) -> int:
        """The last row that holds anything."""
        return max(self.with_values[-1:] + self.with_errors[-1:] + self.without_stored_value[-1:], default=0)

    def first_after(self, above: int) -> int | None:
        """The first row below ``above`` that holds anything."""
        kinds = (self.with_values, self.with_errors, self.without_stored_value)
        return min((row for kind in kinds for row in kind if row > above), default=None)

    @property
    def is_too_large(self) -> bool:
        """Whether the grid is larger than Excel's or than the reader of cells may set aside memory for."""
        rows, columns = self.furthest_row, self.furthest_column
        return rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS


def count_rows(chunks: Iterable[bytes]) -> SheetRows:
    """Looks through the XML of one worksheet, in bounded memory."""
    rows, number = SheetRows(), 0
    for text in _whole_rows(chunks):
        _measure(rows, text)
        for row in _ROW.finditer(text):
            before, number = number, _stated_number(row) or number + 1
            rows.certain &= number > before
            _look_at(rows, number, row.group(1), row.group(2) or b"")
    return rows


def _stated_number(row: "re.Match[bytes]") -> int | None:
    """The number that a row has by its own address or by that of its first cell."""
    stated = _NUMBER.search(row.group(1))
    if stated:
        return int(stated.group(1))
    cell = _PLACE.search(row.group(2) or b"")
    return _number(cell.group(2)) if cell else None


def _whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    carry = b""
    for chunk in chunks:
        text = carry + chunk
        cut = max((end.end() for end in _ROW_END.finditer(text, max(0, len(carry) - 16))), default=0)
        carry = text[cut:]
        yield text[:cut]
    yield carry


def _measure(rows: SheetRows, text: bytes) -> None:
    """How far the cells reach, by their own places or one after the other, and what makes the XML uncountable."""
    places_of_cells = _PLACE.findall(text)
    places = set(places_of_cells)
    rows.furthest_row = max([rows.furthest_row, *(_number(row) for _, row in places)])
    rows.furthest_column = max([rows.furthest_column, *(_column(letters) for letters, _ in places)])
    if len(_ANY_CELL.findall(text)) > len(places_of_cells):
        in_a_row = (len(_ANY_CELL.findall(row.group(2) or b"")) for row in _ROW.finditer(text))
        rows.furthest_column = max(rows.furthest_column, *in_a_row, 0)
    rows.merged += len(_MERGED.findall(text))
    rows.certain &= not _UNUSUAL.search(text)


def _number(digits: bytes) -> int:
    return int(digits) if len(digits) < 10 else MOST_ROWS + 1


def _column(letters: bytes) -> int:
    """A column's number from its letters: A is 1, AA is 27."""
    if len(letters) > 3:
        return MOST_COLUMNS + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _look_at(rows: SheetRows, number: int, attributes: bytes, body: bytes) -> None:
    rows.hidden += b'hidden="1"' in attributes
    errors = len(_ERROR.findall(body))
    values = len(_VALUE.findall(body)) - errors
    if b"inlineStr" in body and _NUMBER_VALUE.search(body):
        values -= sum(_has_text_beside_number(cell) for cell in _CELL.finditer(body))
    formulas = len(_FORMULA.findall(body))
    if formulas or _EMPTY_VALUE.search(body):
        values += sum(_is_empty_text(cell) for cell in _CELL.finditer(body))
    rows.cells += values
    rows.formulas += formulas
    rows.furthest_row = max(rows.furthest_row, number)
    if errors:
        rows.with_errors.append(number)
    elif values:
        rows.with_values.append(number)
    if formulas and any(_lacks_value(cell) for cell in _CELL.finditer(body)):
        rows.without_stored_value.append(number)


def _has_text_beside_number(cell: "re.Match[bytes]") -> bool:
    """An inline text with a number in front of it, as some programs write; the text is the value."""
    inside = cell.group(2) or b""
    return b"inlineStr" in cell.group(1) and len(_VALUE.findall(inside)) == 2 == 1 + len(_NUMBER_VALUE.findall(inside))


def _is_empty_text(cell: "re.Match[bytes]") -> bool:
    """A text result of no characters, which is a value all the same."""
    return b't="str"' in cell.group(1) and not _VALUE.search(cell.group(2) or b"")


def _lacks_value(cell: "re.Match[bytes]") -> bool:
    """A formula that its writer never calculated."""
    inside = cell.group(2) or b""
    return bool(_FORMULA.search(inside)) and not _VALUE.search(inside) and b't="str"' not in cell.group(1)
