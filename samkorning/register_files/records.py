"""Delimited records told from lines: which quotes are clean, and which lines belong to one record.

What belongs here: the grammar of quotes. What must not: how many fields a row should have and what they mean. The
result is clean text that a strict parser reads without a choice.

A field is plain or quoted. A plain field does not begin with a quote, not even after spaces; a quoted one doubles the
quotes inside it, may hold line ends, and ends right before a separator or line end. What does not fit is refused as
the one line it stands on, and reading goes on with the next. A parser that trims or guesses is never asked.
"""

import re

from samkorning.register_files.lines import LINE_END, LONGEST_RECORD, MARKS, CleanBlock, LineSplitter, refuse_line
from samkorning.register_files.table import RowFault

ROW_MARK = "."  # an added last field that tells a parser where each row ends; see RecordSplitter


class RecordSplitter(LineSplitter):
    """Splits blocks of text with one separator into records. ``single`` is a file of one column: blank lines count.

    With ``marked`` every clean record gets a last field :data:`ROW_MARK`: a parser that overlooks an empty field too
    many at the end of a row, or a blank line, then sees it.
    """

    suspects = (b'"', *MARKS)

    def __init__(self, separator: str, single: bool, marked: bool = False) -> None:
        grammar = _Grammar(separator.encode())
        self._one, self._run = grammar.record, grammar.run
        self._single = single
        self._row_end = f"{separator}{ROW_MARK}\n".encode() if marked else b"\n"

    def new_block(self) -> CleanBlock:
        return CleanBlock(self._row_end, keeps_blank_lines=self._single)

    def may_reach_beyond(self, block: bytes, start: int) -> bool:
        return len(block) - start < LONGEST_RECORD

    def first(self, block: bytes) -> bytes | None:
        """The first record with its line end, or None where it does not fit the grammar."""
        found = self._one.match(block, 0, min(LONGEST_RECORD, len(block)))
        return found.group() if found else None

    def take(self, block: bytes, start: int, clean: CleanBlock) -> int:
        """Takes the records with quotes that follow each other from ``start``, or refuses one line."""
        run = self._run.match(block, start)
        if run:
            clean.keep_lines(run.group())
            return run.end()
        one = self._one.match(block, start, min(start + LONGEST_RECORD, len(block)))
        if one:
            clean.keep_record(one.group("body"), one.group("end"))
            return one.end()
        return refuse_line(block, start, clean, RowFault.STRAY_QUOTE)


class _Grammar:
    """The regular expressions of one separator; ``run`` is records with quotes that each stand on one line."""

    def __init__(self, separator: bytes) -> None:
        sep = re.escape(separator)
        plain = rb'(?! *")[^\r\n\x00\xff' + sep + rb"]*+"
        short = rb'"[^"\r\n\x00\xff]*+(?:""[^"\r\n\x00\xff]*+)*+"'
        long = rb'"[^"\x00\xff]*+(?:""[^"\x00\xff]*+)*+"'
        self.record = re.compile(rb"(?P<body>" + _fields(long, plain, sep) + rb")(?P<end>" + LINE_END + rb")")
        self.run = re.compile(rb'(?:(?=[^"\r\n]*+")' + _fields(short, plain, sep) + LINE_END + rb")++")


def _fields(quoted: bytes, plain: bytes, sep: bytes) -> bytes:
    one = rb"(?:" + quoted + rb"(?=[\r\n" + sep + rb"])|" + plain + rb")"
    return one + rb"(?:" + sep + one + rb")*+"
