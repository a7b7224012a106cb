"""The inside of an old Excel workbook (xls, BIFF): a stream of records, the first part of which lists its sheets.

What belongs here: records, the list of sheets, passwords, macros and number formats that are seen. What must not: the
cells of a sheet (old_sheet_rows, cells).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import refuse_other_kind
from samkorning.register_files.workbooks.compound_file import CompoundFile, DamagedCompoundFile
from samkorning.register_files.workbooks.old_sheet_rows import count_records
from samkorning.register_files.workbooks.sheet_rows import SheetRows

Record = tuple[int, bytes]
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
_BIFF8 = 0x0600
_TEXTS, _CODEPAGE = 0x00FC, 0x0042
_UNICODE = struct.pack("<H", 1200)
_STREAMS = ("Workbook", "Book")
_ELAPSED = 46  # the number format [h]:mm:ss, which is not listed
_RESEND = "save it again as an Excel workbook (xlsx) and send that"


@dataclass(frozen=True)
class OldSheet:
    """A worksheet: its name, whether it shows, and where its records begin."""

    name: str
    visible: bool
    start: int


class OldWorkbook:
    """An opened workbook; opening refuses what is broken, locked, older than Excel 97 or no workbook.

    ``data`` is the file with its text declared as what it is, Unicode, for the reader of cells.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        stream = self._open_stream(data)
        self._records = stream
        head = list(records(stream, 0))
        if any(kind == _FILEPASS for kind, _ in head):
            raise _refuse_locked(name)
        if not head or head[0][0] != _BOF or head[0][1][:2] != struct.pack("<H", _BIFF8):
            raise FileRefused(name, "the workbook is older than Excel 97 or damaged", _RESEND)
        if any(kind == _TEXTS and _said(body) > len(stream) for kind, body in head):
            raise FileRefused(name, "the workbook is cut off or damaged", _RESEND)
        self.has_elapsed_times = any(map(_counts_beyond_a_day, head))
        self.sheets = tuple(sheet for kind, body in head if kind == _BOUNDSHEET and (sheet := self._sheet(body)))

    def _open_stream(self, data: bytes) -> bytes:
        stream, names = None, frozenset[str]()
        try:
            inside = CompoundFile(data)
            names = inside.names
            stream = inside.stream(*_STREAMS)
            self.data = _as_unicode(data, inside, stream or b"")
        except DamagedCompoundFile:
            names = frozenset({"Workbook"})
        if stream is not None:
            self.has_macros = bool(names & {"_VBA_PROJECT_CUR", "VBA"})
            return stream
        if "EncryptedPackage" in names:
            raise _refuse_locked(self.name)
        if "Workbook" in names:
            raise FileRefused(self.name, "the workbook is cut off or damaged", _RESEND)
        raise refuse_other_kind(self.name, "an old Office document", "an Excel workbook")

    def _sheet(self, body: bytes) -> OldSheet | None:
        """A worksheet of the list; None for charts and macro sheets."""
        start, hidden, kind, length, wide = struct.unpack_from("<IBBBB", body.ljust(8, b"\x00"))
        encoding = "utf-16-le" if wide & 1 else "latin-1"
        name = body[8 : 8 + length * (2 if wide & 1 else 1)].decode(encoding, "replace")
        return OldSheet(name, not hidden & 3, start) if kind == 0 else None

    def rows_of(self, place: int) -> SheetRows:
        """The independent count of the sheet at a place."""
        return count_records(records(self._records, self.sheets[place].start))


def records(stream: bytes, place: int) -> Iterator[Record]:
    """The records of one part of the stream, from its beginning to the end that belongs to it."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        place += 4 + length


def _as_unicode(data: bytes, inside: CompoundFile, stream: bytes) -> bytes:
    """The file with Unicode as its code page. All text is that since Excel 97, whatever other programs say of the
    code page; the reader of cells believes them, and reads a zero character behind every letter."""
    place, changed = 0, bytearray(data)
    for kind, body in records(stream, 0):
        if kind == _CODEPAGE and len(body) == len(_UNICODE):
            for behind, byte in enumerate(_UNICODE, place + 4):
                at = inside.place_of(behind, *_STREAMS)
                if at is not None:
                    changed[at] = byte
        place += 4 + len(body)
    return bytes(changed)


def _said(body: bytes) -> int:
    """How many texts the table of texts is said to hold; the reader of cells sets aside memory for as many."""
    in_all, unlike = struct.unpack_from("<II", body.ljust(8, b"\x00"))
    return int(max(in_all, unlike))


def _counts_beyond_a_day(record: Record) -> bool:
    kind, body = record
    if kind == _XF:
        return body[2:4] == struct.pack("<H", _ELAPSED)
    plain = body.replace(b"\x00", b"").lower()
    return kind == _FORMAT and any(mark in plain for mark in (b"[h", b"[m", b"[s"))


def _refuse_locked(name: str) -> FileRefused:
    return FileRefused(name, "the workbook is locked with a password", "send it without a password")
