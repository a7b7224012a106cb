"""The rows of a Stata file as the bytes of its records, a column at a time.

What belongs here: cutting one column out of records of fixed width. What must not: what the values mean. It settles
values that polars-readstat reads wrong: text with letters beyond ASCII in versions before 118, which it cuts short
where the letters fill the variable, and moments with both date and time in their format, which it gives as missing.
"""

import re
import struct
from functools import cached_property
from typing import Any

import polars as pl

_WIDTHS = {"Byte": ("b", 1, 100), "Int": ("h", 2, 32_740), "Long": ("i", 4, 2_147_483_620)}
_REALS = {"Float": ("f", 4, 1.701e38), "Double": ("d", 8, 8.988e307)}
_TEXT = re.compile(r"Str\(([0-9]+)\)")
_LONG_TEXT = 8  # bytes of a reference to text that lies elsewhere
_TAG = b"<data>"


class StataRecords:
    """The records of one file."""

    def __init__(self, data: bytes, suffix: str) -> None:
        self._data, self._suffix = data, suffix

    def column(self, place: int, first_row: int, height: int) -> pl.Series | None:
        """Stored values of the column at a place, from 0: text as its bytes, numbers, null for any missing one.

        None where it cannot be known: text that lies elsewhere, or records that are not all there.
        """
        kinds = [variable["type"] for variable in self._header.get("variables", ())]
        start, width = sum(_width(kind) for kind in kinds[:place]), sum(map(_width, kinds))
        first = self._first_record + first_row * width
        if place >= len(kinds) or kinds[place] == "StrL" or first + height * width > len(self._data):
            return None
        stop = start + _width(kinds[place])
        cells = (self._data[at + start : at + stop] for at in range(first, first + height * width, width))
        text = _TEXT.fullmatch(kinds[place])
        if text:
            return pl.Series([cell.split(b"\x00", 1)[0].decode("latin-1") for cell in cells], dtype=pl.String)
        order = "<" if self._header["byte_order"] == "Little" else ">"
        return _numbers(b"".join(cells), order, kinds[place])

    @cached_property
    def _header(self) -> dict[str, Any]:
        from polars_readstat import ScanReadstat

        header: dict[str, Any] = ScanReadstat(f"file{self._suffix}", data=self._data).metadata
        return header

    @property
    def _first_record(self) -> int:
        start: int = self._header["data_offset"]
        return start + len(_TAG) if self._data.startswith(_TAG, start) else start


def _width(kind: str) -> int:
    text = _TEXT.fullmatch(kind)
    if text:
        return int(text[1])
    return next((width for name, (_, width, _) in {**_WIDTHS, **_REALS}.items() if name in kind), _LONG_TEXT)


def _numbers(cells: bytes, order: str, kind: str) -> pl.Series:
    code, _, most = next(known for name, known in {**_WIDTHS, **_REALS}.items() if name in kind)
    values = [value if value <= most else None for (value,) in struct.iter_unpack(order + code, cells)]
    return pl.Series(values, dtype=pl.Float64)
