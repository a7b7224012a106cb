"""Old Excel workbooks (xls, Excel 97 to 2003) as a format of register files.

What belongs here: how they are known, and their limit. What must not: records (old_workbook) and the sheet
(sheet_reader).
"""

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import Content, kind_of, open_content, refuse_empty, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.workbooks.compound_file import MARK
from samkorning.register_files.workbooks.old_workbook import OldWorkbook
from samkorning.register_files.workbooks.sheet_reader import open_sheet
from samkorning.register_files.workbooks.workbook import MOST_BYTES

NAME = "old_excel"
SUFFIXES = (".xls",)


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of an old Office document; which one, only the whole file shows."""
    return head.startswith(MARK)


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The sheet opened under the contract: names known, rows in one batch."""
    with open_content(content) as stream:
        data = stream.read(MOST_BYTES + 1)
    if not data:
        raise refuse_empty(name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an old Excel workbook")
    if len(data) > MOST_BYTES:
        raise FileRefused(name, f"the workbook is larger than {MOST_BYTES // 2**20} MiB", "send it as delimited text")
    workbook = OldWorkbook(data, name)
    return open_sheet(workbook.data, workbook, NAME, contract)
