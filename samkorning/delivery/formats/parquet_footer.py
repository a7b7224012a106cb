"""The footer of a Parquet file that is put together of files of one group of rows each.

What belongs here: reading and writing a footer (Thrift's compact protocol, as Parquet's specification has it), and
moving a group's places in it. What must not: rows, and the writing of groups.

A library writes each group as a file of its own, so that groups can be written side by side and read back as they are.
Their bytes follow one another in the delivered file; only the places that a footer names are others. What the footer
says of each group is held against what the group's own says before it is taken, as PyArrow reads both.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyarrow import parquet

from samkorning.errors import GuardedFailure

MAGIC = b"PAR1"
_LENGTH = struct.Struct("<I")
_END = _LENGTH.size + len(MAGIC)

_YES, _NO, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12
_ROWS, _GROUPS = 3, 4
_CHUNKS, _GROUP_PLACE, _ORDINAL = 1, 5, 7
_CHUNK_PLACE, _CHUNK_META = 2, 3
_META_PLACES = (9, 10, 11)
"""Where pages of data, of an index and of a dictionary begin."""

_PLACES_IN_PYARROW = ("file_offset", "dictionary_page_offset", "data_page_offset")
_FACTS_IN_PYARROW = (
    *("path_in_schema", "physical_type", "num_values", "compression", "encodings", "is_stats_set"),
    *("total_compressed_size", "total_uncompressed_size"),
)

Struct = dict[int, tuple[int, Any]]
"""Fields by their number, each with its type, in their order."""


@dataclass(frozen=True)
class GroupFile:
    """A Parquet file of one group, as a library has written it."""

    whole: bytes

    @property
    def rows(self) -> bytes:
        """The bytes of the group."""
        return self.whole[len(MAGIC) : -_END - self._length]

    @property
    def footer(self) -> bytes:
        """What is said of it."""
        return self.whole[-_END - self._length : -_END]

    @property
    def _length(self) -> int:
        return int(_LENGTH.unpack(self.whole[-_END : -len(MAGIC)])[0])


def end_of_file(empty: GroupFile, footers: Sequence[bytes], sizes: Sequence[int]) -> bytes:
    """What comes after the last group: the footer of all, its length, and the mark of the format.

    :param empty: a file without rows, whose footer says all but the groups.
    :param footers: those of each group alone, in order; ``sizes`` how many bytes each group has.
    :raises GuardedFailure: when PyArrow reads in it anything else than what it has read of a group alone.
    """
    whole = _read(empty.footer)
    groups, rows, place = [], 0, 0
    for ordinal, (footer, size) in enumerate(zip(footers, sizes, strict=True)):
        alone = _read(footer)
        rows += alone[_ROWS][1]
        groups += [_moved(group, place, ordinal) for group in alone[_GROUPS][1][1]]
        place += size
    whole[_ROWS] = (_I64, rows)
    whole[_GROUPS] = (_LIST, (_STRUCT, groups))
    footer = b"".join(_struct(whole))
    _require_as_alone(footer, footers, sizes)
    return _ended(footer)


def _moved(group: Struct, by: int, ordinal: int) -> Struct:
    """A group as it is said so many bytes further on."""
    chunks = [_chunk_moved(chunk, by) for chunk in group[_CHUNKS][1][1]]
    moved = {**group, _CHUNKS: (_LIST, (_STRUCT, chunks))}
    if _GROUP_PLACE in moved:
        moved[_GROUP_PLACE] = (_I64, moved[_GROUP_PLACE][1] + by)
    if _ORDINAL in moved:
        moved[_ORDINAL] = (_I16, ordinal)
    return moved


def _chunk_moved(chunk: Struct, by: int) -> Struct:
    meta = dict(chunk[_CHUNK_META][1])
    for place in _META_PLACES:
        if place in meta:
            meta[place] = (_I64, meta[place][1] + by)
    moved = {**chunk, _CHUNK_META: (_STRUCT, meta)}
    if moved[_CHUNK_PLACE][1]:  # PyArrow leaves it at 0, as the specification now asks
        moved[_CHUNK_PLACE] = (_I64, moved[_CHUNK_PLACE][1] + by)
    return moved


def _require_as_alone(footer: bytes, footers: Sequence[bytes], sizes: Sequence[int]) -> None:
    """Refuses a footer that says of a group anything but what its own said, at its place."""
    stated, place = _as_pyarrow_reads(footer), 0
    same = stated.num_row_groups == len(footers)
    for index, (alone, size) in enumerate(zip(footers, sizes, strict=True)):
        same = same and _is_group(stated.row_group(index), _as_pyarrow_reads(alone).row_group(0), place)
        place += size
    if not same:
        raise GuardedFailure("the footer of a Parquet file tells other groups than were written; nothing was sealed")


def _as_pyarrow_reads(footer: bytes) -> parquet.FileMetaData:
    return parquet.read_metadata(io.BytesIO(MAGIC + _ended(footer)))


def _ended(footer: bytes) -> bytes:
    return footer + _LENGTH.pack(len(footer)) + MAGIC


def _is_group(stated: parquet.RowGroupMetaData, alone: parquet.RowGroupMetaData, by: int) -> bool:
    """Whether the same is told of a group, its places so many bytes further on."""
    if (stated.num_rows, stated.total_byte_size, stated.num_columns) != (
        alone.num_rows,
        alone.total_byte_size,
        alone.num_columns,
    ):
        return False
    return all(_is_chunk(stated.column(place), alone.column(place), by) for place in range(stated.num_columns))


def _is_chunk(stated: parquet.ColumnChunkMetaData, alone: parquet.ColumnChunkMetaData, by: int) -> bool:
    moved = all(
        getattr(stated, place) == (getattr(alone, place) and getattr(alone, place) + by) for place in _PLACES_IN_PYARROW
    )
    same = all(getattr(stated, fact) == getattr(alone, fact) for fact in _FACTS_IN_PYARROW)
    return moved and same and (stated.statistics == alone.statistics)


def _read(footer: bytes) -> Struct:
    return _Reader(footer).struct()


class _Reader:
    """Thrift's compact protocol, as far as footers go."""

    def __init__(self, content: bytes) -> None:
        self._content, self._place = content, 0

    def struct(self) -> Struct:
        """Fields up to the end of a struct."""
        fields: Struct = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._whole()
            fields[number] = (kind, self._value(kind))
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self._whole()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            return self._list()
        if kind in (_YES, _NO):
            return None
        if kind == _DOUBLE:
            return self._take(8)
        if kind == _BYTE:
            return self._take(1)
        raise GuardedFailure("the footer of a Parquet file has a type that is not known; nothing was sealed")

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        size, kind = head >> 4, head & 15
        if size == 15:
            size = self._varint()
        if kind in (_YES, _NO):
            return kind, [self._take(1) for _ in range(size)]
        return kind, [self._value(kind) for _ in range(size)]

    def _whole(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7

    def _byte(self) -> int:
        self._place += 1
        return self._content[self._place - 1]

    def _take(self, size: int) -> bytes:
        self._place += size
        return self._content[self._place - size : self._place]


def _struct(fields: Struct) -> Iterator[bytes]:
    last = 0
    for number, (kind, value) in fields.items():
        step = number - last
        yield bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _zigzag(number)
        yield from _written(kind, value)
        last = number
    yield b"\0"


def _written(kind: int, value: Any) -> Iterator[bytes]:
    if kind in (_I16, _I32, _I64):
        yield _zigzag(value)
    elif kind == _BINARY:
        yield _varint(len(value)) + value
    elif kind == _STRUCT:
        yield from _struct(value)
    elif kind in (_LIST, _SET):
        of, values = value
        yield bytes([len(values) << 4 | of]) if len(values) < 15 else bytes([0xF0 | of]) + _varint(len(values))
        for each in values:
            yield from _written(_BYTE if of in (_YES, _NO) else of, each)
    elif kind not in (_YES, _NO):
        yield value


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
