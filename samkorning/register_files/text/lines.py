"""The byte pass over text in UTF-8: lines counted, and those that no reader should see taken out.

What belongs here: line ends, NUL, undecodable bytes, endless lines, byte order marks between lines. What must not:
quotes and separators (records.py), or what a row should hold, be it nothing (the parsers' affair).
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl
import pyarrow as pa

from samkorning.register_files.table import MOST_REFUSED, RowFault

LONGEST_RECORD = 1024 * 1024  # bytes; what a quote may span, and what a line may be long
LINE_END = rb"(?:\r\n|\n|\r)"
ORDER_MARK = "\ufeff".encode()
MARKS = (b"\x00", b"\xff")  # NUL, and what decoding leaves in the place of an undecodable byte
_LINE = re.compile(rb"([^\r\n]*+)" + LINE_END)
_LF, _CR = b"\n\r"


class TooMuchDamage(Exception):
    """More refused rows than anybody would read about; the reader of the file turns it into a refusal."""


@dataclass
class CleanBlock:
    """Records of one block: the clean ones as text, the others by 1-based place in the block with their fault.

    No clean record ends with a lone CR: what is left out between two records never makes one line end of two. ``used``
    is how many bytes of the block were consumed; the rest belongs to the next block.
    """

    block: bytes
    parts: list[bytes] = field(default_factory=list)
    records: int = 0
    refused: list[tuple[int, RowFault]] = field(default_factory=list)
    line_breaks: int = 0
    order_marks: int = 0
    line_ends: "Counter[str]" = field(default_factory=Counter)
    used: int = 0

    @property
    def data(self) -> bytes:
        """The clean records as one text."""
        return b"".join(self.parts)

    def keep_lines(self, start: int, end: int) -> None:
        """Keeps lines that each are one record, and refuses endless ones."""
        if self.lines.has_endless:
            self._keep_one_by_one(start, end)
        elif self.lines.only_end:
            count = self.block.count(b"\n", start, end)
            self.line_ends[self.lines.only_end] += count
            self._keep(self.block[start:end], count)
        else:
            ends = line_ends_of(self.block[start:end])
            self.line_ends.update(ends)
            self._keep(self.block[start:end].replace(b"\r\n", b"\n").replace(b"\r", b"\n"), sum(ends.values()))

    def _keep_one_by_one(self, start: int, end: int) -> None:
        for line in _LINE.finditer(self.block, start, end):
            self.line_ends.update(line_ends_of(line.group()[-2:]))
            if len(line.group(1)) > LONGEST_RECORD:
                self.refuse(RowFault.TOO_LONG)
            else:
                self._keep(line.group(1) + b"\n", 1)

    def keep_record(self, body: bytes, end: bytes) -> None:
        """Keeps one record that may have line ends inside quotes."""
        self.line_ends.update(line_ends_of(end))
        self.line_breaks += b"\n" in body or b"\r" in body
        self._keep(body + b"\n", 1)

    def _keep(self, text: bytes, records: int) -> None:
        self.records += records
        self.parts.append(text)

    def refuse(self, fault: RowFault) -> None:
        """Counts one record that is not kept."""
        self.records += 1
        self.refused.append((self.records, fault))
        if len(self.refused) > MOST_REFUSED:
            raise TooMuchDamage

    @cached_property
    def lines(self) -> "BlockLines":
        """What the block as a whole says of its lines."""
        return BlockLines(self.block)


class BlockLines:
    """The lines of a whole block, seen as a column of bytes: in a tenth of the time that searching text takes."""

    def __init__(self, block: bytes) -> None:
        codes = pl.Series(pa.Array.from_buffers(pa.uint8(), len(block), [None, pa.py_buffer(block)]))
        self._block, self._returns, self._newlines = block, codes == _CR, codes == _LF

    @cached_property
    def ends(self) -> Mapping[str, int]:
        """How many line ends of each kind there are."""
        pairs = int((self._returns.head(-1) & self._newlines.slice(1)).sum())
        return {"crlf": pairs, "lf": int(self._newlines.sum()) - pairs, "cr": int(self._returns.sum()) - pairs}

    @cached_property
    def only_end(self) -> str | None:
        """The kind of all line ends, if it is LF or CRLF."""
        kinds = [kind for kind, count in self.ends.items() if count]
        return kinds[0] if kinds in (["lf"], ["crlf"]) else None

    @cached_property
    def has_endless(self) -> bool:
        """Whether any line is longer than :data:`LONGEST_RECORD`."""
        return has_endless_line(self._block)

    def blank(self) -> list[int]:
        """Where a line end stands right behind another, or first of all."""
        either = self._returns | self._newlines
        behind = (self._newlines.head(-1) & either.slice(1)) | (self._returns.head(-1) & self._returns.slice(1))
        first = either.head(1).arg_true().to_list()
        return [*first, *(behind.arg_true() + 1)] if behind.any() else first


class LineSplitter:
    """Splits blocks of text into lines, each a record, and refuses those with NUL or undecodable characters.

    ``order_mark`` is what a byte order mark reads as; where a record begins with one, files were joined: it is taken
    off and counted.
    """

    suspects: tuple[bytes, ...] = MARKS

    def __init__(self, order_mark: bytes = ORDER_MARK) -> None:
        self._order_mark = order_mark

    def split(self, block: bytes, final: bool) -> CleanBlock:
        """The records of a block that ends with a line end; the last ones may be left for the next block."""
        clean, marks = CleanBlock(block), order_marks_of(block, self._order_mark)
        places = sorted([*marks, *self.suspect_places(clean, marks)]) if marks else self.suspect_places(clean, marks)
        place, suspects = 0, _Suspects(block, self.suspects, places)
        while (suspect := suspects.first_from(place)) is not None:
            start = _line_start(block, suspect, place)
            clean.keep_lines(place, start)
            if not final and self.may_reach_beyond(block, start):
                clean.used = start
                return clean
            clean.order_marks += start in marks
            place = marks.get(start) or self.take(block, start, clean)
        clean.keep_lines(place, len(block))
        clean.used = len(block)
        return clean

    def suspect_places(self, clean: CleanBlock, order_marks: Mapping[int, int]) -> list[int]:
        """Further places, in rising order, that want a closer look."""
        return []

    def may_reach_beyond(self, block: bytes, start: int) -> bool:
        """Whether the record at ``start`` might go on in the next block; a line never does."""
        return False

    def take(self, block: bytes, start: int, clean: CleanBlock) -> int:
        """Refuses the line at ``start`` and returns where the next begins."""
        return refuse_line(block, start, clean, RowFault.UNDECODABLE)


def order_marks_of(block: bytes, mark: bytes) -> dict[int, int]:
    """Where lines begin with byte order marks, and where these end."""
    if mark[-1:] not in block or mark not in block:  # one byte is found in a tenth of the time
        return {}
    marks = re.finditer(rb"(?:(?<=[\r\n])|\A)(?:" + re.escape(mark) + rb")+", block)
    return {found.start(): found.end() for found in marks}


class _Suspects:
    """Where the next byte stands that makes a line worth a closer look; every kind is searched for once."""

    def __init__(self, block: bytes, kinds: tuple[bytes, ...], places: list[int]) -> None:
        self._block, self._places, self._passed = block, places, 0
        self._next = dict.fromkeys(kinds, -1)

    def first_from(self, place: int) -> int | None:
        """The place of the next suspect byte, or None."""
        for kind, found in list(self._next.items()):
            if found < place:
                self._look_for(kind, place)
        self._passed = bisect_left(self._places, place, self._passed)
        return min([*self._next.values(), *self._places[self._passed : self._passed + 1]], default=None)

    def _look_for(self, kind: bytes, place: int) -> None:
        found = self._block.find(kind, place)
        if found < 0:
            del self._next[kind]
        else:
            self._next[kind] = found


def refuse_line(block: bytes, start: int, clean: CleanBlock, otherwise: RowFault) -> int:
    """Refuses the line at ``start`` for what its bytes show, or ``otherwise``; returns where the next begins."""
    line = _LINE.match(block, start)
    end = line.end() if line else len(block)
    clean.refuse(_fault_of(block[start:end]) or otherwise)
    return end


def _fault_of(line: bytes) -> RowFault | None:
    if b"\x00" in line:
        return RowFault.NUL_CHARACTER
    return RowFault.UNDECODABLE if b"\xff" in line else None


def _line_start(block: bytes, place: int, floor: int) -> int:
    return max(block.rfind(b"\n", floor, place), block.rfind(b"\r", floor, place), floor - 1) + 1


def has_endless_line(text: bytes) -> bool:
    """Whether any line is longer than :data:`LONGEST_RECORD`, in a few steps."""
    place = 0
    while len(text) - place > LONGEST_RECORD:
        window = place, place + LONGEST_RECORD + 1
        end = max(text.rfind(b"\n", *window), text.rfind(b"\r", *window))
        if end < 0:
            return True
        place = end + 1
    return False


def line_ends_of(text: bytes) -> dict[str, int]:
    """How many line ends of each kind a text has."""
    returns = text.count(b"\r")
    pairs = text.count(b"\r\n") if returns else 0
    return {"crlf": pairs, "lf": text.count(b"\n") - pairs, "cr": returns - pairs}
