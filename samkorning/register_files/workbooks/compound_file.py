"""The compound files of old Office documents: which streams there are, and their bytes.

What belongs here: sectors, chains and the directory. What must not: what a stream holds. Every chain is followed only
as far as the file reaches, so that a damaged one ends.
"""

import struct
from dataclasses import dataclass

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _ENTRY, _SMALL_SECTOR = 0xFFFFFFF0, 128, 64
_STREAM, _ROOT = 2, 5
_SMALL_LIMIT = 4096  # streams below it lie in the small sectors


class DamagedCompoundFile(Exception):
    """The file does not hold together; it carries nothing of the file."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """The streams of a compound file by name."""

    def __init__(self, data: bytes) -> None:
        try:
            self._open(data)
        except (struct.error, IndexError, UnicodeDecodeError):
            raise DamagedCompoundFile from None

    def _open(self, data: bytes) -> None:
        (shift,) = struct.unpack_from("<H", data, 30)
        if not data.startswith(MARK) or shift not in (9, 12):
            raise DamagedCompoundFile
        self._data, self._sector = data, int(1 << shift)
        self._next = self._table(self._places_of_table())
        (directory,) = struct.unpack_from("<I", data, 48)
        (small,) = struct.unpack_from("<I", data, 60)
        self._next_small = _words(self._chain(small))
        listed = self._chain(directory)
        entries = [_entry(listed[at : at + _ENTRY]) for at in range(0, len(listed), _ENTRY)]
        self._entries = [entry for entry in entries if entry.name]
        root = next(entry for entry in [*entries, _Entry("", 0, _END, 0)] if entry.kind in (_ROOT, 0))
        self._small = self._chain(root.start)[: root.size]

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams and folders."""
        return frozenset(entry.name for entry in self._entries)

    def stream(self, *names: str) -> bytes | None:
        """The bytes of the first stream that has one of the names, None where there is none.

        :raises DamagedCompoundFile: when they are not all there.
        """
        found = self._find(names)
        if found is None:
            return None
        content = self._small_chain(found.start) if found.size < _SMALL_LIMIT else self._chain(found.start)
        if len(content) < found.size:
            raise DamagedCompoundFile
        return content[: found.size]

    def place_of(self, place: int, *names: str) -> int | None:
        """Where in the file the byte lies that is at a place of the stream that :meth:`stream` gives; None where the
        stream is so small that it lies in the small sectors, which no writer of workbooks leaves it to be."""
        found = self._find(names)
        if found is None or found.size < _SMALL_LIMIT:
            return None
        sector, inside = divmod(place, self._sector)
        return (_follow(found.start, self._next)[sector] + 1) * self._sector + inside

    def _find(self, names: tuple[str, ...]) -> _Entry | None:
        entries = (each for name in names for each in self._entries if (each.name, each.kind) == (name, _STREAM))
        return next(entries, None)

    def _places_of_table(self) -> list[int]:
        """Where the sectors of the allocation table lie: 109 in the header, further ones in a chain."""
        places = list(struct.unpack_from("<109I", self._data, 76))
        (more,) = struct.unpack_from("<I", self._data, 68)
        for _ in range(len(self._data) // self._sector):
            if more >= _END:
                break
            words = _words(self._part(more))
            places += words[:-1]
            more = words[-1]
        return [place for place in places if place < _END]

    def _table(self, places: list[int]) -> tuple[int, ...]:
        if len(places) > len(self._data) // self._sector:
            raise DamagedCompoundFile
        return tuple(word for place in places for word in _words(self._part(place)))

    def _part(self, sector: int) -> bytes:
        part = self._data[(sector + 1) * self._sector : (sector + 2) * self._sector]
        if not part:
            raise DamagedCompoundFile
        return part.ljust(self._sector, b"\x00")

    def _chain(self, sector: int) -> bytes:
        return b"".join(self._part(place) for place in _follow(sector, self._next))

    def _small_chain(self, sector: int) -> bytes:
        places = _follow(sector, self._next_small)
        return b"".join(self._small[place * _SMALL_SECTOR : (place + 1) * _SMALL_SECTOR] for place in places)


def _follow(first: int, following: tuple[int, ...]) -> list[int]:
    places: list[int] = []
    while first < _END:
        if len(places) > len(following) or first >= len(following):
            raise DamagedCompoundFile
        places.append(first)
        first = following[first]
    return places


def _words(part: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _entry(listed: bytes) -> _Entry:
    length, kind = struct.unpack_from("<HB", listed, 64)
    start, size = struct.unpack_from("<II", listed, 116)
    return _Entry(listed[: max(length - 2, 0)].decode("utf-16-le"), kind, start, size)
