"""SAS transport files (xpt, versions 5 and 8) as a format of register files, opened from memory.

What belongs here: how they are known, their units, how many tables they hold. What must not: reading
(statistics_file). They state no encoding, version 5 states no number of rows either, and rows without any value at the
end of a file cannot be told from its padding.
"""

import re

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.statistics import variable_formats
from samkorning.register_files.statistics.statistics_file import open_statistics
from samkorning.register_files.statistics.statistics_readers import StatisticsForm
from samkorning.register_files.stored.stored_tables import read_whole, refuse_damaged

NAME = "sas_transport"
SUFFIXES = (".xpt", ".xport")
_MARK, _MEMBER = b"HEADER RECORD*******", (b"HEADER RECORD*******MEMBER", b"HEADER RECORD*******MEMBV8")
_RECORD = 80
_ROWS = re.compile(rb"HEADER RECORD\*{7}OBSV8   HEADER RECORD!{7} *([0-9]{1,15}) ")  # version 8, which states them
_FORM = StatisticsForm(NAME, "SAS transport file", ".xpt", "xport", day=1, second=1, zero=-3653)


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a transport file."""
    return head.startswith(_MARK)


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The only table of the file, read twice."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "a SAS transport file")
    tables = sum(_count_records(data, mark) for mark in _MEMBER)
    if tables > 1:
        raise FileRefused(name, f"the file holds {tables} tables", "send each table in a file of its own")
    if len(data) % _RECORD:
        raise refuse_damaged(name, _FORM.wanted)
    stated = _ROWS.search(data)
    return open_statistics(data, name, _FORM, variable_formats.sas, contract, rows=int(stated[1]) if stated else None)


def _count_records(data: bytes, mark: bytes) -> int:
    """How many records of 80 bytes begin with the mark."""
    count, place = 0, data.find(mark)
    while place >= 0:
        count += place % _RECORD == 0
        place = data.find(mark, place + 1)
    return count
