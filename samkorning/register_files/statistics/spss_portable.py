"""SPSS portable files (por) as a format of register files, opened from memory.

What belongs here: how they are known, their units, and the letters that they can hold. What must not: reading
(statistics_file). The format names no letters beyond ASCII, and no reader can tell which were meant: such are refused.
Its numbers are text in base 30, of which polars-readstat loses the last bits and pyreadstat does not.
"""

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.statistics import variable_formats
from samkorning.register_files.statistics.statistics_file import open_statistics
from samkorning.register_files.statistics.statistics_readers import StatisticsForm
from samkorning.register_files.stored.stored_tables import read_whole, refuse_damaged

NAME = "spss_portable"
SUFFIXES = (".por",)
_SPLASH, _TAG = b"SPSS PORT FILE", b"SPSSPORT"
_HEADER = 600  # bytes; splash lines, character table and tag, with their line ends
_FORM = StatisticsForm(
    NAME, "SPSS portable file", ".por", "por", day=86_400, second=1, zero=-141_428, step=1.0, lost=1e-15
)


def recognises(head: bytes) -> bool:
    """Whether the first lines are those of a portable file."""
    return _SPLASH in head[:210]


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole file, read twice."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an SPSS portable file")
    if _TAG not in _without_line_ends(data):
        raise refuse_damaged(name, _FORM.wanted)
    if not data[_body(data) :].isascii():
        raise FileRefused(name, "text has letters that portable files have no place for", "send it as an SPSS sav file")
    return open_statistics(data, name, _FORM, variable_formats.spss, contract, lambda _: "ascii")


def _without_line_ends(head: bytes) -> bytes:
    return head[:_HEADER].replace(b"\r", b"").replace(b"\n", b"")


def _body(data: bytes) -> int:
    """Where the lines with the character table end, whichever line ends they have."""
    line_ends = len(data[:_HEADER]) - len(_without_line_ends(data))
    return min(464 + line_ends, len(data))
