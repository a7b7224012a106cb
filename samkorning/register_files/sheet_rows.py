"""The independent count of a worksheet: which rows have values, by its XML and not by the reader of cells.

What belongs here: row numbers with values, error cells, formulas without a stored value. What must not: the values.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.S)
_ROW_END = re.compile(rb"</(?:\w+:)?row>|<(?:\w+:)?row\b[^>]*/>")
_NUMBER = re.compile(rb'\br="([0-9]{1,7})"')
_VALUE = re.compile(rb'<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]|<(?:\w+:)?is\b|\bt="str"')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b")


@dataclass
class SheetRows:
    """1-based sheet row numbers by what the rows hold."""

    with_values: list[int] = field(default_factory=list)
    with_errors: list[int] = field(default_factory=list)
    without_stored_value: list[int] = field(default_factory=list)
    formulas: int = 0
    hidden: int = 0
    merged: int = 0

    @property
    def last(self) -> int:
        """The last row that holds anything."""
        return max(self.with_values[-1:] + self.with_errors[-1:] + self.without_stored_value[-1:], default=0)


def count_rows(chunks: Iterable[bytes]) -> SheetRows:
    """Looks through the XML of one worksheet, in bounded memory."""
    rows, number = SheetRows(), 0
    for text in _whole_rows(chunks):
        for row in _ROW.finditer(text):
            told = _NUMBER.search(row.group(1))
            number = int(told.group(1)) if told else number + 1
            _look_at(rows, number, row.group(1), row.group(2) or b"")
        rows.merged += len(_MERGED.findall(text))
    return rows


def _whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    carry = b""
    for chunk in chunks:
        text = carry + chunk
        ends = [end.end() for end in _ROW_END.finditer(text, max(0, len(text) - 2 * len(chunk)))]
        cut = ends[-1] if ends else 0
        carry = text[cut:]
        yield text[:cut]
    yield carry


def _look_at(rows: SheetRows, number: int, attributes: bytes, body: bytes) -> None:
    if b'hidden="1"' in attributes:
        rows.hidden += 1
    if b't="e"' in body:
        rows.with_errors.append(number)
    elif _VALUE.search(body):
        rows.with_values.append(number)
    formulas = len(_FORMULA.findall(body))
    rows.formulas += formulas
    if formulas and any(_lacks_value(cell) for cell in _CELL.finditer(body)):
        rows.without_stored_value.append(number)


def _lacks_value(cell: "re.Match[bytes]") -> bool:
    """A formula that its writer never calculated; a text result may be empty."""
    inside = cell.group(2) or b""
    return bool(_FORMULA.search(inside)) and not _VALUE.search(cell.group())
