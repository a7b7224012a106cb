"""The package's folder as one 7z archive with AES-256 and hidden names, written as a stream of members.

What belongs here: the archive's form, which 7-Zip opens. What must not: what the members say, or reading an archive
(seven_zip_reading). Members are stored and not compressed, as in a package that is sealed with age.

The form is 7-Zip's own (its 7zFormat.txt): signature header, locked members one after another, locked table of
contents, and how that is opened. It is written in one way alone.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from samkorning.delivery.package.archive import Member
from samkorning.encryption.seven_zip_aes import BLOCK, METHOD, locking, new_vector, properties, stretched
from samkorning.errors import GuardedFailure

_CHUNK = 1 << 20
_MARK, _START = b"7z\xbc\xaf\x27\x1c\x00\x04", struct.Struct("<QQI")
_START_SIZE = len(_MARK) + 4 + _START.size
_END, _HEADER, _STREAMS, _FILES = b"\x00", b"\x01", b"\x04", b"\x05"
_PACKED, _UNPACKED, _PARTS = b"\x06", b"\x07", b"\x08"
_SIZE, _CRC, _FOLDER, _FOLDER_SIZE, _COUNT = b"\x09", b"\x0a", b"\x0b", b"\x0c", b"\x0d"
_EMPTY, _EMPTY_FILE, _NAMES, _ENCODED = b"\x0e", b"\x0f", b"\x11", b"\x17"
_ONE_CODER = bytes([1, 0x20 | len(METHOD)]) + METHOD


@dataclass(frozen=True)
class _Packed:
    """A locked stream: its place behind the start of the archive, its sizes, and the lock's statement."""

    place: int
    packed: int
    unpacked: int
    stated: bytes


def write_seven_zip(file: BinaryIO, folder: str, members: Sequence[Member], passphrase: str) -> None:
    """Write the whole archive into a new file; GuardedFailure if a member's bytes are not as many as it said."""
    key, ordered = stretched(passphrase), sorted(members, key=lambda one: one.name)
    file.write(bytes(_START_SIZE))
    vector, checksums = new_vector(), list[int]()
    locked = _Locked(file, key, vector)
    for member in ordered:
        checksums.append(_write_member(locked, member))
    size = locked.close()
    body = _Packed(0, locked.written, size, properties(vector))
    contents = _contents(body, [replace(each, name=f"{folder}/{each.name}") for each in ordered], checksums)
    vector = new_vector()
    locked = _Locked(file, key, vector)
    locked.write(contents)
    size = locked.close()
    table = _Packed(body.packed, locked.written, size, properties(vector))
    end = _ENCODED + _streams(table, zlib.crc32(contents))
    file.write(end)
    start = _START.pack(table.place + table.packed, len(end), zlib.crc32(end))
    file.seek(0)
    file.write(_MARK + struct.pack("<I", zlib.crc32(start)) + start)


class _Locked:
    """Locks what is written on its way, whole blocks at a time, into memory of its own: that takes half the time."""

    def __init__(self, file: BinaryIO, key: bytes, vector: bytes) -> None:
        self._file, self._cipher, self._size = file, locking(key, vector), 0
        self._memory = bytearray(_CHUNK + BLOCK)
        self.written = 0

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        self._put(chunk)

    def close(self) -> int:
        """Fill the last block with zeros; how many bytes there were before."""
        self._put(bytes(-self._size % BLOCK))
        return self._size

    def _put(self, chunk: bytes) -> None:
        if len(self._memory) < len(chunk) + BLOCK:
            self._memory = bytearray(len(chunk) + BLOCK)
        locked = self._cipher.update_into(chunk, self._memory)
        self._file.write(memoryview(self._memory)[:locked])
        self.written += locked


def _write_member(locked: _Locked, member: Member) -> int:
    left, checksum = member.size, 0
    for chunk in member.chunks():
        left -= len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        locked.write(chunk)
    if left:
        raise GuardedFailure(f"{member.name}: its size changed while it was sealed; nothing is delivered, run again")
    return checksum


def _contents(body: _Packed, members: Sequence[Member], checksums: Sequence[int]) -> bytes:
    """The table of contents: one locked stream, cut into the members that are not empty."""
    full = [(member, checksum) for member, checksum in zip(members, checksums, strict=True) if member.size]
    sizes = b"".join(_number(member.size) for member, _ in full[:-1])
    checks = b"".join(struct.pack("<I", checksum) for _, checksum in full)
    parts = _PARTS + _COUNT + _number(len(full)) + (_SIZE + sizes if sizes else b"") + _CRC + b"\x01" + checks + _END
    names = b"\x00" + b"".join(member.name.encode("utf-16-le") + b"\x00\x00" for member in members)
    files = _FILES + _number(len(members)) + _empty(members) + _property(_NAMES, names) + _END
    return _HEADER + _STREAMS + _streams(body, None, parts) + files + _END


def _empty(members: Sequence[Member]) -> bytes:
    """Which members have no bytes, and that these are files and not folders."""
    empty = [member.size == 0 for member in members]
    if not any(empty):
        return b""
    return _property(_EMPTY, _bits(empty)) + _property(_EMPTY_FILE, _bits([True] * sum(empty)))


def _streams(packed: _Packed, checksum: int | None, parts: bytes = b"") -> bytes:
    where = _PACKED + _number(packed.place) + _number(1) + _SIZE + _number(packed.packed) + _END
    coder = _ONE_CODER + _number(len(packed.stated)) + packed.stated
    check = _CRC + b"\x01" + struct.pack("<I", checksum) if checksum is not None else b""
    how = _UNPACKED + _FOLDER + _number(1) + b"\x00" + coder + _FOLDER_SIZE + _number(packed.unpacked) + check + _END
    return where + how + parts + _END


def _property(kind: bytes, value: bytes) -> bytes:
    return kind + _number(len(value)) + value


def _bits(values: Sequence[bool]) -> bytes:
    text = "".join("1" if value else "0" for value in values)
    return bytes(int(text[start : start + 8].ljust(8, "0"), 2) for start in range(0, len(text), 8))


def _number(value: int) -> bytes:
    """A whole number in 7z's form: leading ones of the first byte say how many bytes follow."""
    for more in range(8):
        if value < 1 << 7 * (more + 1):
            first = (0xFF << (8 - more)) & 0xFF | value >> 8 * more
            return bytes([first]) + (value & (1 << 8 * more) - 1).to_bytes(more, "little")
    return b"\xff" + value.to_bytes(8, "little")
