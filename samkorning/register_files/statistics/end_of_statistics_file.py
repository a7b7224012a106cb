"""The end of statistics files (SAS, SPSS, Stata): the same cheap look as end_of_file gives the others.

What belongs here: what their headers say of how far they reach. What must not: their rows.
"""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

EndCheck = Callable[[BinaryIO, int], bool]
"""Looks at a stream of so many bytes."""
_STEP = 1024 * 1024
_MOST_RECORDS = 1_000_000  # of an SPSS dictionary
_ELEMENT = 8  # bytes of a cell in SPSS
_END_OF_DATA, _IN_FULL, _PADDING = 252, 253, 0  # commands of compressed SPSS data


@dataclass(frozen=True)
class FormatEnd:
    """A kind of content that has an end: its name, which bytes stand where in it, and what looks for the end."""

    name: str
    place: int
    mark: bytes
    check: EndCheck


def _sas(stream: BinaryIO, size: int) -> bool:
    """The header names the pages and their size."""
    stream.seek(0)
    head = stream.read(288)
    wide = head[32] == 0x33
    start = 196 + (4 if head[35] == 0x33 else 0)
    order = "<" if head[37] == 1 else ">"
    header, page, pages = struct.unpack_from(f"{order}II{'Q' if wide else 'I'}", head, start)
    return bool(page and header + pages * page == size and _is_written(stream, size, page))


def _stata(stream: BinaryIO, size: int) -> bool:
    stream.seek(max(size - 12, 0))
    return stream.read() == b"</stata_dta>"


def _spss(stream: BinaryIO, size: int) -> bool:
    """Behind the dictionary come as many cells as the header promises."""
    stream.seek(0)
    head = stream.read(176)
    order = "<" if struct.unpack_from("<i", head, 64)[0] in (2, 3) else ">"
    compression, _, rows = struct.unpack_from(f"{order}iii", head, 72)
    width = sum(kind == 2 for kind in _dictionary(stream, order))
    if compression == 2:
        return _spss_zlib(stream, size, order)
    if compression == 1:
        return _cells(stream, rows * width if rows >= 0 else None)
    row = width * _ELEMENT
    return rows >= 0 and stream.tell() + rows * row == size and (rows == 0 or _is_written(stream, size, row))


def _spss_zlib(stream: BinaryIO, size: int, order: str) -> bool:
    """The header of the packed data says where its last part is and how long that is."""
    _, last, length = struct.unpack(f"{order}qqq", stream.read(24))
    stream.seek(last)
    (parts,) = struct.unpack(f"{order}20xi", stream.read(24))
    return bool(last + length == size and length == 24 * (1 + parts) and parts)


def _is_written(stream: BinaryIO, size: int, length: int) -> bool:
    """Whether the last part holds anything: space that was reserved beforehand is zeros."""
    stream.seek(max(size - min(length, _STEP), 0))
    return any(stream.read(_STEP))


def _dictionary(stream: BinaryIO, order: str) -> Iterator[int]:
    """The kind of each record up to the end of the dictionary, with the stream behind it."""
    for _ in range(_MOST_RECORDS):
        (kind,) = struct.unpack(f"{order}i", stream.read(4))
        if kind == 999:
            stream.seek(4, 1)
            return
        length = _length(stream, kind, order)
        if length < 0:
            break
        stream.seek(length, 1)
        yield kind
    raise struct.error


def _length(stream: BinaryIO, kind: int, order: str) -> int:
    """How many bytes of a record follow; its own head is read."""
    if kind == 2:
        return _variable(stream, order)
    if kind == 3:
        return sum(_value_label(stream) for _ in range(min(_int(stream, order), _MOST_RECORDS)))
    if kind in (4, 6):
        return _int(stream, order) * (4 if kind == 4 else 80)
    if kind == 7:
        _, each, count = struct.unpack(f"{order}iii", stream.read(12))
        return int(each * count)
    raise struct.error


def _variable(stream: BinaryIO, order: str) -> int:
    _, has_label, missing = struct.unpack(f"{order}iii", stream.read(12))
    stream.seek(16, 1)
    if has_label:
        length = _int(stream, order)
        stream.seek(length + -length % 4, 1)
    return int(abs(missing)) * _ELEMENT


def _value_label(stream: BinaryIO) -> int:
    stream.seek(_ELEMENT, 1)
    length = stream.read(1)[0]
    stream.seek(length + -(length + 1) % _ELEMENT, 1)
    return 0


def _int(stream: BinaryIO, order: str) -> int:
    return int(struct.unpack(f"{order}i", stream.read(4))[0])


def _cells(stream: BinaryIO, promised: int | None) -> bool:
    """Compressed data: eight commands at a time, and the cells that they say follow in full."""
    found, rest = 0, b""
    while chunk := stream.read(_STEP):
        data, place = rest + chunk, 0
        while place + _ELEMENT <= len(data):
            commands = data[place : place + _ELEMENT]
            after = place + _ELEMENT * (1 + commands.count(_IN_FULL))
            if after > len(data):
                break
            ended = commands.find(_END_OF_DATA)
            commands = commands if ended < 0 else commands[:ended]
            found += len(commands) - commands.count(_PADDING)
            if found == promised or ended >= 0:
                return promised is None or found == promised
            place = after
        rest = data[place:]
    return found == promised


def _spss_portable(stream: BinaryIO, size: int) -> bool:
    """The data end with Z, repeated to the end of its line of 80."""
    stream.seek(max(size - 100, 0))
    last = stream.read().rstrip(b"\r\n").replace(b"\r", b"\n").rpartition(b"\n")[2]
    return len(last) == 80 and last.endswith(b"Z")


ENDS: tuple[FormatEnd, ...] = (
    FormatEnd("SAS (sas7bdat)", 0, b"\x00" * 12 + b"\xc2\xea\x81\x60", _sas),
    FormatEnd("Stata (dta) from version 13", 0, b"<stata_dta>", _stata),
    FormatEnd("SPSS (sav, zsav)", 0, b"$FL2", _spss),
    FormatEnd("SPSS (sav, zsav)", 0, b"$FL3", _spss),
    FormatEnd("SPSS portable (por)", 40, b"ASCII SPSS PORT FILE", _spss_portable),
)


def reaches_its_end(data: bytes) -> bool:
    """Whether a file in memory has the end that its kind carries; true where it carries none."""
    check = next((known.check for known in ENDS if data.startswith(known.mark, known.place)), None)
    try:
        return check is None or check(io.BytesIO(data), len(data))
    except (struct.error, IndexError):
        return False
