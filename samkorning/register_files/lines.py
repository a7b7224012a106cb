"""The byte pass over text in UTF-8: lines counted, and those that no reader should see taken out.

What belongs here: line ends, NUL, undecodable bytes, endless lines. What must not: quotes and separators (records.py),
or what a row should hold, be it nothing (the parsers' affair).
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from samkorning.register_files.table import MOST_REFUSED, RowFault

LONGEST_RECORD = 1024 * 1024  # bytes; what a quote may span, and what a line may be long
LINE_END = rb"(?:\r\n|\n|\r)"
MARKS = (b"\x00", b"\xff")  # NUL, and what decoding leaves in the place of an undecodable byte
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
        """Keeps lines that each are one record, and refuses endless ones."""
        text, ends = self._ended_alike(lines)
        if text is None:
            ends = line_ends_of(lines)
            text = unify_line_ends(lines, ends).replace(b"\n", self.row_end)
        self.line_ends.update(ends)
        if has_endless_line(text):
            self._keep_one_by_one(text)
        else:
            self._keep(text, sum(ends.values()))

    def _ended_alike(self, lines: bytes) -> tuple[bytes | None, dict[str, int]]:
        """The usual case in few passes: the records where every line ends with CRLF, and how many they are.

        To replace single bytes and count what that has added is three times as quick as replacing pairs.
        """
        pairs = lines.count(b"\r\n") if lines.endswith(b"\r\n") else 0
        if not pairs or lines.count(b"\n") != pairs:
            return None, {}
        text = lines.replace(b"\r", self.row_end[:-1])
        returns = (len(text) - len(lines)) // (len(self.row_end) - 2)
        return (text, {"crlf": pairs}) if returns == pairs else (None, {})

    def _keep_one_by_one(self, text: bytes) -> None:
        for line in text.split(b"\n")[:-1]:
            if len(line) > LONGEST_RECORD:
                self.refuse(RowFault.TOO_LONG)
            else:
                self._keep(line + b"\n", 1)

    def _keep(self, text: bytes, records: int) -> None:
        self.records += records
        if text:
            self.parts.append(text)

    def keep_record(self, body: bytes, end: bytes) -> None:
        """Keeps one record that may have line ends inside quotes."""
        self.line_ends.update(line_ends_of(end))
        self.line_breaks += b"\n" in body or b"\r" in body
        self.records += 1
        self.parts.append(body + self.row_end)

    def refuse(self, fault: RowFault) -> None:
        """Counts one record that is not kept."""
        self.records += 1
        self.refused.append((self.records, fault))
        if len(self.refused) > MOST_REFUSED:
            raise TooMuchDamage


class LineSplitter:
    """Splits blocks of text into lines, each a record, and refuses those with NUL or undecodable characters."""

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


def has_endless_line(text: bytes) -> bool:
    """Whether any line is longer than :data:`LONGEST_RECORD`, in a few steps."""
    place = 0
    while len(text) - place > LONGEST_RECORD:
        end = text.rfind(b"\n", place, place + LONGEST_RECORD + 1)
        if end < 0:
            return True
        place = end + 1
    return False


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
