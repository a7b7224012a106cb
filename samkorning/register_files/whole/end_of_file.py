"""Formats that have an end of their own to recognise: is it there?

What belongs here: for each such kind of content a cheap look at the end of the bytes. What must not: reading rows, or
judging content; a reader does that when the file is taken in. Text has no end of its own, nor have Stata files before
version 13, SAS transport files and sealed files.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from samkorning.register_files.packaging.streams import MOST_UNPACKED
from samkorning.register_files.statistics import end_of_statistics_file
from samkorning.register_files.statistics.end_of_statistics_file import EndCheck, FormatEnd

_HEAD = 128
_STEP = 1024 * 1024
_MOST_LIST = 64 * 1024 * 1024  # of a 7z archive
_FREE_SECTOR, _LAST_SECTOR = 0xFFFFFFFF, 0xFFFFFFFA


def end_is_there(path: Path) -> bool | None:
    """Whether the end that a file's format has is there; nothing for content that has no end of its own."""
    with path.open("rb") as stream:
        check = _check_of(stream.read(_HEAD))
        if check is None:
            return None
        try:
            return check(stream, path.stat().st_size)
        except (struct.error, OSError, OverflowError, IndexError, ValueError):
            return False


def format_has_end(path: Path) -> bool:
    """Whether the first bytes are of a kind that has an end of its own."""
    with path.open("rb") as stream:
        return _check_of(stream.read(_HEAD)) is not None


def _check_of(head: bytes) -> EndCheck | None:
    return next((known.check for known in ENDS if head[known.place :].startswith(known.mark)), None)


def _zip(stream: BinaryIO, size: int) -> bool:
    """The record behind the list of members, reaching to the last byte, and the list where it says."""
    tail = _tail(stream, size, 22 + 0xFFFF)
    places = (match.start() for match in re.finditer(b"PK\x05\x06", tail))
    return any(_zip_ends_at(stream, tail, place, size - len(tail) + place) for place in places)


def _zip_ends_at(stream: BinaryIO, tail: bytes, place: int, before: int) -> bool:
    record = tail[place:]
    if len(record) < 22 or 22 + struct.unpack("<H", record[20:22])[0] != len(record):
        return False
    length, start = struct.unpack("<II", record[12:20])
    if 0xFFFFFFFF in (length, start):  # more than 4 GiB: the figures stand in a larger record before this one
        return tail[max(place - 20, 0) : place].startswith(b"PK\x06\x07")
    stream.seek(start)
    return bool(start + length <= before and stream.read(4) == (b"PK\x01\x02" if length else record[:4]))


def _gzip(stream: BinaryIO, size: int) -> bool:
    """Every member unpacked to its own count and check sum, and nothing kept of it; no further than intake unpacks."""
    stream.seek(0)
    unpacked, member, data = 0, zlib.decompressobj(31), b""
    try:
        while data := data or stream.read(_STEP):
            unpacked += len(member.decompress(data, _STEP))
            data = member.unconsumed_tail or member.unused_data
            if unpacked > MOST_UNPACKED:
                return False
            if member.eof and (data or stream.tell() < size):
                member = zlib.decompressobj(31)
    except zlib.error:
        return False
    return member.eof


def _seven_zip(stream: BinaryIO, size: int) -> bool:
    """The start header is filled in last; it says where the list of members lies, which is the archive's end."""
    stream.seek(0)
    head = stream.read(32)
    own, start, length, of_list = struct.unpack("<8xIQQI", head)
    if zlib.crc32(head[12:]) != own or 32 + start + length != size or length > _MOST_LIST:
        return False
    return bool(zlib.crc32(_tail(stream, size, length)) == of_list)


def _parquet(stream: BinaryIO, size: int) -> bool:
    length, mark = struct.unpack("<I4s", _tail(stream, size, 8))
    return bool(mark == b"PAR1" and 0 < length <= size - 12)


def _arrow_file(stream: BinaryIO, size: int) -> bool:
    length, mark = struct.unpack("<i6s", _tail(stream, size, 10))
    return bool(mark == b"ARROW1" and 0 < length <= size - 18)


def _arrow_stream(stream: BinaryIO, size: int) -> bool:
    return _tail(stream, size, 8) == b"\xff\xff\xff\xff\x00\x00\x00\x00"


def _compound(stream: BinaryIO, size: int) -> bool:
    """Old Office files: the last sector in use, by the file's own tables of sectors, lies inside it."""
    stream.seek(0)
    head = stream.read(512)
    sector = {9: 512, 12: 4096}.get(struct.unpack("<H", head[30:32])[0])
    if sector is None:
        return False
    last = -1
    for order, place in enumerate(_sector_tables(stream, head, sector, size // sector)):
        entries = _entries(stream, place, sector)
        used = [index for index, entry in enumerate(entries) if entry != _FREE_SECTOR]
        last = order * len(entries) + used[-1] if used else last
    return last >= 0 and (last + 2) * sector <= size


def _sector_tables(stream: BinaryIO, head: bytes, sector: int, most: int) -> Iterator[int]:
    """Where the tables of sectors lie: the first 109 by the header, more by a chain of lists."""
    yield from (place for place in struct.unpack("<109I", head[76:512]) if place != _FREE_SECTOR)
    (following,) = struct.unpack("<I", head[68:72])
    for _ in range(most):
        if following > _LAST_SECTOR:
            return
        *places, following = _entries(stream, following, sector)
        yield from (place for place in places if place != _FREE_SECTOR)


def _entries(stream: BinaryIO, place: int, sector: int) -> tuple[int, ...]:
    stream.seek((place + 1) * sector)
    return struct.unpack(f"<{sector // 4}I", stream.read(sector))


def _tail(stream: BinaryIO, size: int, length: int) -> bytes:
    stream.seek(max(size - length, 0))
    return stream.read(length)


ENDS: tuple[FormatEnd, ...] = (
    FormatEnd("zip archives and workbooks (xlsx, xlsm)", 0, b"PK\x03\x04", _zip),
    FormatEnd("zip archives and workbooks (xlsx, xlsm)", 0, b"PK\x05\x06", _zip),
    FormatEnd("gzip", 0, b"\x1f\x8b", _gzip),
    FormatEnd("7z", 0, b"7z\xbc\xaf\x27\x1c", _seven_zip),
    FormatEnd("Parquet", 0, b"PAR1", _parquet),
    FormatEnd("Arrow files", 0, b"ARROW1", _arrow_file),
    FormatEnd("Arrow streams", 0, b"\xff\xff\xff\xff", _arrow_stream),
    FormatEnd("old workbooks (xls)", 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _compound),
    *end_of_statistics_file.ENDS,
)
