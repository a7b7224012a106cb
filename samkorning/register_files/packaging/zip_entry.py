"""The bytes of one entry of a zip archive: its own header held against the table, unlocked, unpacked, checked.

What belongs here: everything between the entry's place in the archive and its bytes in clear. What must not: which
entry is meant (zip_archive). The standard library unpacks, checks sums and opens the old lock; AES (zip_lock) and
Deflate64 come before it.
"""

import copy
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

import inflate64

from samkorning.errors import FileRefused
from samkorning.register_files.content.chunks import Chunks, stream_of
from samkorning.register_files.content.content import open_content
from samkorning.register_files.packaging import refusals
from samkorning.register_files.packaging.packed import Packed
from samkorning.register_files.packaging.password import spellings
from samkorning.register_files.packaging.streams import CHUNK, Meter, go_to, skip
from samkorning.register_files.packaging.zip_lock import lock_of

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_LOCAL_MARK = b"PK\x03\x04"
_LOCKED, _SIZES_BEHIND = 0x1, 0x8
_DEFLATE64 = 9
_STEP = 16_384  # of Deflate64, which unpacks all that it is given at once
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, _DEFLATE64)
_PROBE = 65_536
_LIBRARY_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError, struct.error, NotImplementedError,
)  # fmt: skip


def entry_content(packed: Packed, info: zipfile.ZipInfo) -> Chunks:
    """The entry as content, unlocked with the password where it is locked.

    :raises FileRefused: without the right password, or where the entry is packed by another method.
    """
    entry = _ZipEntry(packed, info)
    if entry.method not in _READ or (entry.method == _DEFLATE64 and entry.has_old_lock):
        raise refusals.refuse_unread(packed.name)
    if not entry.is_locked:
        return Chunks(lambda: entry.chunks(None))
    if packed.password is None:
        raise refusals.refuse_without_password(packed.name)
    return _unlocked(entry, packed.password)


def _unlocked(entry: "_ZipEntry", password: str) -> Chunks:
    """The entry under the first spelling of the password that opens its beginning."""
    refusal: FileRefused | None = None
    for spelling in spellings(password):
        content = Chunks(lambda spelling=spelling: entry.chunks(spelling))  # type: ignore[misc]
        try:
            with content.reopen() as stream:
                stream.read(_PROBE)
        except FileRefused as refused:
            refusal = refusal or refused
        else:
            return content
    assert refusal is not None, "a password has at least one spelling"  # noqa: S101
    raise refusal


class _ZipEntry:
    """One entry of one archive, to be read as often as is wished."""

    def __init__(self, packed: Packed, info: zipfile.ZipInfo) -> None:
        self._packed, self._info, self._name = packed, info, packed.name
        self.is_locked = bool(info.flag_bits & _LOCKED)
        self._lock = lock_of(info) if self.is_locked else None
        self.method = self._lock.method if self._lock else info.compress_type

    def chunks(self, password: bytes | None) -> Iterator[bytes]:
        """The bytes in clear, chunk by chunk; refuses at the end what did not fit."""
        meter, refusal = Meter(self._name), None
        meter.packed = self._info.compress_size
        with open_content(self._packed.content) as stream:
            go_to(stream, self._info.header_offset)
            self._refuse_local_header(stream)
            unpacked, source = self._opened(stream, password)
            try:
                while chunk := unpacked.read(CHUNK):
                    meter.add(0, len(chunk))
                    yield chunk
                left_over = source is not stream and bool(source.read(1))
            except _LIBRARY_ERRORS:
                refusal = self._refusal()
        if refusal is not None:
            raise refusal
        if left_over or meter.unpacked != self._info.file_size:
            raise refusals.refuse_contradiction(self._name)

    @property
    def has_old_lock(self) -> bool:
        """Whether it is locked as the first zip programs did, whose lock takes one wrong password in 256 for right."""
        return self.is_locked and self._lock is None

    def _refusal(self) -> FileRefused:
        """Of a member that cannot be read to its end."""
        if self.has_old_lock:
            return refusals.refuse_wrong_or_damaged(self._name)
        return refusals.refuse_damaged(self._name)

    def _refuse_local_header(self, stream: BinaryIO) -> None:
        """The entry's own header says what the table of contents says."""
        info, head = self._info, stream.read(LOCAL_HEADER.size)
        if len(head) < LOCAL_HEADER.size:
            raise refusals.refuse_damaged(self._name)
        mark, _, flags, method, _, _, crc, packed, size, length, extra = LOCAL_HEADER.unpack(head)
        own_name = stream.read(length)
        skip(stream, extra)
        same = mark == _LOCAL_MARK and method == info.compress_type and not (flags ^ info.flag_bits) & _LOCKED
        if not flags & _SIZES_BEHIND and 0xFFFFFFFF not in (packed, size):
            same = same and (crc, packed, size) == (info.CRC, info.compress_size, info.file_size)
        encoding = "utf-8" if flags & 0x800 else "cp437"
        if not same or own_name.decode(encoding, "replace") != info.orig_filename:
            raise refusals.refuse_contradiction(self._name)

    def _opened(self, stream: BinaryIO, password: bytes | None) -> tuple[BinaryIO, BinaryIO]:
        """A stream of the unpacked bytes, and the one it reads from, which has to be read to its end as well."""
        info, source, lock = copy.copy(self._info), stream, self._lock
        if lock is not None and password is not None:
            source = lock.open(stream, info.compress_size, password, self._name)
            info.compress_type, info.compress_size = self.method, info.compress_size - lock.overhead
            info.CRC = info.CRC if lock.has_sum else None  # type: ignore[assignment]
            password = None
        if self.method == _DEFLATE64:
            source = stream_of(_inflated(source, info.compress_size))
            info.compress_type, info.compress_size = zipfile.ZIP_STORED, info.file_size
        return self._by_library(source, info, password), source

    def _by_library(self, source: BinaryIO, info: zipfile.ZipInfo, password: bytes | None) -> BinaryIO:
        refusal = refusals.refuse_wrong_password(self._name)
        try:
            return cast(BinaryIO, zipfile.ZipExtFile(source, "r", info, password))
        except RuntimeError:  # the byte by which the old lock tells a wrong password
            pass
        except IndexError:  # it has not even its own header
            refusal = refusals.refuse_damaged(self._name)
        raise refusal


def _inflated(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Deflate64, in which Windows packs large files, unpacked."""
    inflater = inflate64.Inflater()
    while size and (chunk := stream.read(min(_STEP, size))):
        size -= len(chunk)
        if inflated := inflater.inflate(chunk):
            yield inflated
    stream.read(1)  # a lock around it is compared at its end
