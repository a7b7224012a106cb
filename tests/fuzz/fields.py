"""Where the numbers stand that a format goes by: lengths, counts, places, kinds; and other numbers put there.

What belongs here: the places by format, found in a whole file, and what is put into one. What must not: changes of
bytes that mean nothing in particular (mutations).
"""

import random
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.fuzz.mutations import NUMBERS

Order = Literal["little", "big", "digits"]
_DIGITS = (b"0", b"1", b"9999999999999999", b"-1", b"7777777777777777", b"T", b"*", b" ", b"\x80\xff\xff\xff\xff\xff")
_ZIP_HEADERS = {
    b"PK\x03\x04": ((4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)),
    b"PK\x01\x02": (
        (4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (36, 2), (38, 4),
        (42, 4),
    ),
    b"PK\x05\x06": ((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)),
}  # fmt: skip
_STATA_PARTS = re.compile(rb"<(K|N|map|variable_types|sortlist|lbl|strls)>(.*?)</\1>", re.S)
_STATA_WIDTHS = {b"K": 2, b"N": 8, b"map": 8, b"variable_types": 2, b"sortlist": 2, b"lbl": 4, b"strls": 4}
_PORTABLE = re.compile(rb"[0-9A-T]{1,6}/")
_SAS_HEADER, _SAS_PAGE = 1024, 16_384


@dataclass(frozen=True)
class Place:
    """Where a number stands, in how many bytes, and how it is written."""

    at: int
    width: int
    order: Order = "little"


def overwrite(content: bytes, places: Sequence[Place], chance: random.Random) -> bytes:
    """The content with other numbers at one to three of the places."""
    data = bytearray(content)
    for place in chance.choices(places, k=chance.choice((1, 1, 1, 2, 3))):
        data[place.at : place.at + place.width] = _other(data, place, chance)
    return bytes(data)


def _other(data: bytearray, place: Place, chance: random.Random) -> bytes:
    if place.order == "digits":
        return chance.choice(_DIGITS)[: place.width].rjust(place.width, chance.choice((b"0", b" ")))
    before = int.from_bytes(data[place.at : place.at + place.width], place.order)
    near = (before + 1, before - 1, before * 2, before // 2, before ^ (1 << chance.randrange(8)), len(data))
    value = chance.choice(near) if chance.random() < 0.5 else chance.choice(NUMBERS)
    return (value % 256**place.width).to_bytes(place.width, place.order)


def places_of(form: str, content: bytes) -> list[Place]:
    """All places of a file of this format; none for text."""
    found = _PLACES.get(form, lambda _: ())(content)
    return [place for place in found if place.at + place.width <= len(content)]


def zip_places(content: bytes) -> list[Place]:
    """Numbers in the headers of the entries, in the table and at the end."""
    heads = ((mark, found.start()) for mark in _ZIP_HEADERS for found in re.finditer(re.escape(mark), content))
    return [Place(at + start, width) for mark, at in heads for start, width in _ZIP_HEADERS[mark]]


def _words(content: bytes, start: int, end: int, width: int = 4, order: Order = "little") -> Iterator[Place]:
    """Every number of a part that is nothing but numbers, without those that are zero."""
    for at in range(start, min(end, len(content)), width):
        if any(content[at : at + width]):
            yield Place(at, width, order)


def _parquet(content: bytes) -> Iterator[Place]:
    """The footer and the first bytes of the pages, whose numbers are of one byte or more."""
    (footer,) = struct.unpack_from("<I", content, len(content) - 8)
    yield from _words(content, len(content) - 8 - footer, len(content) - 8, 1)
    yield from _words(content, 4, 64, 1)
    yield Place(len(content) - 8, 4)


def _arrow(content: bytes) -> Iterator[Place]:
    """The heads of all messages, and the footer of a file."""
    for found in re.finditer(rb"\xff\xff\xff\xff", content):
        (length,) = struct.unpack("<I", content[found.end() : found.end() + 4].ljust(4, b"\x00"))
        yield from _words(content, found.end(), found.end() + 4 + min(length, 4096))
    if content.startswith(b"ARROW1"):
        (footer,) = struct.unpack_from("<I", content, len(content) - 10)
        yield from _words(content, len(content) - 10 - footer, len(content) - 6)


def _spss(content: bytes) -> Iterator[Place]:
    """The header, the dictionary up to its end, and of packed data what stands before and behind."""
    end = content.find(b"\xe7\x03\x00\x00\x00\x00\x00\x00", 176) + 8
    yield from (Place(at, 4) for at in range(64, 84, 4))
    yield from _words(content, 176, end)
    yield from _words(content, end, end + 24, 8)
    yield from _words(content, len(content) - 48, len(content))


def _stata(content: bytes) -> Iterator[Place]:
    for part in _STATA_PARTS.finditer(content):
        width = _STATA_WIDTHS[part[1]]
        yield from (Place(at, width) for at in range(part.start(2), part.end(2), width))
    if not content.startswith(b"<"):
        yield from (Place(0, 1), Place(1, 1), Place(4, 2), Place(6, 4))
        yield from _words(content, 109, 160, 1)


def _sas(content: bytes) -> Iterator[Place]:
    yield from (Place(at, 1) for at in range(32, 72))
    yield from (Place(at, 4) for at in range(196, 216, 4))
    for page in range(_SAS_HEADER, len(content), _SAS_PAGE):
        yield from (Place(page + at, 2) for at in (16, 18, 20))
    yield from _words(content, _SAS_HEADER + 24, _SAS_HEADER + _SAS_PAGE)


def _sas_transport(content: bytes) -> Iterator[Place]:
    """Digits in the header records; the descriptions of variables behind them."""
    for at in range(0, len(content), 80):
        if content.startswith(b"HEADER RECORD", at):
            digits = re.finditer(rb"[0-9]{2,}", content[at : at + 80])
            yield from (Place(at + found.start(), len(found[0]), "digits") for found in digits)
        if content.startswith((b"HEADER RECORD*******NAMEST", b"HEADER RECORD*******NAMSTV"), at):
            yield from _words(content, at + 80, at + 80 + 6 * 140, 2, "big")


def _spss_portable(content: bytes) -> Iterator[Place]:
    yield from (Place(found.start(), len(found[0]) - 1, "digits") for found in _PORTABLE.finditer(content, 464))


def _old_excel(content: bytes) -> Iterator[Place]:
    """The header, the records of the book, which lie behind it in one piece, the tables of sectors, the directory."""
    yield from (*(Place(at, 2) for at in range(24, 44, 2)), *(Place(at, 4) for at in range(44, 84, 4)))
    at = 512
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if not kind:
            break
        yield from (Place(at, 2), Place(at + 2, 2), *_words(content, at + 4, at + 4 + min(length, 20), 2))
        at += 4 + length
    yield from _words(content, max(at, len(content) - 2048), len(content))


_PLACES: dict[str, Callable[[bytes], Iterable[Place]]] = {
    "excel": zip_places,
    "parquet": _parquet,
    "arrow": _arrow,
    "spss": _spss,
    "spss_portable": _spss_portable,
    "stata": _stata,
    "sas": _sas,
    "sas_transport": _sas_transport,
    "old_excel": _old_excel,
}
