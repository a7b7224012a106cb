"""The byte pass over text in UTF-8: lines counted, and those that no reader should see taken out.

What belongs here: line ends, NUL, undecodable bytes, blank lines. What must not: quotes and separators (records.py),
or what a row should hold (the parsers' affair).
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from samkorning.register_files.table import MOST_REFUSED, RowFault

LONGEST_RECORD = 1024 * 1024  # bytes; what a quote may span, and what a line may be long
LINE_END = rb"(?:\r\n|\n|\r)"
MARKS = (b"\x00", b"\xff")  # NUL, and what decoding leaves in the place of an undecodable byte
_BLANK_LINE = re.compile(rb"(?<![^\n])\n")
_LINE = re.compile(rb"[^\r\n]*+" + LINE_END)


class TooMuchDamage(Exception):
    """More refused rows than anybody would read about; the reader of the file turns it into a refusal."""


@dataclass
class CleanBlock:
    """Records of one block: the clean ones as text, the others by 1-based place in the block with their fault.

    Every clean record ends with ``row_end``. ``used`` is how many bytes of the block were consumed; the rest belongs
    to the next block.
    """

    row_end: bytes = b"\n"
    keeps_blank_lines: bool = False
    parts: list[bytes] = field(default_factory=list)
    records: int = 0
    refused: list[tuple[int, RowFault]] = field(default_factory=list)
    line_breaks: int = 0
    line_ends: "Counter[str]" = field(default_factory=Counter)
    used: int = 0

    @property
    def data(self) -> bytes:
        """The clean records as one text."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    def keep_lines(self, lines: bytes) -> None:
        """Keeps lines that each are one record, and refuses blank ones where they are none."""
        ends = line_ends_of(lines)
        self.line_ends.update(ends)
        text = unify_line_ends(lines, ends)
        if self.keeps_blank_lines or not (text.startswith(b"\n") or b"\n\n" in text):
            self._keep(text, sum(ends.values()))
            return
        place = 0
        for blank in _BLANK_LINE.finditer(text):
            self._keep(text[place : blank.start()], text.count(b"\n", place, blank.start()))
            self.refuse(RowFault.BLANK_LINE)
            place = blank.end()
        self._keep(text[place:], text.count(b"\n", place))

    def _keep(self, text: bytes, records: int) -> None:
        self.records += records
        if text:
            self.parts.append(text if self.row_end == b"\n" else text.replace(b"\n", self.row_end))

    def keep_record(self, body: bytes, end: bytes) -> None:
        """Keeps one record that has line ends inside quotes."""
        self.line_ends.update(line_ends_of(end))
        self.line_breaks += 1
        self.records += 1
        self.parts.append(body + self.row_end)

    def refuse(self, fault: RowFault) -> None:
        """Counts one record that is not kept."""
        self.records += 1
        self.refused.append((self.records, fault))
        if len(self.refused) > MOST_REFUSED:
            raise TooMuchDamage

    def drop_blanks_at_end(self) -> int:
        """Forgets the blank lines behind the last other record, and says how many they were."""
        blanks = 0
        while self.refused and self.refused[-1] == (self.records, RowFault.BLANK_LINE):
            self.refused.pop()
            self.records -= 1
            blanks += 1
        return blanks

    def put_first(self, faults: list[RowFault]) -> None:
        """Places refused records before all others."""
        moved = [(place + len(faults), fault) for place, fault in self.refused]
        self.refused = [*enumerate(faults, 1), *moved]
        self.records += len(faults)


class LineSplitter:
    """Splits blocks of text into lines, each a record, and refuses those with NUL, undecodable or no characters."""

    suspects: tuple[bytes, ...] = MARKS

    def split(self, block: bytes, final: bool) -> CleanBlock:
        """The records of a block that ends with a line end; the last ones may be left for the next block."""
        clean, place, suspects = self.new_block(), 0, _Suspects(block, self.suspects)
        while (suspect := suspects.first_from(place)) is not None:
            start = _line_start(block, suspect, place)
            clean.keep_lines(block[place:start])
            if not final and self.may_reach_beyond(block, start):
                clean.used = start
                return clean
            place = self.take(block, start, clean)
        clean.keep_lines(block[place:] if place else block)
        clean.used = len(block)
        return clean

    def new_block(self) -> CleanBlock:
        """An empty block to fill."""
        return CleanBlock()

    def may_reach_beyond(self, block: bytes, start: int) -> bool:
        """Whether the record at ``start`` might go on in the next block; a line never does."""
        return False

    def take(self, block: bytes, start: int, clean: CleanBlock) -> int:
        """Refuses the line at ``start`` and returns where the next begins."""
        return refuse_line(block, start, clean, RowFault.UNDECODABLE)


class _Suspects:
    """Where the next byte stands that makes a line worth a closer look; every kind is searched for once."""

    def __init__(self, block: bytes, kinds: tuple[bytes, ...]) -> None:
        self._block = block
        self._next = dict.fromkeys(kinds, -1)

    def first_from(self, place: int) -> int | None:
        """The place of the next suspect byte, or None."""
        for kind, found in list(self._next.items()):
            if found < place:
                self._look_for(kind, place)
        return min(self._next.values(), default=None)

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


def line_ends_of(text: bytes) -> dict[str, int]:
    """How many line ends of each kind a text has."""
    returns = text.count(b"\r")
    pairs = text.count(b"\r\n") if returns else 0
    return {"crlf": pairs, "lf": text.count(b"\n") - pairs, "cr": returns - pairs}


def unify_line_ends(text: bytes, ends: dict[str, int]) -> bytes:
    """CRLF and CR as LF, for text without line ends inside quotes."""
    if ends["cr"]:
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.translate(None, b"\r") if ends["crlf"] else text
