"""Zip archives: the table of contents, held against what lies there.

What belongs here: which entries there are, whether they may lie as they do, which is read. What must not: the bytes of
an entry (zip_entry).
"""

import stat
import struct
import zipfile
from collections.abc import Sequence
from typing import BinaryIO

from samkorning.register_files.packaging import refusals
from samkorning.register_files.packaging.entries import Entry, the_entry
from samkorning.register_files.packaging.packed import Packed, Unpacked
from samkorning.register_files.packaging.streams import open_seekable
from samkorning.register_files.packaging.zip_entry import LOCAL_HEADER, entry_content

NAME = "zip"
_PART_MARK = b"PK\x07\x08"
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LONGEST_COMMENT = 0xFFFF
_HIDDEN_TABLE = 0x2000  # the flag of an archive whose table of contents is locked as well
_STRONG = 0x40
_WORKBOOK = ("[Content_Types].xml", "xl/workbook.xml")
_LIBRARY_ERRORS = (
    zipfile.BadZipFile, struct.error, ValueError, EOFError, OverflowError, NotImplementedError, OSError, KeyError,
)  # fmt: skip


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a zip archive, or of one part of several."""
    return head.startswith((b"PK\x03\x04", _END_MARK, _PART_MARK))


def unpack(packed: Packed) -> Unpacked | None:
    """The one file inside; nothing for a workbook, which is a zip archive itself."""
    with open_seekable(packed.content) as stream:
        if stream.read(4) == _PART_MARK:
            raise refusals.refuse_part(packed.name)
        size = _refuse_end(stream, packed.name)
        archive = _table(stream, packed.name)
        if set(_WORKBOOK) <= set(archive.namelist()):
            return None
        infos = archive.infolist()
        entry = the_entry([_entry(info) for info in infos], packed.name, size, packed.member)
        _refuse_places(infos, archive.start_dir, packed.name)
    return Unpacked(entry_content(packed, entry.handle), entry.name, (NAME,))


def _refuse_end(stream: BinaryIO, name: str) -> int:
    """How many bytes the archive has; refused where it does not end with its own end, or in another part."""
    size = stream.seek(0, 2)
    stream.seek(max(size - _END.size - _LONGEST_COMMENT, 0))
    tail = stream.read()
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) < place + _END.size:
        raise refusals.refuse_damaged(name)
    _, disk, first_disk, here, all_, *_, comment = _END.unpack_from(tail, place)
    if place + _END.size + comment != len(tail):
        raise refusals.refuse_damaged(name)
    if (disk or first_disk or here != all_) and 0xFFFF not in (disk, first_disk, here, all_):
        raise refusals.refuse_part(name)
    return size


def _table(stream: BinaryIO, name: str) -> zipfile.ZipFile:
    archive = None
    try:
        archive = zipfile.ZipFile(stream)
    except _LIBRARY_ERRORS:
        archive = None
    if archive is None:
        raise refusals.refuse_damaged(name)
    return archive


def _entry(info: zipfile.ZipInfo) -> Entry:
    kind = stat.S_IFMT(info.external_attr >> 16)
    is_folder = info.orig_filename.endswith("/") or stat.S_ISDIR(kind)
    return Entry(info.orig_filename, info.file_size, is_folder, kind in (0, stat.S_IFREG), info)


def _refuse_places(infos: Sequence[zipfile.ZipInfo], end: int, name: str) -> None:
    """Entries lie one behind the other, the first at the beginning, and none over another or over the table."""
    places = sorted((info.header_offset, _least(info)) for info in infos)
    starts = [start for start, _ in places]
    if starts and starts[0] != 0:
        raise refusals.refuse_contradiction(name)
    if any(start + least > following for (start, least), following in zip(places, [*starts[1:], end], strict=True)):
        raise refusals.refuse_contradiction(name)
    if any(info.flag_bits & (_HIDDEN_TABLE | _STRONG) for info in infos):
        raise refusals.refuse_unread(name)


def _least(info: zipfile.ZipInfo) -> int:
    return LOCAL_HEADER.size + len(info.orig_filename) + info.compress_size
