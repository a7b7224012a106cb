"""The byte pass: text in UTF-8 split into records, each either clean or refused, and counted.

What belongs here: line ends, quotes, NUL, undecodable bytes, blank lines. What must not: how many fields a row should
have (the parser's affair) and what fields mean. The result is clean text that a strict parser reads without a choice.

A field is plain or quoted. A plain field does not begin with a quote, not even after spaces; a quoted one doubles the
quotes inside it, may hold line ends, and ends right before a separator or line end. What does not fit is refused as
the one line it stands on, and reading goes on with the next. A parser that trims or guesses is never asked.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from samkorning.register_files.table import RowFault

LONGEST_RECORD = 1024 * 1024  # bytes; what a quote may span, and what a line may be long
ROW_MARK = "."  # an added last field that tells a parser where each row ends; see RecordSplitter
_MARKS = (b'"', b"\x00", b"\xff")
_BLANK_LINES = (b"\n\n", b"\n\r", b"\r\r")
_END = rb"(?:\r\n|\n|\r)"


@dataclass
class CleanBlock:
    """Records of one block: the clean ones as text, the others by 1-based place in the block with their fault.

    ``used`` is how many bytes of the block were consumed; the rest belongs to the next block.
    """

    row_end: bytes
    parts: list[bytes] = field(default_factory=list)
    records: int = 0
    refused: list[tuple[int, RowFault]] = field(default_factory=list)
    line_breaks: int = 0
    line_ends: "Counter[str]" = field(default_factory=Counter)
    used: int = 0

    @property
    def data(self) -> bytes:
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    def keep_lines(self, lines: bytes) -> None:
        """Keeps lines that each are one record."""
        if lines:
            text = unify_line_ends(lines)
            self.line_ends.update(line_ends_of(lines))
            self.records += text.count(b"\n")
            self.parts.append(text if self.row_end == b"\n" else text.replace(b"\n", self.row_end))

    def keep_record(self, body: bytes, end: bytes) -> None:
        """Keeps one record that has line ends inside quotes."""
        self.line_ends.update(line_ends_of(end))
        self.line_breaks += 1
        self.records += 1
        self.parts.append(body + self.row_end)

    def refuse(self, fault: RowFault) -> None:
        self.records += 1
        self.refused.append((self.records, fault))

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


class RecordSplitter:
    """Splits blocks of text with one separator into records. ``single`` is a file of one column: blank lines count.

    With ``marked`` every clean record gets a last field :data:`ROW_MARK`: a parser that overlooks an empty field too
    many at the end of a row, or a blank line, then sees it.
    """

    def __init__(self, separator: str, single: bool, marked: bool = False) -> None:
        grammar = _Grammar(separator.encode())
        self._one, self._run = grammar.record, grammar.run
        self._suspects = _MARKS if single else _MARKS + _BLANK_LINES
        self._single = single
        self._row_end = f"{separator}{ROW_MARK}\n".encode() if marked else b"\n"

    def split(self, block: bytes, final: bool) -> CleanBlock:
        """The records of a block that ends with a line end; the last ones may be left for the next block."""
        clean = CleanBlock(self._row_end)
        if b'"' in block:
            self._walk(block, final, clean)
            return clean
        if b"\x00" in block or b"\xff" in block or self._has_blank_line(unify_line_ends(block)):
            self._walk(block, True, clean)
        else:
            clean.keep_lines(block)
        clean.used = len(block)
        return clean

    def first(self, block: bytes) -> bytes | None:
        """The first record with its line end, or None where it does not fit the grammar."""
        found = self._one.match(block, 0, LONGEST_RECORD)
        return found.group() if found else None

    def _has_blank_line(self, text: bytes) -> bool:
        return not self._single and (text.startswith(b"\n") or b"\n\n" in text)

    def _walk(self, block: bytes, final: bool, clean: CleanBlock) -> None:
        place, suspects = 0, _Suspects(block, self._suspects)
        while (suspect := suspects.first_from(place)) is not None:
            start = _line_start(block, suspect, place)
            clean.keep_lines(block[place:start])
            if not final and len(block) - start < LONGEST_RECORD:
                clean.used = start
                return
            place = self._take(block, start, clean)
        clean.keep_lines(block[place:])
        clean.used = len(block)

    def _take(self, block: bytes, start: int, clean: CleanBlock) -> int:
        """Takes the records with quotes that follow each other from ``start``, or refuses one line."""
        run = self._run.match(block, start)
        if run:
            clean.keep_lines(run.group())
            return run.end()
        one = self._one.match(block, start, min(start + LONGEST_RECORD, len(block)))
        if one and (self._single or one.group().strip(b"\r\n")):
            clean.keep_record(one.group("body"), one.group("end"))
            return one.end()
        line = _LINE.match(block, start)
        assert line is not None  # noqa: S101 - a block ends with a line end
        clean.refuse(_fault_of(line.group()))
        return line.end()


class _Suspects:
    """Where the next byte stands that makes a line worth a closer look; every kind is searched for once."""

    def __init__(self, block: bytes, kinds: tuple[bytes, ...]) -> None:
        self._block = block
        self._next = dict.fromkeys(kinds, -1)
        self._starts_blank = len(kinds) > len(_MARKS) and block[:1] in (b"\n", b"\r")

    def first_from(self, place: int) -> int | None:
        """The place of the next suspect; a blank line is told by the line end that makes it."""
        if place == 0 and self._starts_blank:
            return 0
        for kind, found in list(self._next.items()):
            if found < place:
                self._look_for(kind, place)
        return min(self._next.values(), default=None)

    def _look_for(self, kind: bytes, place: int) -> None:
        before = len(kind) - 1
        found = self._block.find(kind, max(place - before, 0))
        if found < 0:
            del self._next[kind]
        else:
            self._next[kind] = found + before


class _Grammar:
    """The regular expressions of one separator."""

    def __init__(self, separator: bytes) -> None:
        sep = re.escape(separator)
        plain = rb'(?! *")[^\r\n\x00\xff' + sep + rb"]*+"
        short = rb'"[^"\r\n\x00\xff]*+(?:""[^"\r\n\x00\xff]*+)*+"'
        long = rb'"[^"\x00\xff]*+(?:""[^"\x00\xff]*+)*+"'
        self.record = re.compile(rb"(?P<body>" + _fields(long, plain, sep) + rb")(?P<end>" + _END + rb")")
        self.run = re.compile(rb'(?:(?=[^"\r\n]*+")' + _fields(short, plain, sep) + _END + rb")++")


def _fields(quoted: bytes, plain: bytes, sep: bytes) -> bytes:
    one = rb"(?:" + quoted + rb"(?=[\r\n" + sep + rb"])|" + plain + rb")"
    return one + rb"(?:" + sep + one + rb")*+"


_LINE = re.compile(rb"[^\r\n]*+" + _END)


def _line_start(block: bytes, place: int, floor: int) -> int:
    return max(block.rfind(b"\n", floor, place), block.rfind(b"\r", floor, place), floor - 1) + 1


def line_ends_of(text: bytes) -> dict[str, int]:
    """How many line ends of each kind a text has."""
    pairs = text.count(b"\r\n") if b"\r" in text else 0
    return {"crlf": pairs, "lf": text.count(b"\n") - pairs, "cr": text.count(b"\r") - pairs}


def unify_line_ends(text: bytes) -> bytes:
    """CRLF and CR as LF, for text without line ends inside quotes."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def _fault_of(line: bytes) -> RowFault:
    if not line.strip(b"\r\n"):
        return RowFault.BLANK_LINE
    if b"\x00" in line:
        return RowFault.NUL_CHARACTER
    if b"\xff" in line:
        return RowFault.UNDECODABLE
    return RowFault.STRAY_QUOTE
