"""A header of one field: one column, or names that nothing here has told apart.

What belongs here: when a file of one column is plausible, and what is wrong where it is not. What must not: choosing
between separators (separators.py). No sentence quotes the file.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from samkorning.errors import FileRefused
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.text.separators import CANDIDATES, NO_SEPARATOR, Sample, sample_with

_PLAIN_NAME = re.compile(r"[\w.()/%&+'?-]+")
_WORD = re.compile(r'"[^"]*"|\S+')
_COMMENT = re.compile(r"\s*(?:#|//|--|/\*|%|\*)")
_SPACES = re.compile(" {2,}")
_QUOTE_BEHIND_SPACE = re.compile(rb'(?:^|[;\t,|]) +"')
_SEPARATORS = re.compile(rb"[;\t,|]")
_BETWEEN_SPACES = re.compile(rb' "[^"]*"(?: |$)|^"[^"]*" ')
_ABOVE = "send the file with names in its first row, or declare how many rows stand above them"
_AGAIN = "write the file again and send that"


@dataclass(frozen=True)
class OneField:
    """A header that is one field: its bytes, what they say, and the text that begins with it."""

    record: bytes
    field: str
    lines: bytes


def refuse_unlikely_column(header: OneField, name: str, contract: FileContract) -> None:
    """Raises :class:`FileRefused` unless a file with this header is likely to have one column."""
    declared = [column.name.strip().casefold() for column in contract.columns]
    if declared == [header.field.strip().casefold()]:
        return
    if _COMMENT.match(header.field):
        raise FileRefused(name, "the first row is a comment, not names of columns", _ABOVE)
    refuse_stray_quote(header.record, name)
    if _is_held_apart_by_spaces(header):
        raise _refuse_spaces(name)
    may_separate = CANDIDATES if contract.separator == "auto" else (contract.separator,)
    if any(_divides(header.lines, each) for each in may_separate):
        raise FileRefused(name, "the first row has one field where rows below it have several", _ABOVE)
    if not _PLAIN_NAME.fullmatch(header.field.strip()):
        raise _refuse_undivided(name, contract)


def _refuse_undivided(name: str, contract: FileContract) -> FileRefused:
    if contract.separator != "auto":
        return FileRefused(
            name,
            "the declared separator does not divide the file into columns",
            "send it with the declared separator, or declare the one that it has",
        )
    return FileRefused(
        name,
        "no separator divides the file into columns (semicolon, tab, comma and pipe were tried)",
        "send it with one of them between all fields and names in its first row, or declare its one column",
    )


def refuse_stray_quote(line: bytes, name: str) -> None:
    """Raises :class:`FileRefused` for a first row with a quote that belongs to no name."""
    if _QUOTE_BEHIND_SPACE.search(line):
        raise FileRefused(
            name,
            "a quotation mark in the first row stands behind a space",
            "write the file again without spaces between separators and quotation marks",
        )
    if line.count(b'"') % 2:
        raise FileRefused(name, "a quotation mark in the first row is never closed", _AGAIN)
    if _BETWEEN_SPACES.search(line) and not _SEPARATORS.search(line):
        raise _refuse_spaces(name)
    if not _is_quoted_whole(line) and b'"' in line:
        raise FileRefused(name, "a quotation mark in the first row stands where none may", _AGAIN)


def _refuse_spaces(name: str) -> FileRefused:
    return FileRefused(name, "the columns are held apart by spaces", "send it as delimited text")


def first_line(lines: bytes) -> bytes:
    """The text up to its first line end."""
    return lines.partition(b"\n")[0].partition(b"\r")[0]


def _is_quoted_whole(line: bytes) -> bool:
    return bool(re.fullmatch(rb'"(?:[^"]|"")*+"', line))


def _is_held_apart_by_spaces(header: OneField) -> bool:
    """Two names with several spaces between them, or as many words in the header as in nearly every row."""
    words = len(header.field.split())
    rows = [len(_WORD.findall(row[0] or "")) for row in _rows(sample_with(header.lines, NO_SEPARATOR))]
    return bool(_SPACES.search(header.field.strip())) or (words > 1 and rows.count(words) > 0.8 * len(rows))


def _divides(lines: bytes, separator: str) -> bool:
    """Whether rows below the first speak for this separator: one that it divides tightly, as prose does not, two
    neighbours that it divides alike, or one whose quotes are clean only where it divides nothing."""
    sample, whole = sample_with(lines, separator), sample_with(lines, NO_SEPARATOR)
    rows = _rows(sample)
    tight = any(not (field or "").startswith(" ") for row in rows for field in row[1:])
    alike = any(len(one) == len(other) > 1 for one, other in pairwise(rows))
    return tight or alike or sample.refused > whole.refused


def _rows(sample: Sample) -> list[list[str | None]]:
    return [record for record in sample.records[1:] if record != [None]]
