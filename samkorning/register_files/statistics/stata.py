"""Stata files (dta) as a format of register files, opened from memory.

What belongs here: how they are known, their units, their encoding. What must not: reading (statistics_file), and the
bytes of single records (stata_records).
"""

import re

from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.statistics import variable_formats
from samkorning.register_files.statistics.end_of_statistics_file import reaches_its_end
from samkorning.register_files.statistics.stata_records import StataRecords
from samkorning.register_files.statistics.statistics_file import open_statistics
from samkorning.register_files.statistics.statistics_readers import Header, StatisticsForm
from samkorning.register_files.stored.stored_tables import read_whole, refuse_damaged

NAME = "stata"
SUFFIXES = (".dta",)
_MARK = b"<stata_dta>"
_OLD = re.compile(rb"[\x69\x6c\x6e-\x73][\x01\x02]\x01\x00")  # versions 105, 108 and 110-115
_FIRST_UTF8 = 118
_FORM = StatisticsForm(
    NAME, "Stata file", ".dta", "dta", day=1, second=1000, zero=-3653, padded=False, lone_encoding="latin-1"
)


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a Stata file, from version 105 on."""
    return head.startswith(_MARK) or _OLD.match(head) is not None


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole file, read twice, and a third time where polars-readstat is known to fail."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "a Stata file")
    if not reaches_its_end(data):
        raise refuse_damaged(name, _FORM.wanted)
    records = StataRecords(data, _FORM.suffix)
    return open_statistics(data, name, _FORM, variable_formats.stata, contract, _stated_encoding, records.column)


def _stated_encoding(header: Header) -> str | None:
    return "utf-8" if header["version"] >= _FIRST_UTF8 else None
