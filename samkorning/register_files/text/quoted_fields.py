"""Whether any field of a text file begins with a quotation mark, wherever in the file it stands.

What belongs here: the look through the file, taken when it is first asked for. What must not: what follows from it
(records.py).
"""

import re
from functools import cached_property

from samkorning.register_files.content.content import Content
from samkorning.register_files.table import Tally
from samkorning.register_files.text.text_blocks import order_mark_of, text_blocks


class QuotedFields:
    """The question about one file. The answer is the same wherever reading stands when it is asked."""

    def __init__(self, content: Content, name: str, encoding: str, separator: str) -> None:
        self._content, self._name, self._encoding = content, name, encoding
        self._mark = order_mark_of(encoding)
        self._usual = tuple(before + b'"' for before in (separator.encode(), b"\n", b"\r"))
        marks = rb"(?:" + re.escape(self._mark) + rb")*"
        self._first = re.compile(marks + rb' *"')
        self._later = re.compile(rb"(?:[\r\n]" + marks + rb"|" + re.escape(separator.encode()) + rb') *"')

    def are_there(self) -> bool:
        """Whether there is one; lines above the header and damaged rows count as well."""
        return self._found

    @cached_property
    def _found(self) -> bool:
        blocks = text_blocks(self._content, self._name, self._encoding, Tally())
        return any(self._stands_in(block.data) for block in blocks)

    def _stands_in(self, lines: bytes) -> bool:
        """What usually stands in front is looked for in a fifth of the time that a pattern takes."""
        if any(usual in lines for usual in self._usual) or self._first.match(lines):
            return True
        return (b' "' in lines or self._mark in lines) and bool(self._later.search(lines))
