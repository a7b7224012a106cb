"""Delimited records told from lines: which quotes are clean, and which lines belong to one record.

What belongs here: the grammar of quotes. What must not: how many fields a row should have and what they mean. The
result is canonical text that a parser reads without a choice: a field is quoted whole or has no quote in it.

A field is plain or quoted. A plain field does not begin with a quote, not even after spaces; a quoted one doubles the
quotes inside it, may hold line ends, and ends right before a separator or line end. What does not fit is refused as
the one line it stands on, and reading goes on with the next. A parser that trims or guesses is never asked.
"""

import re

from samkorning.register_files.table import RowFault
from samkorning.register_files.text.fields import split_records
from samkorning.register_files.text.lines import LINE_END, LONGEST_RECORD, MARKS, CleanBlock, LineSplitter, refuse_line

_LINE_ENDS = b"\r\n"


class RecordSplitter(LineSplitter):
    """Splits blocks of text with one separator into records.

    A blank line is no record but where records have a single field (``single``).
    """

    suspects = (b'"', *MARKS)

    def __init__(self, separator: str, single: bool = False) -> None:
        grammar = _Grammar(separator.encode())
        self._one, self._canonical, self._run = grammar.record, grammar.canonical, grammar.run
        self._separator, self._single = separator, single

    def suspect_places(self, clean: CleanBlock) -> list[int]:
        return [] if self._single else clean.lines.blank()

    def may_reach_beyond(self, block: bytes, start: int) -> bool:
        return len(block) - start < LONGEST_RECORD

    def first(self, block: bytes) -> bytes | None:
        """The first record with its line end, or None where it does not fit the grammar."""
        found = self._one.match(block, 0, min(LONGEST_RECORD, len(block)))
        return found.group() if found else None

    def take(self, block: bytes, start: int, clean: CleanBlock) -> int:
        """Takes the records with quotes that follow each other from ``start``, or refuses one line."""
        if block[start] in _LINE_ENDS and not self._single:
            return refuse_line(block, start, clean, RowFault.BLANK_LINE)
        run = self._run.match(block, start)
        if run:
            clean.keep_lines(start, run.end())
            return run.end()
        end = min(start + LONGEST_RECORD, len(block))
        canonical = self._canonical.match(block, start, end)
        one = canonical or self._one.match(block, start, end)
        if one is None:
            return refuse_line(block, start, clean, RowFault.STRAY_QUOTE)
        body = one.group("body")
        clean.keep_record(body if canonical else self._quoted(body), one.group("end"))
        return one.end()

    def _quoted(self, body: bytes) -> bytes:
        """The same record with all that it holds in quotes."""
        fields = next(split_records(body + b"\n", self._separator))
        doubled = ("" if field is None else '"' + field.replace('"', '""') + '"' for field in fields)
        return self._separator.join(doubled).encode()


class _Grammar:
    """The regular expressions of one separator.

    ``canonical`` records have no quotes inside plain fields; ``run`` is such records that each stand on one line.
    """

    def __init__(self, separator: bytes) -> None:
        sep = re.escape(separator)
        plain = rb'(?! *")[^\r\n\x00\xff' + sep + rb"]*+"
        bare = rb'[^"\r\n\x00\xff' + sep + rb"]*+"
        short = rb'"[^"\r\n\x00\xff]*+(?:""[^"\r\n\x00\xff]*+)*+"'
        long = rb'"[^"\x00\xff]*+(?:""[^"\x00\xff]*+)*+"'
        end = rb")(?P<end>" + LINE_END + rb")"
        self.record = re.compile(rb"(?P<body>" + _fields(long, plain, sep) + end)
        self.canonical = re.compile(rb"(?P<body>" + _fields(long, bare, sep) + end)
        self.run = re.compile(rb'(?:(?=[^"\r\n]*+")' + _fields(short, bare, sep) + LINE_END + rb")++")


def _fields(quoted: bytes, plain: bytes, sep: bytes) -> bytes:
    one = rb"(?:" + quoted + rb"(?=[\r\n" + sep + rb"])|" + plain + rb")"
    return one + rb"(?:" + sep + one + rb")*+"
