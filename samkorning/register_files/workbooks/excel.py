"""Excel workbooks (xlsx, xlsm) as a format of register files.

What belongs here: how they are known, and what is looked at before any sheet. What must not: the archive (workbook)
and the sheet (sheet_reader).
"""

from samkorning.register_files.content.content import (
    ZIP,
    Content,
    kind_of,
    open_content,
    refuse_empty,
    refuse_other_kind,
)
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.workbooks.sheet_reader import open_sheet
from samkorning.register_files.workbooks.workbook import MOST_BYTES, Workbook, is_workbook

NAME = "excel"
SUFFIXES = (".xlsx", ".xlsm")


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a workbook."""
    return is_workbook(head)


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The sheet opened under the contract: names known, rows in one batch."""
    with open_content(content) as stream:
        data = stream.read(MOST_BYTES + 1)
    if not data:
        raise refuse_empty(name)
    if kind_of(data[:65_536]) != ZIP:
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an Excel workbook")
    workbook = Workbook(data, name)
    workbook.check_parts()
    return open_sheet(data, workbook, NAME, contract)
