"""SAS data sets (sas7bdat) as a format of register files, opened from memory.

What belongs here: how they are known, and their units. What must not: reading (statistics_file).
"""

from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.statistics import variable_formats
from samkorning.register_files.statistics.end_of_statistics_file import reaches_its_end
from samkorning.register_files.statistics.statistics_file import open_statistics
from samkorning.register_files.statistics.statistics_readers import Header, StatisticsForm
from samkorning.register_files.stored.stored_tables import read_whole, refuse_damaged

NAME = "sas"
SUFFIXES = (".sas7bdat",)
_MARK = b"\x00" * 12 + b"\xc2\xea\x81\x60"
_FORM = StatisticsForm(NAME, "SAS file", ".sas7bdat", "sas7bdat", day=1, second=1, zero=-3653, lone_encoding="cp1252")


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a SAS data set."""
    return head.startswith(_MARK)


def _stated_encoding(header: Header) -> str | None:
    return header["file_encoding"] if header.get("encoding_byte") else None


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole data set, read twice."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "a SAS file")
    if not reaches_its_end(data):
        raise refuse_damaged(name, _FORM.wanted)
    return open_statistics(data, name, _FORM, variable_formats.sas, contract, _stated_encoding)
