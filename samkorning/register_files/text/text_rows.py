"""Rows of a text file, block by block: byte pass, parser, account.

What belongs here: what delimited text, fixed width and JSON lines have in common once their columns are known. What
must not: how a line becomes fields. The byte pass works one block ahead in a thread of its own.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from samkorning.errors import CheckFailed, FileRefused
from samkorning.register_files.content.content import TEXT, Content, kind_of, read_head, refuse_empty, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import Batch, Rows
from samkorning.register_files.table import MOST_REFUSED, Remark, RowFault, Tally
from samkorning.register_files.text.lines import CleanBlock, LineSplitter, TooMuchDamage, order_marks_of
from samkorning.register_files.text.text_blocks import TextBlock, encoding_of, order_mark_of, text_blocks

Rejects = list[tuple[int, RowFault]]
_DOUBLED = b"\x83"  # stands in all of these and in no Swedish letter
_DOUBLE = {letter.encode().decode(wrong).encode() for letter in "åäöÅÄÖé" for wrong in ("latin-1", "cp1252")}


class Parser(Protocol):
    """Turns clean text into rows and, by 1-based place in the text, rejected records."""

    def parse(self, text: bytes) -> tuple[Rows, Rejects]: ...


@dataclass
class TextFile:
    """An opened text: its name, encoding, account, first block, and the blocks behind it."""

    name: str
    encoding: str
    tally: Tally
    first: TextBlock
    blocks: Iterator[TextBlock]
    line_ends: "Counter[str]"

    @property
    def order_mark(self) -> bytes:
        """What a byte order mark reads as between its lines."""
        return order_mark_of(self.encoding)


def open_text(content: Content, name: str, contract: FileContract, wanted: str, kind: str = TEXT) -> TextFile:
    """Opens a text of any encoding; refuses emptiness and content of another kind than ``kind``."""
    head = read_head(content)
    if not head.strip(b"\r\n\x1a\xef\xbb\xbf\xff\xfe"):
        raise refuse_empty(name)
    if kind_of(head) != kind:
        raise refuse_other_kind(name, kind_of(head), wanted)
    tally = Tally()
    encoding = encoding_of(content, name, contract)
    tally.remarks[Remark.ENCODING_GUESSED] += encoding.guessed
    blocks = text_blocks(content, name, encoding.name, tally)
    text = TextFile(name, encoding.name, tally, next(blocks), blocks, Counter())
    _take_off_order_marks(text)
    return text


def skip_lines(text: TextFile, count: int) -> None:
    """Takes off the lines above the header or the first row."""
    lines = text.first.data
    for _ in range(count):
        ends = [place for place in (lines.find(b"\n"), lines.find(b"\r")) if place >= 0]
        if not ends:
            raise FileRefused(text.name, "the file ends above its header", "send the whole file")
        place = min(ends)
        lines = lines[place + (2 if lines[place : place + 2] == b"\r\n" else 1) :]
    take_off(text, len(text.first.data) - len(lines), count)


def take_off(text: TextFile, length: int, records: int) -> None:
    """Counts the first bytes of a file as header records; what follows are rows."""
    text.first = replace(text.first, data=text.first.data[length:])
    text.tally.header_records += records
    text.tally.records += records
    _take_off_order_marks(text)


def _take_off_order_marks(text: TextFile) -> None:
    """Marks in front of the next record, which files that were put together leave there."""
    marks = order_marks_of(text.first.data, text.order_mark).get(0)
    if marks:
        text.first = replace(text.first, data=text.first.data[marks:])
        text.tally.remarks[Remark.ORDER_MARKS] += 1


class TextRows:
    """Reads the rows of an opened text and keeps its account."""

    def __init__(self, text: TextFile, splitter: LineSplitter) -> None:
        self._text, self._tally, self._splitter = text, text.tally, splitter
        self._blanks = 0  # blank lines that may turn out to be the file's last

    def batches(self, parser: Parser) -> Iterator[Batch]:
        """The rows as batches; complete only when the last has come."""
        endless = False
        try:
            for clean in _one_ahead(self._clean_blocks()):
                yield self._parse(clean, parser)
        except TooMuchDamage:
            endless = True
        if endless or len(self._tally.refused) > MOST_REFUSED:
            raise _refuse_endless_damage(self._text.name)
        remarks, line_ends = self._tally.remarks, self._text.line_ends
        remarks[Remark.BLANK_LINES_AT_END] += self._blanks
        remarks[Remark.MIXED_LINE_ENDS] += sum(count > 0 for count in line_ends.values()) > 1

    def _clean_blocks(self) -> Iterator[CleanBlock]:
        block, carry = self._text.first, b""
        while True:
            data = carry + block.data
            clean = self._splitter.split(data, block.final)
            carry = data[clean.used :]
            clean.line_ends["lf"] -= block.completed
            yield clean
            if block.final:
                return
            block = next(self._text.blocks)

    def _parse(self, clean: CleanBlock, parser: Parser) -> Batch:
        text = clean.data
        self._remark(clean, text)
        rows, rejects = parser.parse(text)
        taken = clean.records - len(clean.refused)
        if len(rows) + len(rejects) != taken:
            raise CheckFailed(f"{self._text.name}: row accounting: {taken} clean records, {len(rows)} rows read")
        first = self._tally.data_records + 1
        records, faults = self._hold_blanks(clean.records, _all_faults(clean, rejects))
        self._tally.refuse((first - 1 + place, fault) for place, fault in faults)
        self._tally.records += records
        self._tally.rows += len(rows)
        if len(self._tally.refused) > MOST_REFUSED:
            raise TooMuchDamage
        return Batch(rows, first, [first - 1 + place for place, _ in faults])

    def _hold_blanks(self, records: int, faults: Rejects) -> tuple[int, Rejects]:
        """Blank lines at the end of a block wait: at the end of the file they are no rows."""
        held = 0
        while faults and faults[-1] == (records - held, RowFault.BLANK_LINE):
            faults.pop()
            held += 1
        if records == held:
            self._blanks += held
            return 0, []
        before, self._blanks = self._blanks, held
        blank = [(place, RowFault.BLANK_LINE) for place in range(1, before + 1)]
        return records - held + before, [*blank, *((place + before, fault) for place, fault in faults)]

    def _remark(self, clean: CleanBlock, text: bytes) -> None:
        remarks = self._tally.remarks
        self._text.line_ends.update(clean.line_ends)
        remarks[Remark.LINE_BREAKS_IN_CELLS] += clean.line_breaks
        remarks[Remark.ORDER_MARKS] += clean.order_marks
        if _DOUBLED in text:
            remarks[Remark.DOUBLE_ENCODING] += sum(text.count(letter) for letter in _DOUBLE)


def _one_ahead(blocks: Iterator[CleanBlock]) -> Iterator[CleanBlock]:
    """The same blocks, each made while the one before it is parsed."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="byte-pass") as worker:
        ahead: Future[CleanBlock | None] = worker.submit(next, blocks, None)
        while (block := ahead.result()) is not None:
            ahead = worker.submit(next, blocks, None)
            yield block


def _all_faults(clean: CleanBlock, rejects: Rejects) -> Rejects:
    """The refused records of both passes by place in the block; the parser counts only what the byte pass kept."""
    kept_before = [place - 1 - order for order, (place, _) in enumerate(clean.refused)]
    parsed = [(place + bisect_right(kept_before, place - 1), fault) for place, fault in rejects]
    return sorted([*clean.refused, *parsed])


def _refuse_endless_damage(name: str) -> FileRefused:
    return FileRefused(
        name, f"more than {MOST_REFUSED} rows are damaged", "send the file again as its holder stored it"
    )
