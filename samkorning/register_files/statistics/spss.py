"""SPSS files (sav, zsav) as a format of register files, opened from memory.

What belongs here: how they are known, and their units. What must not: reading (statistics_file).
"""

from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.statistics import variable_formats
from samkorning.register_files.statistics.statistics_file import open_statistics
from samkorning.register_files.statistics.statistics_readers import StatisticsForm
from samkorning.register_files.stored.stored_tables import read_whole

NAME = "spss"
SUFFIXES = (".sav", ".zsav")
_MARKS = (b"$FL2", b"$FL3")
_FORM = StatisticsForm(
    NAME, "SPSS file", ".sav", "sav/zsav", day=86_400, second=1, zero=-141_428, step=1.0, lone_encoding="cp1252"
)


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of an SPSS file."""
    return head.startswith(_MARKS)


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole file, read twice."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an SPSS file")
    return open_statistics(data, name, _FORM, variable_formats.spss, contract, lambda header: header["encoding"])
