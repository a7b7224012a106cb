"""Delimited text (semicolon, tab, comma, pipe) as a format of register files.

What belongs here: the order of work: encoding, header, byte pass, parser, account. What must not: any of these
themselves; each has a module.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

import polars as pl

from samkorning.errors import CheckFailed, FileRefused
from samkorning.register_files import header
from samkorning.register_files.content import TEXT, Content, kind_of, read_head, refuse_empty, refuse_other_kind
from samkorning.register_files.contract import FileContract
from samkorning.register_files.fields import split_records
from samkorning.register_files.locked_parser import LockedParser, PlainParser, open_parser
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.records import ROW_MARK, CleanBlock, RecordSplitter, line_ends_of
from samkorning.register_files.separators import NO_SEPARATOR, find_separator, shape_with
from samkorning.register_files.table import Remark, RowFault, Tally
from samkorning.register_files.text_blocks import TextBlock, encoding_of, text_blocks

NAME = "delimited"
SUFFIXES = (".csv", ".txt", ".tsv", ".tab", ".skv", ".dat", ".asc")
MOST_REFUSED = 1_000_000  # rows; a file with more damage is refused at once, whatever is tolerated
_DOUBLE = tuple(letter.encode().decode("latin-1").encode() for letter in "åäöÅÄÖé")


def recognises(head: bytes) -> bool:
    """Whether the first bytes are text of any encoding."""
    return kind_of(head) == TEXT


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The file opened under its contract: names known, rows still to be read."""
    head = read_head(content)
    if not head.strip(b"\r\n\x1a\xef\xbb\xbf\xff\xfe"):
        raise refuse_empty(name)
    if not recognises(head):
        raise refuse_other_kind(name, kind_of(head), "delimited text")
    tally = Tally()
    encoding = encoding_of(content, name, contract)
    tally.remarks[Remark.ENCODING_GUESSED] += encoding.guessed
    blocks = text_blocks(content, name, encoding.name, tally)
    start = _Start(next(blocks), name, contract, tally)
    reader = _Reader(name, start, blocks, tally)
    return OpenedFile(
        name=name,
        format=NAME,
        columns=start.columns,
        encoding=encoding.name,
        separator=None if start.separator == NO_SEPARATOR else start.separator,
        tally=tally,
        batches=reader.batches(),
    )


class _Start:
    """The beginning of a file: what stands above the rows, which separator it has, and the names."""

    def __init__(self, block: TextBlock, name: str, contract: FileContract, tally: Tally) -> None:
        lines, told = _separator_line(block.data)
        tally.remarks[Remark.SEPARATOR_LINE] += told is not None
        tally.header_records = contract.skip_rows + (told is not None)
        lines = _skip_lines(lines, contract.skip_rows, name)
        self.separator = self._choose(lines, told, contract)
        if contract.header:
            names, rest = self._read_header(lines, name)
            self.columns = header.name_columns(names, name, contract)
            tally.header_records += 1
        else:
            self.columns, rest = self._declared(lines, name, contract), lines
        tally.records = tally.header_records
        self.line_ends = line_ends_of(lines[: len(lines) - len(rest)])
        self.rest = TextBlock(rest, block.final, block.completed)

    def _choose(self, lines: bytes, told: str | None, contract: FileContract) -> str:
        if contract.separator != "auto":
            return contract.separator
        return told or find_separator(lines, [column.name for column in contract.columns])

    def _read_header(self, lines: bytes, name: str) -> tuple[list[str | None], bytes]:
        first = RecordSplitter(self.separator, single=False).first(lines)
        if not first or not first.strip():
            raise FileRefused(name, "the first row is no readable header", "send the file with names in its first row")
        clean = first.rstrip(b"\r\n") + b"\n"
        return next(split_records(clean, self.separator)), lines[len(first) :]

    def _declared(self, lines: bytes, name: str, contract: FileContract) -> tuple[str, ...]:
        shape = shape_with(lines, self.separator)
        width = shape.usual_width if shape else len(contract.columns)
        return header.declared_names(width, name, contract)


def _separator_line(lines: bytes) -> tuple[bytes, str | None]:
    """Takes off the line ``sep=;`` that Excel writes and reads."""
    head = lines[:7].lower()
    if head[:4] == b"sep=" and head[5:6] in (b"\r", b"\n"):
        line_end = 2 if head[5:7] == b"\r\n" else 1
        return lines[5 + line_end :], chr(lines[4])
    return lines, None


