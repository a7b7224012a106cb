"""The independent count of a worksheet of an old workbook by its records: the same numbers as sheet_rows gives.

What belongs here: numbers of rows and cells, error cells, hidden rows. What must not: the values. A formula that was
never calculated has an empty text for its value, as one that gives an empty text has: where a sheet has no formula
with any other value, nobody is taken to have calculated it.
"""

import struct
from collections import Counter
from collections.abc import Iterable

from samkorning.register_files.workbooks.sheet_rows import SheetRows

_MANY_NUMBERS, _TRUTH_OR_ERROR, _FORMULA, _ROW, _MERGED = 0x00BD, 0x0205, 0x0006, 0x0208, 0x00E5
_REACH, _END = 0x0200, 0x000A
_CELLS = {0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, _MANY_NUMBERS, _TRUTH_OR_ERROR, _FORMULA}  # text and numbers first
_HIDDEN = 0x20
_ERROR_RESULT, _EMPTY_RESULT = 2, 3


def count_records(records: Iterable[tuple[int, bytes]]) -> SheetRows:
    """Looks through the records of one worksheet; ``certain`` is false where they do not come to an end."""
    seen = _Seen()
    try:
        for kind, body in records:
            seen.look_at(kind, body)
    except (struct.error, IndexError):
        seen.last = 0
    return seen.rows()


class _Seen:
    """What the records so far have shown."""

    def __init__(self) -> None:
        self.last = 0
        self._is_sound = True
        self._rows = SheetRows()
        self._cells: Counter[int] = Counter()
        self._errors: set[int] = set()
        self._empty_formulas: list[int] = []

    def rows(self) -> SheetRows:
        """The account; not certain where the records did not come to their end."""
        rows = self._rows
        rows.certain = self._is_sound and self.last == _END
        rows.cells = self._cells.total()
        rows.with_errors = sorted(self._errors)
        rows.with_values = sorted(set(self._cells) - self._errors)
        if len(self._empty_formulas) == rows.formulas:
            rows.without_stored_value = sorted({*self._empty_formulas})
        return rows

    def look_at(self, kind: int, body: bytes) -> None:
        self.last = kind
        if kind in _CELLS:
            self._count(kind, body)
        elif kind == _ROW:
            self._rows.hidden += bool(struct.unpack_from("<H", body, 12)[0] & _HIDDEN)
        elif kind == _MERGED:
            self._rows.merged += struct.unpack_from("<H", body)[0]
        elif kind == _REACH:
            first_row, row, first_column, column = struct.unpack_from("<IIHH", body)
            self._is_sound &= first_row <= row and first_column <= column
            self._reach(row, column)

    def _reach(self, row: int, column: int) -> None:
        """How far the cells go, or are said to: the reader of cells sets aside memory for what is said."""
        self._rows.furthest_row = max(self._rows.furthest_row, row)
        self._rows.furthest_column = max(self._rows.furthest_column, column)

    def _count(self, kind: int, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        many = (len(body) - 6) // 6 if kind == _MANY_NUMBERS else 1
        self._reach(row + 1, column + many)
        self._rows.formulas += kind == _FORMULA
        if _is_error(kind, body):
            self._errors.add(row + 1)
        else:
            self._cells[row + 1] += many
        if _result(kind, body) == _EMPTY_RESULT:
            self._empty_formulas.append(row + 1)


def _is_error(kind: int, body: bytes) -> bool:
    if kind == _TRUTH_OR_ERROR:
        return body[7] == 1
    return _result(kind, body) == _ERROR_RESULT


def _result(kind: int, body: bytes) -> int | None:
    """The kind of a formula's value where it is no number."""
    return body[6] if kind == _FORMULA and body[12:14] == b"\xff\xff" else None
