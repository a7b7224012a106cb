"""SAS data sets for tests: no library writes them, so this does, in the plainest form that SAS itself has written.

What belongs here: rows as bytes of a data set of 32 bits, little-endian, not compressed: a page that describes it, and
pages of rows. What must not: expectations. SAS-made files are read in test_statistics_agreement.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
ENCODINGS = {"utf-8": 20, "latin-1": 29, "cp1252": 62, "cp850": 42, None: 0}
HEADER, PAGE, PAGE_HEAD = 1024, 16_384, 24
DESCRIBES, HOLDS_ROWS, HAS_DELETED = 0x0000, 0x0100, 0x0080
ROW_SIZE, COLUMN_SIZE, TEXTS, NAMES, ATTRIBUTES, FORMAT = (
    b"\xf7\xf7\xf7\xf7", b"\xf6\xf6\xf6\xf6", b"\xfd\xff\xff\xff", b"\xff\xff\xff\xff", b"\xfc\xff\xff\xff",
    b"\xfe\xfb\xff\xff",
)  # fmt: skip
MISSING = b"\x00\x00\x00\x00\x00\xfe\xff\xff"
Value = float | str | bytes | None


@dataclass(frozen=True)
class Column:
    """A variable: text of so many bytes, or a number (width 8) with a format."""

    name: str
    format: str = ""
    width: int = 8
    is_text: bool = False


def special(letter: str) -> bytes:
    """A special missing value as it is stored."""
    return bytes(5) + bytes([0xFF - (2 + ord(letter) - ord("A")) if letter != "_" else 0xFF]) + b"\xff\xff"


def sas7bdat(columns: Sequence[Column], rows: Sequence[Sequence[Value]], encoding: str | None = "utf-8") -> bytes:
    """The bytes of a data set; bytes among the values are put as they are."""
    width = sum(column.width for column in columns)
    stored = [b"".join(map(_stored, columns, row, [encoding or "ascii"] * len(columns))) for row in rows]
    a_page = (PAGE - PAGE_HEAD) // width
    blocks = [stored[first : first + a_page] for first in range(0, len(stored), a_page)]
    pages = [
        _description(columns, len(rows), width),
        *(_page(HOLDS_ROWS, len(block), 0, b"".join(block)) for block in blocks),
    ]
    return _header(len(pages), encoding) + b"".join(pages)


def with_deleted(content: bytes, width: int, count: int) -> bytes:
    """A data set of one page of ``count`` rows, the second of which was deleted in place, as PROC SQL does it."""
    deleted = bytearray(content)
    struct.pack_into("<I", deleted, content.index(ROW_SIZE) + 4 * 7, 1)
    struct.pack_into("<H", deleted, HEADER + PAGE + 16, HOLDS_ROWS | HAS_DELETED)
    deleted[HEADER + PAGE + PAGE_HEAD + width * count] = 0b0100_0000
    return bytes(deleted)


def _stored(column: Column, value: Value, encoding: str) -> bytes:
    if isinstance(value, bytes):
        return value.ljust(column.width, b" ")
    if column.is_text:
        text = str(value or "").encode(encoding)
        assert len(text) <= column.width
        return text.ljust(column.width, b" ")
    return MISSING if value is None else struct.pack("<d", float(value))


def _header(pages: int, encoding: str | None) -> bytes:
    head = bytearray(HEADER)
    head[:32] = MAGIC
    head[32], head[35], head[37], head[39] = 0x22, 0x22, 1, ord("1")
    head[70] = ENCODINGS[encoding]
    head[84:92], head[92:124], head[156:164] = b"SAS FILE", b"TEST".ljust(32), b"DATA".ljust(8)
    struct.pack_into("<dd", head, 164, 1e9, 1e9)
    struct.pack_into("<III", head, 196, HEADER, PAGE, pages)
    head[216:224], head[224:240] = b"9.0401M6", b"Linux".ljust(16, b"\x00")
    return bytes(head)


def _page(kind: int, blocks: int, parts: int, content: bytes) -> bytes:
    assert len(content) <= PAGE - PAGE_HEAD
    return (bytes(16) + struct.pack("<HHHH", kind, blocks, parts, 0) + content).ljust(PAGE, b"\x00")


def _description(columns: Sequence[Column], rows: int, width: int) -> bytes:
    """The page that describes the table: parts from its end, and pointers to them from its beginning."""
    texts, places = _texts(columns)
    parts = [
        _row_size(columns, rows, width),
        _column_size(columns),
        texts,
        _names(columns, places),
        _attributes(columns),
    ]
    parts += [_format(column, places) for column in columns]
    pointers, content, end = b"", b"", PAGE
    for part in parts:
        end -= len(part)
        pointers += struct.pack("<IIBBH", end, len(part), 0, 0, 0)
        content = part + content
    room = PAGE - PAGE_HEAD - len(pointers) - len(content)
    assert room >= 0
    return _page(DESCRIBES, len(parts), len(parts), pointers + bytes(room) + content)


def _row_size(columns: Sequence[Column], rows: int, width: int) -> bytes:
    part = bytearray(ROW_SIZE.ljust(480, b"\x00"))
    for place, number in ((5, width), (6, rows), (9, len(columns)), (10, 0), (13, PAGE), (15, 0)):
        struct.pack_into("<I", part, 4 * place, number)
    return bytes(part)


def _column_size(columns: Sequence[Column]) -> bytes:
    return COLUMN_SIZE + struct.pack("<II", len(columns), 0)


def _texts(columns: Sequence[Column]) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """All names and formats one after the other, and where each stands: counted from the length of the block."""
    body, places = bytearray(28), {"": (0, 0)}
    for text in (text for column in columns for text in (column.name, column.format.rstrip("0123456789."))):
        if text not in places:
            places[text] = (len(body), len(text.encode()))
            body += text.encode() + bytes(-len(text.encode()) % 4)
    struct.pack_into("<H", body, 0, len(body) + 4)
    return TEXTS + bytes(body) + bytes(12), places


def _names(columns: Sequence[Column], places: dict[str, tuple[int, int]]) -> bytes:
    entries = b"".join(struct.pack("<HHHH", 0, *places[column.name], 0) for column in columns)
    return NAMES + struct.pack("<HHI", len(entries) + 8, 0, 0) + entries + bytes(8)


def _attributes(columns: Sequence[Column]) -> bytes:
    """Where each variable lies in a row, how long it is, and whether it is text; numbers come first, as in SAS."""
    entries, place = b"", 0
    for column in columns:
        entries += struct.pack("<IIHBB", place, column.width, 1024, 2 if column.is_text else 1, 0)
        place += column.width
    return ATTRIBUTES + struct.pack("<HHI", len(entries) + 8, 0, 0) + entries + bytes(8)


def _format(column: Column, places: dict[str, tuple[int, int]]) -> bytes:
    bare = column.format.rstrip("0123456789.")
    whole, _, decimals = column.format.removeprefix(bare).partition(".")
    part = bytearray(FORMAT.ljust(52, b"\x00"))
    struct.pack_into("<HH", part, 12, int(whole or 0), int(decimals or 0))
    struct.pack_into("<HHH", part, 34, 0, *places[bare])
    return bytes(part)