def _skip_lines(lines: bytes, count: int, name: str) -> bytes:
    for _ in range(count):
        ends = [place for place in (lines.find(b"\n"), lines.find(b"\r")) if place >= 0]
        if not ends:
            raise FileRefused(name, "the file ends above its header", "send the whole file")
        place = min(ends)
        lines = lines[place + (2 if lines[place : place + 2] == b"\r\n" else 1) :]
    return lines


class _Reader:
    """Reads the rows block by block and keeps the account."""

    def __init__(self, name: str, start: _Start, blocks: Iterator[TextBlock], tally: Tally) -> None:
        self._name, self._start, self._blocks, self._tally = name, start, blocks, tally
        self._single = len(start.columns) == 1
        self._splitter = RecordSplitter(start.separator, self._single, marked=True)
        self._line_ends = Counter(start.line_ends)
        self._blanks = 0  # blank lines that may turn out to be the file's last

    def batches(self) -> Iterator[Batch]:
        with open_parser(self._start.separator, len(self._start.columns) + 1) as parser:
            for clean in self._clean_blocks():
                yield self._parse(clean, parser)
        self._tally.remarks[Remark.BLANK_LINES_AT_END] += self._blanks
        self._tally.remarks[Remark.MIXED_LINE_ENDS] += sum(count > 0 for count in self._line_ends.values()) > 1

    def _clean_blocks(self) -> Iterator[CleanBlock]:
        block, carry = self._start.rest, b""
        while True:
            data = carry + block.data
            clean = self._splitter.split(data, block.final)
            carry = data[clean.used :]
            self._line_ends["lf"] -= block.completed
            self._remark(clean)
            yield self._hold_blanks(clean)
            if block.final:
                return
            block = next(self._blocks)

    def _hold_blanks(self, clean: CleanBlock) -> CleanBlock:
        """Blank lines at the end of a block wait: at the end of the file they are no rows."""
        blanks = clean.drop_blanks_at_end()
        if clean.records:
            clean.put_first([RowFault.BLANK_LINE] * self._blanks)
            self._blanks = 0
        self._blanks += blanks
        return clean

    def _remark(self, clean: CleanBlock) -> None:
        remarks = self._tally.remarks
        self._line_ends.update(clean.line_ends)
        remarks[Remark.LINE_BREAKS_IN_CELLS] += clean.line_breaks
        data = clean.data
        if b"\xc3\x83" in data:
            remarks[Remark.DOUBLE_ENCODING] += sum(data.count(letter) for letter in _DOUBLE)

    def _parse(self, clean: CleanBlock, parser: LockedParser | PlainParser) -> Batch:
        frame, rejects = parser.parse(clean.data)
        taken = clean.records - len(clean.refused)
        if frame.height + len(rejects) != taken:
            raise CheckFailed(f"{self._name}: row accounting: {taken} clean records, {frame.height} rows read")
        first = self._tally.data_records + 1
        faults = _all_faults(clean, rejects, first)
        self._tally.refuse(faults)
        self._tally.records += clean.records
        self._tally.rows += frame.height
        self._refuse_endless_damage()
        return Batch(self._named(frame), first, [row for row, _ in faults])

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        mark = frame.columns[-1]
        if not (frame[mark] == ROW_MARK).all():
            raise CheckFailed(f"{self._name}: row accounting: the parser lost the end of a row")
        return frame.drop(mark).rename(dict(zip(frame.columns, self._start.columns, strict=False)))

    def _refuse_endless_damage(self) -> None:
        if len(self._tally.refused) > MOST_REFUSED:
            raise FileRefused(
                self._name, f"more than {MOST_REFUSED} rows are damaged", "send the file again as its holder stored it"
            )


def _all_faults(clean: CleanBlock, rejects: list[tuple[int, RowFault]], first: int) -> list[tuple[int, RowFault]]:
    """The refused rows of both passes by row number in the file; the parser counts only what the byte pass kept."""
    kept_before = [place - 1 - order for order, (place, _) in enumerate(clean.refused)]
    parsed = [(place + bisect_right(kept_before, place - 1), fault) for place, fault in rejects]
    return [(first - 1 + place, fault) for place, fault in sorted([*clean.refused, *parsed])]
