"""Which character separates the fields of a text, found in its first lines.

What belongs here: the rule that chooses between semicolon, tab, comma and pipe. What must not: parsing the file.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from samkorning.register_files.table import RowFault
from samkorning.register_files.text.fields import split_records
from samkorning.register_files.text.records import RecordSplitter

CANDIDATES = (";", "\t", ",", "|")
NO_SEPARATOR = "\x1f"  # parses a file of one column, in which any other character is plain text
BLANK = [None]  # the fields of a blank line
_SAMPLE_BYTES, _SAMPLE_ROWS = 262_144, 500


@dataclass(frozen=True)
class Shape:
    """How a sample looks with one separator."""

    separator: str
    header: tuple[str | None, ...]
    widths: Counter[int]

    @property
    def usual_width(self) -> int:
        """The width that most rows have; the header's when there are no rows."""
        return self.widths.most_common(1)[0][0] if self.widths else len(self.header)

    def share(self, width: int) -> float:
        return self.widths[width] / self.widths.total() if self.widths else 1.0


@dataclass(frozen=True)
class Sample:
    """The first clean records of a text with one separator, and how many damaged ones stand among its first lines."""

    records: list[list[str | None]]
    refused: int
    begins_clean: bool


def sample_with(lines: bytes, separator: str) -> Sample:
    """What the first lines are with this separator."""
    clean = RecordSplitter(separator).split(_whole_lines(lines), final=True)
    records = list(islice(split_records(clean.data, separator), _SAMPLE_ROWS + 1))
    damaged = [place for place, fault in clean.refused if fault is not RowFault.BLANK_LINE]
    return Sample(records, len(damaged), begins_clean=not clean.refused or clean.refused[0][0] > 1)


def shape_with(lines: bytes, separator: str) -> Shape | None:
    """How the text looks with this separator, or None where its first record is not clean with it."""
    sample = sample_with(lines, separator)
    records = sample.records
    if not sample.begins_clean or not records or records[0] == BLANK:
        return None
    return Shape(separator, tuple(records[0]), Counter(len(record) for record in records[1:] if record != BLANK))


def find_separator(lines: bytes, declared: Sequence[str]) -> str:
    """The separator of text that begins with a header or a first row; :data:`NO_SEPARATOR` for a single column.

    The most declared names win, then the header that most rows agree with, then the widest header. A header in one
    piece above rows that agree on several fields does not make the file one of a single column, but where it is the
    only declared name. Whether a single column is likely at all, single_column decides.
    """
    wanted = {name.casefold() for name in declared}
    whole = shape_with(lines, NO_SEPARATOR)
    if whole and len(wanted) == 1 and _names(whole) == wanted:
        return NO_SEPARATOR
    shapes = [shape for candidate in CANDIDATES if (shape := shape_with(lines, candidate))]
    split = [shape for shape in shapes if len(shape.header) > 1 or _rows_agree(shape)]
    if not split:
        return NO_SEPARATOR
    return max(split, key=lambda shape: _merit(shape, wanted)).separator


def _rows_agree(shape: Shape) -> bool:
    return shape.usual_width > 1 and shape.widths.total() > 1 and shape.share(shape.usual_width) >= 0.9


def _merit(shape: Shape, wanted: set[str]) -> tuple[int, bool, float, int]:
    width = len(shape.header)
    return len(_names(shape) & wanted), width > 1, round(shape.share(width), 1), width


def _names(shape: Shape) -> set[str]:
    return {(text or "").strip().casefold() for text in shape.header}


def _whole_lines(lines: bytes) -> bytes:
    if len(lines) <= _SAMPLE_BYTES:
        return lines
    cut = max(lines.rfind(b"\n", 0, _SAMPLE_BYTES), lines.rfind(b"\r", 0, _SAMPLE_BYTES - 1)) + 1
    return lines[:cut] if cut else lines
