"""Delimited records told from lines: which quotes are clean, and which lines belong to one record.

What belongs here: the grammar of quotes. What must not: how many fields a row should have and what they mean. The
result is canonical text that a parser reads without a choice: a field is quoted whole or has no quote in it.

A field is plain or quoted. A plain field does not begin with a quote, not even after spaces; a quoted one doubles the
quotes inside it, may hold line ends, and ends right before a separator or line end. What does not fit is refused as
the one line it stands on, and reading goes on with the next. A parser that trims or guesses is never asked.

A quote inside a plain field is text where no field of the file begins with a quote. Where one does, a quote was lost in
front of it or a separator behind it, and two values may have melted or one split: the record is refused. Text that was
written as ``="0123"``, for Excel to keep its zeros, is neither.
"""

import re
from collections.abc import Callable, Mapping

from samkorning.register_files.table import RowFault
from samkorning.register_files.text.fields import split_records
from samkorning.register_files.text.lines import (
    LINE_END,
    LONGEST_RECORD,
    MARKS,
    ORDER_MARK,
    CleanBlock,
    LineSplitter,
    refuse_line,
)

_LINE_ENDS = b"\r\n"


def _no_field_is() -> bool:
    return False


class RecordSplitter(LineSplitter):
    """Splits blocks of text with one separator into records.

    A blank line is no record but where records have a single field (``single``). ``any_is_quoted`` tells whether any
    field of the whole file begins with a quote; it is asked only where a plain field has one inside.
    """

    suspects = (b'"', *MARKS)

    def __init__(
        self,
        separator: str,
        single: bool = False,
        any_is_quoted: Callable[[], bool] = _no_field_is,
        order_mark: bytes = ORDER_MARK,
    ) -> None:
        super().__init__(order_mark)
        self._grammar = _Grammar(separator.encode())
        self._separator, self._single, self._any_is_quoted = separator, single, any_is_quoted

    def suspect_places(self, clean: CleanBlock, order_marks: Mapping[int, int]) -> list[int]:
        if self._single:
            return []
        behind = [end for end in order_marks.values() if clean.block[end : end + 1] in (b"\r", b"\n")]
        return [*clean.lines.blank(), *behind]

    def may_reach_beyond(self, block: bytes, start: int) -> bool:
        return len(block) - start < LONGEST_RECORD

    def first(self, block: bytes) -> bytes | None:
        """The first record with its line end, or None where it does not fit the grammar."""
        found = self._grammar.record.match(block, 0, min(LONGEST_RECORD, len(block)))
        damaged = found and b'"' in found["body"] and self._is_damaged(found)
        return found.group() if found and not damaged else None

    def take(self, block: bytes, start: int, clean: CleanBlock) -> int:
        """Takes the records with quotes that follow each other from ``start``, or refuses one line."""
        if block[start] in _LINE_ENDS and not self._single:
            return refuse_line(block, start, clean, RowFault.BLANK_LINE)
        run = self._grammar.run.match(block, start)
        if run:
            clean.keep_lines(start, run.end())
            return run.end()
        end = min(start + LONGEST_RECORD, len(block))
        canonical = self._grammar.canonical.match(block, start, end)
        one = canonical or self._grammar.record.match(block, start, end)
        if one is None:
            return refuse_line(block, start, clean, RowFault.STRAY_QUOTE)
        if canonical is None and self._is_damaged(one):
            clean.refuse(RowFault.STRAY_QUOTE)
        else:
            clean.keep_record(one["body"] if canonical else self._quoted(one["body"]), one["end"])
        return one.end()

    def _is_damaged(self, record: "re.Match[bytes]") -> bool:
        """Whether a plain field has a quote inside that is no text of it."""
        return self._any_is_quoted() and not self._grammar.settled.fullmatch(record.group())

    def _quoted(self, body: bytes) -> bytes:
        """The same record with all that it holds in quotes."""
        fields = next(split_records(body + b"\n", self._separator))
        doubled = ("" if field is None else '"' + field.replace('"', '""') + '"' for field in fields)
        return self._separator.join(doubled).encode()


class _Grammar:
    """The regular expressions of one separator.

    ``canonical`` records have no quotes inside plain fields; ``run`` is such records that each stand on one line.
    ``settled`` ones have none but those of ``="0123"``.
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
        self.settled = re.compile(rb"(?P<body>" + _fields(long, rb'(?:="' + bare + rb'"|' + bare + rb")", sep) + end)
        self.run = re.compile(rb'(?:(?=[^"\r\n]*+")' + _fields(short, bare, sep) + LINE_END + rb")++")


def _fields(quoted: bytes, plain: bytes, sep: bytes) -> bytes:
    one = rb"(?:" + quoted + rb"(?=[\r\n" + sep + rb"])|" + plain + rb")"
    return one + rb"(?:" + sep + one + rb")*+"
